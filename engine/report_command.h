#pragma once
// `qingyu report`: an agent who senses trouble reports it (P1). The report is a line of the source
// that the settings mark with `reports: true`, so it takes the same way as every other message.
#include <cstdint>
#include <string>

namespace engine {

struct ReportOptions {
  std::string config;
  int sensitivity = 0;  // 1 low .. 5 extreme
  std::string text, by, channel, order, customer;
};

// Exit codes: 0 written, 1 it could not be, 2 wrong use.
int report(const ReportOptions& options);

}  // namespace engine
