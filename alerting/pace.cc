#include "alerting/pace.h"

#include <algorithm>

#include "core/check.h"

namespace alerting {

Pace::Pace(Bucket bucket, core::Time now) : bucket_(bucket), refilled_(now) {
  INVARIANT(bucket_.count == 0 ||
            (bucket_.burst > 0 && bucket_.window >= core::Millis(bucket_.count)));
}

void Pace::refill(core::Time now) {
  credit_ = std::min(credit_ + (now - refilled_), token() * bucket_.burst);
  refilled_ = now;
  while (!sent_.empty() && sent_.front() <= now - bucket_.window) sent_.pop_front();
}

bool Pace::open(core::Time now, Lane lane) {
  if (!limited()) return true;
  refill(now);
  const bool urgent = lane == Lane::Urgent;
  const uint32_t kept_count = urgent ? 0 : bucket_.count / 4;
  const uint32_t kept_burst = urgent || bucket_.burst < 2 ? 0 : (bucket_.burst + 3) / 4;
  return sent_.size() < bucket_.count - kept_count && credit_ >= token() * (1 + kept_burst);
}

void Pace::spend(core::Time now) {
  if (!limited()) return;
  INVARIANT(credit_ >= token() && sent_.size() < bucket_.count);
  credit_ -= token();
  sent_.push_back(now);
}

}  // namespace alerting
