#pragma once
// `qingyu match`: grep with rules. Messages of files and pipes that any rule takes, each with the
// rules, their words and where they stand.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/command_line.h"
#include "engine/sifter.h"

namespace engine {

struct MatchOptions {
  std::vector<std::string> files;        // JSONL or plain text, .zst of them, "-"; none: "-"
  std::string rules, config, catalogue;  // "": those of the settings; "": the shipped ones
  std::string decoder;                   // "": qingyu, or plain text where a file begins so
  std::string kind = "chat", at;         // of plain text
  std::string form = "text", colour = "auto";
  bool plain = false, count = false, all_modes = false;
  size_t threads = 0;  // 0: one a core
};

// Like grep: 0 a rule takes something, 1 none does, 2 wrong use, or a file that cannot be read.
int match(const MatchOptions& options);

template <typename App>
void add_match(App& app, Todo& todo);

}  // namespace engine
