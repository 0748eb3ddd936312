#pragma once
// The smaller commands: `qingyu check|status|backup|restore`.
#include <string>
#include <vector>

#include "engine/desk_commands.h"

namespace engine {

struct CheckOptions {
  std::vector<std::string> paths;  // packs: files or folders; empty = those of the settings
  std::string config;              // "" = see find_settings(), else the shipped one
  std::string catalogue;
  bool strict = false;  // warnings count as errors
};
// 0 clean, 1 mistakes, 2 wrong use.
int check(const CheckOptions& options);

int status(const StoreChoice& choice, bool json);
int backup(const StoreChoice& choice, const std::string& to);
int restore(const StoreChoice& choice, const std::string& from);

}  // namespace engine
