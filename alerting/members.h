#pragma once
// Members: the people of the groups. The system knows them by a keyed hash; who they are is sealed
// beside it (rules/keyed_hash.h), for those who may reveal it because somebody has to be called,
// and gone when they ask for it.
#include <cstdint>
#include <string>
#include <string_view>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/stored.h"

namespace alerting {

// Key: member_key(). Who wrote what is kept as an excerpt of an incident of the family.
inline constexpr std::string_view kMemberShelf = "members";

struct Member {
  std::string sealed, channel_name;
  core::Time at{};  // of the message
  core::Role role = core::Role::None;
};
std::string encode(const Member& member);
bool decode(std::string_view bytes, Member& member);
// "<family>\n<handle>": all of a family stand together. A handle is core::hex16(Signal::author).
std::string member_key(std::string_view family, std::string_view handle);
core::Slot slot_of(std::string_view family, const Entry& entry);

// A person who may asks who the member with the handle `act.value` is: it is written into the
// decision log, for whoever waits for that to show the name. Else a refusal.
void reveal(Incident& incident, const Step& step, const core::Act& act);

// Whether the person may reveal members, and erase them.
bool may_reveal(const core::Policy& policy, const std::string& person);

// What the incident's excerpts hold of the author goes, on request; the decision log says so.
// REQUIRES: may_reveal().
void erase(Incident& incident, const Step& step, const core::Act& act, uint64_t author);

// The handle as a number; 0: it is none.
uint64_t author_of(std::string_view handle);

}  // namespace alerting
