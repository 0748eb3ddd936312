#include "alerting/growth.h"

#include <algorithm>

#include "alerting/saved.h"

namespace alerting {

namespace {

constexpr int64_t kGroupsMin = 4;
constexpr int64_t kStrideMax = int64_t{1} << 50;
constexpr core::Millis kStill{60 * 60'000};
constexpr core::Millis kMinute{60'000};

}  // namespace

void Growth::reached(int64_t groups, core::Time at) {
  // A mention that becomes evidence at a reopening may be older than the last evidence.
  last_ = std::max(last_, at);
  if (!points_.empty() && groups < points_.back().groups + stride_) return;
  if (points_.size() == kPointsMax) {
    for (size_t i = 1; i * 2 < points_.size(); ++i) points_[i] = points_[i * 2];
    points_.resize(kPointsMax / 2);
    stride_ = std::min(stride_ * 2, kStrideMax);
  }
  points_.push_back({groups, last_});
}

int64_t Growth::doubling_minutes(int64_t groups, core::Time now) const {
  if (groups < kGroupsMin || points_.empty() || now - last_ >= kStill) return 0;
  const auto half = std::ranges::lower_bound(points_, (groups + 1) / 2, {}, &Point::groups);
  if (half == points_.end()) return 0;
  return std::max<int64_t>((now - half->at) / kMinute, 1);
}

int64_t Growth::groups_at(core::Time at) const {
  const auto after = std::ranges::upper_bound(points_, at, {}, &Point::at);
  return after == points_.begin() ? 0 : (after - 1)->groups;
}

void Growth::save(core::ByteWriter& out) const {
  out.u64(static_cast<uint64_t>(stride_));
  out.time(last_);
  out.u64(points_.size());
  Point before{0, {}};
  for (const Point& point : points_) {
    out.i64(point.groups - before.groups);
    out.i64((point.at - before.at).count());
    before = point;
  }
}

bool Growth::load(core::ByteReader& in) {
  size_t n = 0;
  if (!read_within(in, stride_, 1, kStrideMax) || !read_time(in, last_) ||
      !read_count(in, n, kPointsMax))
    return false;
  Point point{0, {}};
  for (size_t i = 0; i < n; ++i) {
    int64_t more = 0;
    core::Time later;
    if (!read_amount(in, more) || !read_time(in, later)) return false;
    point.groups = std::min(point.groups + more, int64_t{1} << 60);
    point.at += later.time_since_epoch();
    if (core::to_ms(point.at) >= kSaneMs || core::to_ms(point.at) <= -kSaneMs) return false;
    points_.push_back(point);
  }
  return true;
}

}  // namespace alerting
