#include "alerting/courier_road.h"

#include <algorithm>

#include "core/hash.h"

namespace alerting {

namespace {

constexpr core::Millis kTroubleBase{1'000}, kTroubleMax{60'000};

}  // namespace

Road::Road(const std::vector<Bucket>& buckets, core::Time now) {
  for (const Bucket& bucket : buckets) paces_.emplace_back(bucket, now);
}

bool Road::open(core::Time now, Lane lane) {
  if (resting(now)) return false;
  return std::ranges::all_of(paces_, [&](Pace& pace) { return pace.open(now, lane); });
}

void Road::spend(core::Time now) {
  for (Pace& pace : paces_) pace.spend(now);
}

void Road::rest(core::Time now, core::Time until) {
  failed_at_ = now;
  if (ailing_since_ == core::Time{}) ailing_since_ = now;
  rest_until_ = std::max(rest_until_, until);
}

void Road::trouble(core::Time now, uint64_t seed) {
  rest(now, now + back_off(seed, troubles_, kTroubleBase, kTroubleMax));
  ++troubles_;
}

void Road::fine() {
  troubles_ = 0;
  strikes_ = 0;
  ailing_since_ = {};
}

void Road::strike(core::Time now, uint32_t strikes) {
  strikes_ = std::min(strikes_ + strikes, kStrikesMax);
  if (found_dead()) rest(now, now + kDeadRest);
}

core::Millis back_off(uint64_t seed, uint32_t attempt, core::Millis base, core::Millis max) {
  constexpr uint32_t kDoublingsMax = 20;
  const int64_t bound = std::min(max.count(), base.count() << std::min(attempt, kDoublingsMax));
  const uint64_t hash = core::hash_mix(seed, attempt);
  return core::Millis(1 + static_cast<int64_t>(hash % static_cast<uint64_t>(bound)));
}

}  // namespace alerting
