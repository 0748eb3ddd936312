#pragma once
// Pace: one limit of a vendor, kept before the vendor has to: a token bucket that also never lets
// more than its count into any window. Times are the courier's clock. Owned by a Road.
#include <deque>

#include "alerting/channel.h"
#include "core/time.h"

namespace alerting {

enum class Lane : uint8_t {
  Urgent,  // a rung was entered, a reminder, a decision: a quarter of every bucket is theirs
  Opened,
  Updated,
  Digest,  // what can wait: briefings, reviews
};

class Pace {
 public:
  // Starts without a single token: what a crashed process has spent in the last window is not
  // known, and tokens that are lost cannot break the vendor's limit, tokens that are doubled can.
  // A bucket of count 0 has no limit.
  Pace(Bucket bucket, core::Time now);

  // Whether one may be sent now. A message of a lower lane leaves the urgent share alone.
  bool open(core::Time now, Lane lane);
  void spend(core::Time now);  // one was sent. REQUIRES: open(now, lane)

 private:
  bool limited() const { return bucket_.count > 0; }
  core::Millis token() const { return bucket_.window / bucket_.count; }
  void refill(core::Time now);

  Bucket bucket_;
  core::Time refilled_{};
  core::Millis credit_{0};       // tokens times token(), at most burst of them
  std::deque<core::Time> sent_;  // within the last window, at most bucket_.count
};

}  // namespace alerting
