#include "core/notification.h"

#include <array>

#include "core/hash.h"

namespace core {

namespace {

constexpr std::array<std::string_view, 7> kCauses = {"opened",  "escalated", "updated", "reminder",
                                                     "decided", "all_clear", "reopened"};
constexpr uint8_t kVersion = 1;

}  // namespace

std::string_view name_of(Cause cause) { return kCauses.at(static_cast<size_t>(cause)); }

std::string notification_id(const Notification& n) {
  ByteWriter key;
  key.str(n.incident.incident);
  key.u64(n.incident.revision);
  key.u64(static_cast<uint64_t>(n.cause));
  key.u64(n.rung);
  key.str(n.person);
  key.str(n.channel);
  return hex16(hash64(key.bytes()));
}

std::string encode(const Notification& n) {
  ByteWriter out;
  out.u64(kVersion);
  out.str(n.id);
  out.time(n.at);
  out.u64(static_cast<uint64_t>(n.cause));
  out.u64(n.rung);
  out.str(n.person);
  out.str(n.channel);
  out.time(n.ack_by);
  out.time(n.decide_by);
  write(out, n.because);
  write(out, n.incident);
  out.u64(n.evidence.size());
  for (const Evidence& e : n.evidence) {
    out.time(e.at);
    out.str(e.channel_name);
    out.str(e.excerpt);
  }
  out.str(n.person_name);
  out.str(n.subject_name);
  out.str(n.issue_name);
  out.i64(n.authority_cny);
  return out.take();
}

bool decode(std::string_view bytes, Notification& n) {
  ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  n.id = in.str();
  n.at = in.time();
  n.cause = static_cast<Cause>(in.u64());
  n.rung = static_cast<uint32_t>(in.u64());
  n.person = in.str();
  n.channel = in.str();
  n.ack_by = in.time();
  n.decide_by = in.time();
  n.because = read_because(in);
  n.incident = read_incident_change(in);
  n.evidence.resize(in.count());
  for (Evidence& e : n.evidence) {
    e.at = in.time();
    e.channel_name = in.str();
    e.excerpt = in.str();
  }
  n.person_name = in.str();
  n.subject_name = in.str();
  n.issue_name = in.str();
  n.authority_cny = in.i64();
  return in.ok() && in.at_end() && static_cast<size_t>(n.cause) < kCauses.size();
}

}  // namespace core
