#pragma once
// `qingyu explain`: why a message is taken or not, through the rules and, for an event of a running
// system, through the whole chain to what vendors answered.
#include <string>
#include <vector>

#include "engine/command_line.h"
#include "engine/desk_commands.h"

namespace engine {

struct ExplainOptions {
  // The text; with `event`: the files to look for it in, none: those of the settings' sources.
  std::vector<std::string> words;
  std::string event, decoder = "qingyu";
  std::string rule;  // explain this one only
  std::string kind = "chat", platform, channel, at, role;
  bool image = false, forward = false;
  std::string rules, catalogue;
  StoreChoice store;  // of the chain and the Books in force; `config` also of the rules
  std::string form = "text", colour = "auto";
};

// 0 explained, 1 no such event, 2 wrong use.
int explain(const ExplainOptions& options);

template <typename App>
void add_explain(App& app, Todo& todo);

}  // namespace engine
