#pragma once
// `qingyu draft`: a rule from example messages, checked and measured by the real engine before it
// is shown.
#include <string>

#include "engine/command_line.h"

namespace engine {

struct DraftOptions {
  std::string hits, misses, ordinary;  // files of messages; the last two may be ""
  std::string config, catalogue, decoder = "qingyu";
  std::string id = "draft", name, issue, level = "blue", out;
  bool json = false;
};

// 0 a rule was proposed, 1 none could be, 2 wrong use.
int draft(const DraftOptions& options);

template <typename App>
void add_draft(App& app, Todo& todo);

}  // namespace engine
