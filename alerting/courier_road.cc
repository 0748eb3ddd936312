#include "alerting/courier_road.h"

#include <algorithm>

#include "core/check.h"
#include "core/hash.h"

namespace alerting {

namespace {

constexpr core::Millis kTroubleBase{1'000}, kTroubleMax{60'000};

}  // namespace

Road::Road(Bucket bucket, core::Time now) : bucket_(bucket), refilled_(now) {
  INVARIANT(bucket_.count == 0 ||
            (bucket_.burst > 0 && bucket_.window >= core::Millis(bucket_.count)));
}

void Road::refill(core::Time now) {
  credit_ = std::min(credit_ + (now - refilled_), token() * bucket_.burst);
  refilled_ = now;
  while (!sent_.empty() && sent_.front() <= now - bucket_.window) sent_.pop_front();
}

bool Road::open(core::Time now, Lane lane) {
  if (resting(now)) return false;
  if (!limited()) return true;
  refill(now);
  const bool urgent = lane == Lane::Urgent;
  const uint32_t kept_count = urgent ? 0 : bucket_.count / 4;
  const uint32_t kept_burst = urgent || bucket_.burst < 2 ? 0 : (bucket_.burst + 3) / 4;
  return sent_.size() < bucket_.count - kept_count && credit_ >= token() * (1 + kept_burst);
}

void Road::spend(core::Time now) {
  if (!limited()) return;
  INVARIANT(credit_ >= token() && sent_.size() < bucket_.count);
  credit_ -= token();
  sent_.push_back(now);
}

void Road::rest(core::Time until) { rest_until_ = std::max(rest_until_, until); }

void Road::trouble(core::Time now, uint64_t seed) {
  rest(now + back_off(seed, troubles_, kTroubleBase, kTroubleMax));
  ++troubles_;
}

void Road::fine() {
  troubles_ = 0;
  strikes_ = 0;
}

void Road::strike(core::Time now, uint32_t strikes) {
  strikes_ = std::min(strikes_ + strikes, kStrikesMax);
  if (strikes_ >= kStrikesMax) rest(now + kDeadRest);
}

core::Millis back_off(uint64_t seed, uint32_t attempt, core::Millis base, core::Millis max) {
  constexpr uint32_t kDoublingsMax = 20;
  const int64_t bound = std::min(max.count(), base.count() << std::min(attempt, kDoublingsMax));
  const uint64_t hash = core::hash_mix(seed, attempt);
  return core::Millis(1 + static_cast<int64_t>(hash % static_cast<uint64_t>(bound)));
}

}  // namespace alerting
