#pragma once
// RuleTally: counts what every rule hits, in shadow or not, a row a rule and day (tally_row.h). It
// decides nothing and nobody who decides sees it. Owned by one shard and saved with its checkpoint,
// so every message counts exactly once.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/signal.h"
#include "core/store.h"
#include "engine/tally_row.h"

namespace engine {

class RuleTally {
 public:
  static constexpr size_t kRulesMax = 4'096;   // in memory: the newest row of each
  static constexpr size_t kRecentMax = 1'024;  // event ids of messages that only shadows hit

  explicit RuleTally(uint32_t shard) : shard_(shard) {}

  // The rows that may still grow after a checkpoint of `drained`.
  core::Result<core::Unit> load(core::Store& store, core::Time drained);

  // REQUIRES: times never go back; `signal` is no repetition as far as its family knows.
  void take(const core::Signal& signal, int zone_offset_minutes);

  // What changed since the last call, to be kept.
  std::vector<core::Slot> changed();
  bool any_changed() const { return !changed_.empty() || !finished_.empty() || recent_changed_; }
  uint64_t dropped() const { return dropped_; }  // hits of rules for which there was no room

 private:
  static constexpr int64_t kNoDay = 9'999'999;  // behind every day: the row of `recent_`

  struct Day {
    int64_t day = 0;
    core::Time at{};  // of its last hit
    TallyRow row;
  };

  bool repeated(const core::Signal& signal);
  TallyRow* row_of(const std::string& rule, const core::Signal& signal, int64_t day);
  void take(const core::RuleHit& hit, const core::Signal& signal, int64_t day, bool shadow);
  std::string recent_key() const { return tally_key(shard_, kNoDay, ""); }
  core::Slot slot_of(const std::string& rule, const Day& day) const;
  void forget_old(int64_t day);

  const uint32_t shard_;
  std::map<std::string, Day, std::less<>> days_;  // by rule
  std::set<std::string> changed_;                 // rules
  std::vector<core::Slot> finished_;              // days that are over, not saved yet
  std::vector<uint64_t> recent_;                  // a ring
  uint64_t recent_next_ = 0;
  bool recent_changed_ = false;
  uint64_t dropped_ = 0;
};

}  // namespace engine
