#include "alerting/resolution.h"

#include "alerting/saved.h"

namespace alerting {

namespace {

void write(core::ByteWriter& out, const std::optional<Choice>& c) {
  out.u64(c ? 1 : 0);
  if (!c) return;
  for (const std::string* s : {&c->option, &c->by, &c->door, &c->because}) out.str(*s);
  out.time(c->at);
  for (const int64_t cny : {c->cost_cny.low, c->cost_cny.middle, c->cost_cny.high}) out.i64(cny);
}

bool read_cost(core::ByteReader& in, int64_t& cny) {  // -1: not known
  cny = in.i64();
  return in.ok() && cny >= -1 && cny < (int64_t{1} << 60);
}

bool read(core::ByteReader& in, std::optional<Choice>& choice) {
  choice.reset();
  uint64_t there = 0;
  if (!read_within(in, there, 0, 1)) return false;
  if (there == 0) return in.ok();
  Choice c;
  for (std::string* s : {&c.option, &c.by, &c.door, &c.because}) *s = in.str();
  if (!read_time(in, c.at)) return false;
  for (int64_t* cny : {&c.cost_cny.low, &c.cost_cny.middle, &c.cost_cny.high})
    if (!read_cost(in, *cny)) return false;
  choice = std::move(c);
  return true;
}

}  // namespace

void write(core::ByteWriter& out, const Resolution& r) {
  write(out, r.proposed);
  write(out, r.decided);
  out.u64(r.actions.size());
  for (const ActionState& a : r.actions) {
    out.str(a.action);
    out.u64(a.delivery);
    out.u64(static_cast<uint64_t>(a.stage));
    write_maybe(out, a.due);
    out.time(a.at);
    out.str(a.by);
    out.str(a.because);
  }
}

bool read(core::ByteReader& in, Resolution& r) {
  size_t n = 0;
  if (!read(in, r.proposed) || !read(in, r.decided)) return false;
  if (!read_count(in, n, Resolution::kActionsMax)) return false;
  r.actions.resize(n);
  for (ActionState& a : r.actions) {
    a.action = in.str();
    a.delivery = in.u64();
    if (!read_within(in, a.stage, 0, 3) || !read_maybe(in, a.due) || !read_time(in, a.at))
      return false;
    a.by = in.str();
    a.because = in.str();
  }
  return in.ok();
}

}  // namespace alerting
