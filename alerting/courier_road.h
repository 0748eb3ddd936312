#pragma once
// Road: the way to one credential, shared by all destinations that use it. It keeps the vendor's
// pace before the vendor has to, rests when told to, and is dead for a while when the vendor says
// that nobody is there. Times are the courier's clock. Owned by the courier.
#include <cstdint>
#include <vector>

#include "alerting/channel.h"
#include "alerting/pace.h"
#include "core/time.h"

namespace alerting {

class Road {
 public:
  // All of the buckets must have room.
  Road(const std::vector<Bucket>& buckets, core::Time now);

  // Whether one may be sent now. A message of a lower lane leaves the urgent share alone.
  bool open(core::Time now, Lane lane);
  void spend(core::Time now);  // one was sent. REQUIRES: open(now, lane)

  bool resting(core::Time now) const { return now < rest_until_; }
  core::Time rest_until() const { return rest_until_; }
  void rest(core::Time now, core::Time until);

  // A failure of the network on this road: it rests, longer each time. `seed` spreads the rests of
  // several roads.
  void trouble(core::Time now, uint64_t seed);
  void fine();  // proof of life: no trouble, no strikes

  // The vendor says this place is not there. Dead once kStrikesMax have come in a row: then for
  // kDeadRest nothing is tried, afterwards one message is.
  void strike(core::Time now, uint32_t strikes);
  bool dead(core::Time now) const { return found_dead() && resting(now); }
  bool found_dead() const { return strikes_ >= kStrikesMax; }  // until fine()

  // Since when nothing has gone well; Time{}: all is fine. It ails for as long as it has been told
  // to rest, or has rested, from one failure to the next.
  core::Time ailing_since() const { return ailing_since_; }
  bool ails_for(core::Millis time) const {
    return ailing_since_ != core::Time{} && rest_until_ - ailing_since_ >= time;
  }
  core::Time failed_at() const { return failed_at_; }  // the last time

  static constexpr core::Millis kDeadRest{10 * 60'000};

 private:
  std::vector<Pace> paces_;
  core::Time rest_until_{}, ailing_since_{}, failed_at_{};
  uint32_t troubles_ = 0, strikes_ = 0;
};

// Full jitter without chance: somewhere in [1 ms, min(max, base * 2^attempt)], the same for the
// same id and attempt. attempt from 0.
core::Millis back_off(uint64_t seed, uint32_t attempt, core::Millis base, core::Millis max);

}  // namespace alerting
