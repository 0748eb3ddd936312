#include "core/notification.h"

#include <array>

#include "core/hash.h"

namespace core {

namespace {

constexpr std::array<std::string_view, 15> kCauses = {
    "opened",      "escalated", "updated",   "reminder", "decided",
    "all_clear",   "reopened",  "consulted", "approval", "action",
    "action_late", "briefing",  "review",    "test",     "alarm"};
constexpr uint8_t kVersion = 2;

void write_rest(ByteWriter& out, const Notification& n) {
  out.u64(n.options.size());
  for (const OptionOffer& o : n.options) {
    out.str(o.id);
    out.str(o.name);
    for (const int64_t cny : {o.cost_cny.low, o.cost_cny.middle, o.cost_cny.high}) out.i64(cny);
    out.u64(o.within_authority ? 1 : 0);
    out.u64(o.actions.size());
    for (const std::string& action : o.actions) out.str(action);
  }
  out.i64(n.wait_cost_cny);
  out.time(n.golden_until);
  out.u64(n.contacts.size());
  for (const PersonContact& c : n.contacts) {
    out.str(c.kind);
    out.str(c.id);
  }
  for (const std::string* s :
       {&n.option, &n.option_name, &n.action, &n.action_name, &n.action_undo})
    out.str(*s);
  write(out, Because{"", n.facts});
}

void read_rest(ByteReader& in, Notification& n) {
  n.options.resize(in.count());
  for (OptionOffer& o : n.options) {
    o.id = in.str();
    o.name = in.str();
    for (int64_t* cny : {&o.cost_cny.low, &o.cost_cny.middle, &o.cost_cny.high}) *cny = in.i64();
    o.within_authority = in.u64() != 0;
    o.actions.resize(in.count());
    for (std::string& action : o.actions) action = in.str();
  }
  n.wait_cost_cny = in.i64();
  n.golden_until = in.time();
  n.contacts.resize(in.count());
  for (PersonContact& c : n.contacts) {
    c.kind = in.str();
    c.id = in.str();
  }
  for (std::string* s : {&n.option, &n.option_name, &n.action, &n.action_name, &n.action_undo})
    *s = in.str();
  n.facts = read_because(in).figures;
}

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
  if (!n.action.empty()) key.str(n.action);
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
  write_rest(out, n);
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
  read_rest(in, n);
  return in.ok() && in.at_end() && static_cast<size_t>(n.cause) < kCauses.size();
}

}  // namespace core
