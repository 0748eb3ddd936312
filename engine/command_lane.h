#pragma once
// CommandLane: what people did and what the courier learnt, as records (DESIGN 11.2, 11.6). Every
// act is stamped with the lane's mark, journalled, and only then told to the shards; a replay reads
// the journal and repeats it.
//
// The control thread pushes; conclude() may be called by the courier's thread. The mutex makes
// stamp + journal one step: two acts cannot be journalled in one order and stamped in the other,
// and no mark overtakes a stamped act.
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/link.h"
#include "engine/mark_board.h"

namespace engine {

struct CommandCounters {
  uint64_t commands = 0, outcomes = 0, refused_requests = 0;
};

// The bytes of a journalled act or hold, and of a request of another process.
std::string encode(const core::Act& act);
bool decode(std::string_view bytes, core::Act& act);
std::string encode_hold(bool held);

class CommandLane {
 public:
  CommandLane(core::Store& store, uint32_t stream, std::vector<Link*> outlets);

  // Repeats the journal after `sequence`; new acts are stamped no earlier than `from`.
  core::Result<core::Unit> start(uint64_t sequence, core::Time from);

  // --- the control thread ---
  core::Result<size_t> take_requests();  // of other processes; how many were taken
  core::Result<core::Unit> hold(bool held);
  void advance(core::Time to);  // the mark: nothing older comes from here
  void end(core::Time at);      // nothing will come
  bool flush();                 // pushes what fits; whether nothing is left

  // --- any thread ---
  core::Result<core::Unit> conclude(const std::string& notification, const core::OutboxState& state,
                                    const core::Act& act);
  core::Time mark() const;
  // What the last hold of those that start() repeats said: the shards do not know it yet.
  std::optional<bool> repeated_hold() const;
  CommandCounters counters() const;

 private:
  static core::Result<core::Record> record_of(const core::JournalEntry& entry);

  core::Store& store_;
  const uint32_t stream_;
  std::vector<Link*> outlets_;
  mutable std::mutex mutex_;  // guards all below
  core::Time mark_ = core::kTimeMin, announced_ = core::kTimeMin;
  std::deque<core::Record> queued_;  // journalled, not yet on its way to every shard
  std::vector<size_t> next_;         // of queued_, for each shard
  std::optional<bool> repeated_hold_;
  CommandCounters counters_;
};

}  // namespace engine
