#pragma once
// The smaller commands: `qingyu status|backup|restore`.
#include <string>

#include "engine/desk_commands.h"

namespace engine {

int status(const StoreChoice& choice, bool json);
int backup(const StoreChoice& choice, const std::string& to);
int restore(const StoreChoice& choice, const std::string& from);

}  // namespace engine
