#pragma once
// `qingyu backtest`: what other rules would have made of the history: incidents, messages to
// people, lead time. Both rule sets judge the same files at the same time.
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "engine/command_line.h"

namespace engine {

struct BacktestOptions {
  std::vector<std::string> files;  // read twice: no standard input
  std::string rules, against;      // new and old packs; `against` "": those of the settings
  std::string config, catalogue, decoder = "qingyu";
  std::string format = "text";  // text html json
  std::string out;              // file; "" = standard output
  size_t threads = 0;           // 0: as many as there are cores
  std::optional<core::Time> until;
  std::optional<core::Millis> answer_after;
};
// 0 done, whatever the difference; 2 wrong use, rules that do not load, files that cannot be read.
int backtest(const BacktestOptions& options);

template <typename App>
void add_backtest(App& app, Todo& todo);

}  // namespace engine
