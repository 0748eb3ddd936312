#pragma once
// Daemon: `qingyu run`, the whole system in one process: sources, lanes, shards, store, courier,
// and the terminal.
#include <memory>
#include <string>

#include "core/result.h"

namespace engine {

struct RunOptions {
  std::string config;      // "": see find_settings()
  double speed = 1;        // of the clock: courier, quotas, pace and announcements
  bool until_end = false;  // stop when every source has ended and everybody was told
  // Begin with an empty store: the quick start's story is played anew each time.
  bool fresh = false;
};

// 0 after a clean stop (SIGTERM, SIGINT, or the end); 2 when settings or rules are wrong, or the
// store is not ours: one clear line.
int run(const RunOptions& options);

}  // namespace engine
