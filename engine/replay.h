#pragma once
// Replay: history through the whole system at full speed, into a decision ledger (issue part 10).
// It never tells anybody, ignores the settings' sources and store, and gives the same ledger on
// every run and layout.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "engine/lane.h"
#include "engine/stream.h"

namespace engine {

struct ReplayOptions {
  std::vector<std::string> files;  // JSONL, .zst, "-", or one kafka://HOST:PORT/TOPIC
  std::string rules, config, catalogue, key_file;  // "": the shipped ones
  std::string ledger;  // where to write; "" = nowhere, "-" = standard output
  std::string decoder = "qingyu";
  StreamLimits limits;
  size_t lanes = 1;
  uint32_t shards = 1;
  std::string store = "memory";
  std::string redis = "127.0.0.1:6379";
  std::string resume;        // SQLite store to keep and continue
  std::string books;         // store whose Books are taken
  std::string journal;       // store whose commands, outcomes and announcements are repeated
  std::string dead_letters;  // file; "" = beside `resume`, else only counted
  std::optional<core::Time> until;
  std::optional<core::Millis> answer_after;
  size_t commit_every = 4'096;
  bool json = false;
};

// 0; 2 when the settings, rules or files named are wrong, or the ledger cannot be written (one
// clear line each).
int replay(const ReplayOptions& options);

// Replays and writes what was usual for each family to the file `out`, for `baselines:` in the
// settings.
int learn(const ReplayOptions& options, const std::string& out);

}  // namespace engine
