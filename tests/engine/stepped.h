#pragma once
// Stepped: a whole pipeline in one thread, its parts stepped in a random order from a seed, with
// crashes at random moments. What it leaves in its store is to be the same always.
#include <memory>
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/archivist.h"
#include "engine/pipeline.h"
#include "tests/engine/composed.h"

namespace tests {

// Three Books of the composed world that decide differently; the first is composed_shelf()'s.
const std::vector<std::shared_ptr<const rules::Book>>& composed_books();
// What `store` kept, of those Books: for a replay.
engine::BookShelf kept_shelf(core::Store& store);

// The rules, ladders and people that are shipped, with the composed world's catalogue.
const engine::BookShelf& composed_shelf();

struct SteppedSpec {
  size_t lanes = 1;
  uint32_t shards = 1;
  uint32_t partitions = 1;  // of the source: dealt by channel, as Kafka does
  uint64_t seed = 0;        // of the order of steps
  size_t crash_every = 0;   // about; 0 = never
  // About: a partition announces by itself, as a live one does when idle.
  size_t announce_every = 0;
  bool keep_announcements = true;
  engine::StreamLimits limits = {};
  size_t commit_every = 200;
  // In force at their times; none: composed_shelf().
  engine::BookShelf shelf = {};
  // Instead of a shelf: the Books that a run begins with and, about so often, puts in force, as
  // `run` does when its files change: while the store writes, all others go on.
  std::vector<std::shared_ptr<const rules::Book>> books = {};
  size_t swap_every = 0;
  // "archive": the lines come out of one. And who writes one; stepped like the other parts, and
  // outliving crashes.
  std::string decoder = "qingyu";
  engine::Archivist* archivist = nullptr;
  bool other_lanes = false;  // after a crash there are 1 to 4 lanes
};

struct SteppedResult {
  std::string ledger;
  size_t crashes = 0, swaps = 0;
  uint64_t held = 0;  // batches that waited for a Book, since the last crash
  uint64_t late = 0, dead_letters = 0;
};

// Runs to the end on `store`.
SteppedResult run_stepped(const std::vector<ComposedLine>& lines, const SteppedSpec& spec,
                          core::Store& store);
SteppedResult run_stepped(const std::vector<ComposedLine>& lines, const SteppedSpec& spec);

}  // namespace tests
