#pragma once
// `qingyu check`: what is wrong with rule files, for people and for machines, and its mending.
#include <string>
#include <vector>

#include "engine/command_line.h"
#include "rules/book.h"

namespace engine {

struct CheckOptions {
  std::vector<std::string> paths;  // packs: files or folders; empty = those of the settings
  std::string config;              // "" = see find_settings(), else the shipped one
  std::string catalogue;
  bool strict = false;          // warnings count as errors
  std::string format = "text";  // text json github
  std::string sample;           // a file of messages: which words and rules are too broad
  std::string decoder = "qingyu";
  double share_max_percent = 5;
  bool fix = false, yes = false;
};

// 0 clean, 1 mistakes, 2 wrong use.
int check(const CheckOptions& options);

// One finding in each format, without the line break. JSON for any bytes; GitHub's workflow command
// with its escapes.
std::string to_json_line(const rules::Finding& finding);
std::string to_github_line(const rules::Finding& finding);

// `App` is CLI::App: see command_line.h. Adds `check` and `schema`.
template <typename App>
void add_check(App& app, Todo& todo);

}  // namespace engine
