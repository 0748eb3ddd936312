#pragma once
// `qingyu members|reveal|erase`: the people of the groups, who are known by a keyed hash (their
// handle) until somebody who may, and says why, has to call them; and who may ask to be erased.
#include <string>

#include "engine/desk_commands.h"

namespace engine {

struct MemberOptions {
  std::string config;  // settings; "" = see find_settings(). They name the store and the key
  std::string incident, handle, id, by, because;
};

// Exit codes as desk_commands.h.
// Who wrote the excerpts of an incident: handle, group, role, time.
int list_members(const MemberOptions& options);
// Asks the running system to write it into the decision log, then shows the id.
int reveal_member(const MemberOptions& options);
// The id that a platform calls the person by: who they are is forgotten at once, their words as
// soon as the system takes the request.
int erase_member(const MemberOptions& options);

}  // namespace engine
