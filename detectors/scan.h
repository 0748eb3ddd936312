#pragma once
// The scan trigger's arithmetic (ALGORITHMS 1.1, trigger A): how unlikely is it that a family is
// named this often within 15 minutes, 1 hour, 4 hours, given its Baseline.
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/policy.h"
#include "core/time.h"
#include "detectors/baseline.h"
#include "detectors/queue.h"

namespace detectors {

// Times of the counted mentions of the last 4 hours.
class ScanWindows {
 public:
  static constexpr core::Millis kLongest{4 * 3600'000};
  static constexpr size_t kTimesMax = 16'384;  // the oldest are dropped, and counted

  void add(core::Time at);                // REQUIRES: not older than any added before
  void expire(core::Time now);            // forgets what is older than kLongest
  int64_t since(core::Time after) const;  // how many are later than that
  size_t size() const { return times_.size(); }
  uint64_t evicted() const { return evicted_; }

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);

 private:
  Queue<core::Time> times_;
  uint64_t evicted_ = 0;
};

// A window as people are told of it.
struct WindowCount {
  core::Millis length{};
  int64_t counted = 0;  // mentions, once a group and hour
  double usual = 0;     // the mean that the baseline expects
};
// The three windows that end `now`, the shortest first.
std::vector<WindowCount> window_counts(const ScanWindows& windows, const Baseline& baseline,
                                       const core::Limits& limits, core::Time now);

// The smallest of the three windows' upper tails P(N >= count): negative binomial with mean
// m = a/b * seasonal hours and variance m * (1 + (s2 + 1/a) * m). 1 where no count is even 1.5
// standard deviations above its mean; once below 4e-18 the longer windows are not asked.
double scan_p(const ScanWindows& windows, const Baseline& baseline, const core::Limits& limits,
              core::Time now);

}  // namespace detectors
