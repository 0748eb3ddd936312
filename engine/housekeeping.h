#pragma once
// Housekeeping: what has been kept for as long as the settings say is forgotten, a little at a time
// and never in the way of a commit's thread. Called by the main thread's tick.
#include "core/clock.h"
#include "core/store.h"
#include "engine/settings.h"

namespace engine {

struct HousekeepingCounters {
  uint64_t messages = 0, cases = 0, links = 0, members = 0;  // forgotten since the start
};

class Housekeeping {
 public:
  static constexpr core::Millis kEvery{3'600'000};

  // `store` and `clock` outlive it.
  Housekeeping(RetentionSettings settings, core::Store& store, core::Clock& clock);

  // Looks once every kEvery of the clock. `now` is event time: what is kept is dated by it.
  core::Result<core::Unit> tick(core::Time now);
  const HousekeepingCounters& counters() const { return counters_; }

 private:
  const RetentionSettings settings_;
  core::Store& store_;
  core::Clock& clock_;
  core::Time next_{};
  HousekeepingCounters counters_;
};

}  // namespace engine
