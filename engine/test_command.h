#pragma once
// `qingyu test`: the examples of the rules and the stories beside them, as tests that a person or
// a machine can run after every change of a rule.
#include <string>
#include <vector>

#include "engine/command_line.h"

namespace engine {

struct TestOptions {
  std::vector<std::string> paths;  // packs, stories, or folders of either; empty: the settings'
  std::string config, rules, catalogue;  // "": as for check
  std::string junit;                     // file to write
  std::string only;                      // part of a name or of a file
};
// 0 all passed, 1 something failed or does not load, 2 wrong use.
int test(const TestOptions& options);

template <typename App>
void add_test(App& app, Todo& todo);

}  // namespace engine
