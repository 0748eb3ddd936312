#include "ingest/decoders/qingyu_fields.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "core/level.h"
#include "ingest/fields.h"

namespace ingest {

namespace {

Fault first_missing(uint64_t seen, std::initializer_list<Name> needed) {
  for (const Name name : needed)
    if ((seen & bit_of(name)) == 0) return {Fault::Missing, kNames[static_cast<size_t>(name)]};
  return kNone;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

Fault check_command(uint64_t seen, const core::Act& act) {
  const auto needed = {Name::What, Name::Incident, Name::By};
  if (const Fault fault = first_missing(seen, needed); fault.stops()) return fault;
  const bool known =
      is_one_of(act.what, {"ack", "decide", "approve", "reject", "close", "escalate", "deescalate",
                           "advise", "result", "handover", "silence", "unsilence"});
  return known ? kNone : Fault{Fault::Wrong, "what"};
}

Fault check_outcome(uint64_t seen, const core::Act& act) {
  const auto needed = {Name::What, Name::Notification};
  if (const Fault fault = first_missing(seen, needed); fault.stops()) return fault;
  const bool known =
      is_one_of(act.what, {"delivered", "accepted", "refused", "unknown", "suppressed"});
  return known ? kNone : Fault{Fault::Wrong, "what"};
}

}  // namespace

Fault read_kind(std::string_view token, core::Kind& kind) {
  std::string name;
  const Fault fault = read_string(token, "kind", name);  // short: nothing is allocated
  if (fault.what != Fault::None) return fault;
  const auto known = core::kind_from(name);
  if (!known) return {Fault::Wrong, "kind"};
  kind = *known;
  return kNone;
}

Fault read_role(std::string_view token, core::Role& role) {
  std::string name;
  const Fault fault = read_string(token, "author.role", name);
  if (fault.what != Fault::None) return fault;
  const Letters letters = name.size() <= kNameBytesMax ? letters_of(name) : Letters{};
  role = name.empty() || letters == "user"_key || letters == "member"_key ? core::Role::None
         : letters == "owner"_key                                         ? core::Role::Owner
         : letters == "admin"_key                                         ? core::Role::Admin
         : letters == "staff"_key                                         ? core::Role::Staff
                                                                          : core::Role::Other;
  return kNone;
}

Fault read_service(std::string_view token, core::Event& event) {
  bool service = false;
  const Fault fault = read_bool(token, "channel.service", service);
  if (service) event.tags.emplace_back(core::kServiceTag);
  return fault;
}

Fault read_level(std::string_view token, uint8_t& level) {
  std::string name;
  const Fault fault = read_string(token, "level", name);
  if (fault.what != Fault::None) return fault;
  const auto known = core::level_from(name);
  if (!known) return {Fault::Wrong, "level"};
  level = static_cast<uint8_t>(*known);
  return kNone;
}

Fault read_sensitivity(std::string_view token, uint8_t& step) {
  int64_t number = 0;
  const Fault fault = read_number(token, "sensitivity", number);
  if (fault.what != Fault::None) return fault;
  if (number < 1 || number > 5) return {Fault::Wrong, "sensitivity"};
  step = static_cast<uint8_t>(number);
  return kNone;
}

uint8_t level_of_sensitivity(uint8_t step) {
  return static_cast<uint8_t>(std::max<int>(1, step - 1));
}

Fault check_required(uint64_t seen, const core::Event& event, const core::Act& act) {
  const auto always = {Name::Id, Name::Ts, Name::Kind};
  if (const Fault fault = first_missing(seen, always); fault.stops()) return fault;
  if (event.kind == core::Kind::Command) return check_command(seen, act);
  if (event.kind == core::Kind::Outcome) return check_outcome(seen, act);
  if (event.channel_id.empty()) return {Fault::Missing, "channel"};
  return event.recall_of.empty() ? first_missing(seen, {Name::Text}) : kNone;
}

Fault check_ids(const core::Event& event) {
  if (event.id.empty()) return {Fault::Missing, "id"};
  const std::array<std::pair<const std::string*, const char*>, 9> ids = {
      {{&event.id, "id"},
       {&event.channel_id, "channel.id"},
       {&event.author_id, "author.id"},
       {&event.forward_of, "forward_of"},
       {&event.reply_to, "reply_to"},
       {&event.root, "root"},
       {&event.recall_of, "recall_of"},
       {&event.customer, "customer"},
       {&event.order, "order"}}};
  for (const auto& [id, name] : ids)
    if (id->size() > kIdMax) return {Fault::Wrong, name};
  return kNone;
}

}  // namespace ingest
