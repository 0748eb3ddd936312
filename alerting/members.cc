#include "alerting/members.h"

#include <algorithm>
#include <charconv>

#include "alerting/acts.h"
#include "alerting/decision_log.h"
#include "alerting/reasons.h"
#include "alerting/saved.h"
#include "alerting/waiting_reasons.h"
#include "core/bytes.h"
#include "core/hash.h"

namespace alerting {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kHandleDigits = 16;

}  // namespace

bool may_reveal(const core::Policy& policy, const std::string& person) {
  const auto known = policy.people.find(person);
  return known != policy.people.end() &&
         std::ranges::find(known->second.may, "reveal") != known->second.may.end();
}

std::string encode(const Member& m) {
  core::ByteWriter out;
  out.u64(kVersion);
  out.str(m.sealed);
  out.str(m.channel_name);
  out.time(m.at);
  out.u64(static_cast<uint64_t>(m.role));
  return out.take();
}

bool decode(std::string_view bytes, Member& m) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  m.sealed = in.str();
  m.channel_name = in.str();
  m.at = in.time();
  return read_within(in, m.role, 0, static_cast<uint64_t>(core::Role::Other)) && in.at_end();
}

std::string member_key(std::string_view family, std::string_view handle) {
  return std::string(family).append("\n").append(handle);
}

core::Slot slot_of(std::string_view family, const Entry& e) {
  return {std::string(kMemberShelf), member_key(family, core::hex16(e.author)),
          encode(Member{e.author_sealed, e.channel_name, e.at, e.role}), e.at};
}

uint64_t author_of(std::string_view handle) {
  uint64_t author = 0;
  const char* const end = handle.data() + handle.size();
  const auto [last, error] = std::from_chars(handle.data(), end, author, 16);
  return handle.size() == kHandleDigits && error == std::errc{} && last == end ? author : 0;
}

void reveal(Incident& i, const Step& s, const core::Act& act) {
  if (!may_reveal(s.policy, act.by)) return refuse(i, s, act, reasons::may_not_reveal(act.by));
  if (author_of(act.value) == 0) return refuse(i, s, act, reasons::no_such_member(act.by));
  if (act.because.empty()) return refuse(i, s, act, reasons::reveal_needs_reason(act.by));
  log_decision(i, s, {"revealed", act.by, act.door, act.value, words(act.because)});
}

void erase(Incident& i, const Step& s, const core::Act& act, uint64_t author) {
  const auto count = static_cast<int64_t>(i.tally.forget_author(author));
  if (count == 0) return;
  log_decision(i, s,
               {"erased", act.by, act.door, "", words(act.because), {{"excerpts", count, ""}}});
}

}  // namespace alerting
