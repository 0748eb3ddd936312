#pragma once
// Single fields of the event line whose tokens are more than a string or a number, and what an
// event of its kind cannot be without.
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "core/event.h"
#include "ingest/decoders/qingyu_names.h"
#include "ingest/json_token.h"

namespace ingest {

constexpr uint64_t bit_of(Name name) { return uint64_t{1} << static_cast<unsigned>(name); }

// The fields of commands and outcomes.
inline constexpr uint64_t kActNames =
    bit_of(Name::What) | bit_of(Name::Incident) | bit_of(Name::Notification) | bit_of(Name::By) |
    bit_of(Name::Option) | bit_of(Name::Because) | bit_of(Name::Door) | bit_of(Name::Value) |
    bit_of(Name::Revision);

// Where a field that is just a string goes; nullptr for the others.
inline std::string* plain_string(Name name, core::Event& event, core::Act& act) {
  constexpr std::string core::Event::*kOfEvent[] = {
      &core::Event::id,       &core::Event::text,     &core::Event::platform,
      &core::Event::root,     &core::Event::reply_to, &core::Event::forward_of,
      &core::Event::customer, &core::Event::order,    &core::Event::recall_of};
  constexpr std::string core::Act::*kOfAct[] = {
      &core::Act::what,   &core::Act::incident, &core::Act::notification, &core::Act::by,
      &core::Act::option, &core::Act::because,  &core::Act::door,         &core::Act::value};
  const auto i = static_cast<size_t>(name);
  constexpr auto kFirstOfEvent = static_cast<size_t>(Name::Id);
  constexpr auto kFirstOfAct = static_cast<size_t>(Name::What);
  if (i - kFirstOfEvent < std::size(kOfEvent)) return &(event.*kOfEvent[i - kFirstOfEvent]);
  if (i - kFirstOfAct < std::size(kOfAct)) return &(act.*kOfAct[i - kFirstOfAct]);
  return nullptr;
}

Fault read_kind(std::string_view token, core::Kind& kind);
Fault read_role(std::string_view token, core::Role& role);
// A channel that serves customers adds the tag kServiceTag.
Fault read_service(std::string_view token, core::Event& event);
// blue yellow orange red -> 1..4.
Fault read_level(std::string_view token, uint8_t& level);
// 1..5.
Fault read_sensitivity(std::string_view token, uint8_t& step);
// Five steps of sensitivity on four levels: 1 and 2 are both blue.
uint8_t level_of_sensitivity(uint8_t step);

// The first field that is missing; for commands and outcomes also whether `act` can be one.
// `seen`: a bit_of() each field that was read.
Fault check_required(uint64_t seen, const core::Event& event, const core::Act& act);
// An id is not empty where it is needed and never longer than kIdMax.
Fault check_ids(const core::Event& event);

}  // namespace ingest
