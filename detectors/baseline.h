#pragma once
// Baseline: how often a family is usually named (ALGORITHMS 1.1). A Gamma posterior of the rate:
// `a` counted mentions in `b` hours, both forgotten with a half-life of 14 days, times the season
// of the week. A mention is counted once a group and hour. Owner: the family's shard thread.
#include <cstdint>

#include "core/bytes.h"
#include "core/policy.h"
#include "core/time.h"

namespace detectors {

// Hours for which the season's mean is 1: season-weighted length of (from, to]. REQUIRES: from <=
// to.
double seasonal_hours(const core::Limits& limits, core::Time from, core::Time to);

class Baseline {
 public:
  enum class Pace { Usual, Slow };  // Slow: an incident is open, learn ten times slower

  bool started() const { return hour_.has_value(); }
  void start(core::Time at, double a, double b_hours);
  // Learns the hours that ended before or at `at`. REQUIRES: started(); `at` never goes back.
  void advance(core::Time at, const core::Limits& limits, Pace pace);
  void count() { ++counted_; }  // one mention in the hour of the last advance()

  double a() const { return a_; }
  double b_hours() const { return b_; }
  double rate() const { return a_ / b_; }  // mentions an hour when the season is 1
  // Size of the negative binomial whose variance is m * (1 + (s2 + 1/a) * m).
  double size(double drift_s2) const { return 1 / (drift_s2 + 1 / a_); }

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);

 private:
  void learn(double hours, const core::Limits& limits, Pace pace);

  double a_ = 1, b_ = 1;
  std::optional<core::Time> hour_;  // start of the hour that is being counted
  int64_t counted_ = 0;
};

}  // namespace detectors
