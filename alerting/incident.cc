#include "alerting/incident.h"

#include "alerting/saved.h"

namespace alerting {

namespace {

void write(core::ByteWriter& out, const Delivery& d) {
  out.u64(d.id);
  out.u64(d.revision);
  out.u64(d.rung);
  out.u64(static_cast<uint64_t>(d.cause));
  out.str(d.person);
  out.str(d.channel);
  out.u64(static_cast<uint64_t>(d.state));
  write_maybe(out, d.due);
}

bool read(core::ByteReader& in, Delivery& d) {
  d.id = in.u64();
  if (!read_within(in, d.revision, 0, UINT32_MAX) || !read_within(in, d.rung, 1, UINT32_MAX) ||
      !read_within(in, d.cause, 0, static_cast<uint64_t>(core::Cause::Test)))
    return false;
  d.person = in.str();
  d.channel = in.str();
  return read_within(in, d.state, 0, 3) && read_maybe(in, d.due);
}

bool read_people(core::ByteReader& in, Incident& i, uint64_t version) {
  size_t n = 0;
  if (!read_count(in, n, Incident::kToldMax)) return false;
  i.told.resize(n);
  for (Told& told : i.told) {
    if (!read_within(in, told.rung, 1, UINT32_MAX)) return false;
    told.person = in.str();
  }
  if (!read_count(in, n, Incident::kDeliveriesMax)) return false;
  i.deliveries.resize(n);
  for (Delivery& delivery : i.deliveries)
    if (!read(in, delivery)) return false;
  if (version < 2) {
    i.chronicle.opened_at = i.chronicle.since = i.rung_at;
    return in.ok();
  }
  if (!read_count(in, n, Incident::kToldMax)) return false;
  i.asleep.resize(n);
  for (Told& told : i.asleep) {
    if (!read_within(in, told.rung, 0, UINT32_MAX)) return false;
    told.person = in.str();
  }
  if (!read_within(in, i.calmed_level, 1, 4) ||
      !read_within(in, i.calmed_rung, 0, UINT32_MAX / 2) || !read_amount(in, i.threats_before))
    return false;
  i.silenced_by = in.str();
  return read(in, i.consultation) && read(in, i.resolution) && read(in, i.chronicle);
}

}  // namespace

void write(core::ByteWriter& out, const Incident& i) {
  out.u64(i.ordinal);
  for (const std::string* s :
       {&i.id, &i.previous, &i.category, &i.state_by, &i.issue, &i.subject, &i.ladder})
    out.str(*s);
  out.u64(i.revision);
  out.u64(static_cast<uint64_t>(i.state));
  out.u64(static_cast<uint64_t>(i.level));
  out.u64(i.rung);
  core::write(out, i.because);
  out.i64(i.groups_before);
  out.time(i.rung_at);
  out.time(i.closed_at);
  const Deadlines& d = i.deadlines;
  for (const auto* due :
       {&d.ack, &d.decide, &d.remind, &d.quiet, &d.forget, &d.wake, &d.briefing, &d.silence})
    write_maybe(out, *due);
  out.u64(i.told.size());
  for (const Told& told : i.told) {
    out.u64(told.rung);
    out.str(told.person);
  }
  out.u64(i.deliveries.size());
  for (const Delivery& delivery : i.deliveries) write(out, delivery);
  out.u64(i.asleep.size());
  for (const Told& told : i.asleep) {
    out.u64(told.rung);
    out.str(told.person);
  }
  out.u64(static_cast<uint64_t>(i.calmed_level));
  out.u64(i.calmed_rung);
  out.i64(i.threats_before);
  out.str(i.silenced_by);
  write(out, i.consultation);
  write(out, i.resolution);
  write(out, i.chronicle);
  i.tally.save(out);
  out.u64(i.dropped);
}

bool read(core::ByteReader& in, Incident& i, uint64_t version) {
  if (!read_within(in, i.ordinal, 1, UINT32_MAX - 1)) return false;
  for (std::string* s :
       {&i.id, &i.previous, &i.category, &i.state_by, &i.issue, &i.subject, &i.ladder})
    *s = in.str();
  if (!read_within(in, i.revision, 1, UINT32_MAX / 2) || !read_within(in, i.state, 0, 3) ||
      !read_within(in, i.level, 1, 4) || !read_within(in, i.rung, 0, UINT32_MAX / 2))
    return false;
  i.because = core::read_because(in);
  if (!read_amount(in, i.groups_before) || !read_time(in, i.rung_at) || !read_time(in, i.closed_at))
    return false;
  Deadlines& d = i.deadlines;
  for (auto* due : {&d.ack, &d.decide, &d.remind, &d.quiet, &d.forget})
    if (!read_maybe(in, *due)) return false;
  for (auto* due : {&d.wake, &d.briefing, &d.silence})
    if (version >= 2 && !read_maybe(in, *due)) return false;
  if (!read_people(in, i, version) || !i.tally.load(in, version)) return false;
  i.dropped = in.u64();
  return in.ok();
}

}  // namespace alerting
