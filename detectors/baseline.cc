#include "detectors/baseline.h"

#include <algorithm>
#include <cmath>

#include "detectors/saved.h"

namespace detectors {

namespace {

constexpr core::Millis kHour{3600'000};
constexpr double kKeptAnHour = 0.9979391883568344;      // 2^(-1/336): half-life 14 days
constexpr double kKeptAnHourSlow = 0.9997937274733655;  // 2^(-1/3360)
constexpr double kSlow = 0.1;
constexpr double kFloor = 1e-3;  // keeps a/b and 1/a finite after months of silence
// After this many silent hours what was known is forgotten to 2^-26; more need not be played.
constexpr int64_t kCatchUpHoursMax = 24 * 366;

double season(const core::Limits& limits, core::Time at) {
  if (limits.season.size() != 168) return 1;
  return limits.season[static_cast<size_t>(core::hour_of_week(at, limits.zone_offset_minutes))];
}

}  // namespace

double seasonal_hours(const core::Limits& limits, core::Time from, core::Time to) {
  const auto hours = [](core::Millis span) { return static_cast<double>(span.count()) / 3600'000; };
  if (limits.season.size() != 168) return hours(to - from);
  double sum = 0;
  while (from < to) {
    const core::Time end = std::min(to, core::floor_to(from, kHour) + kHour);
    sum += hours(end - from) * season(limits, from);
    from = end;
  }
  return sum;
}

void Baseline::start(core::Time at, double a, double b_hours) {
  a_ = std::max(a, kFloor);
  b_ = std::max(b_hours, kFloor);
  hour_ = core::floor_to(at, kHour);
  counted_ = 0;
}

void Baseline::advance(core::Time at, const core::Limits& limits, Pace pace) {
  const core::Time now = core::floor_to(at, kHour);
  *hour_ = std::max(*hour_, now - kCatchUpHoursMax * kHour);
  for (; *hour_ < now; *hour_ += kHour) {
    learn(season(limits, *hour_), limits, pace);
    counted_ = 0;
  }
}

void Baseline::learn(double hours, const core::Limits& limits, Pace pace) {
  const double mean = rate() * hours;
  const double dispersion = 1 + mean / size(limits.drift_s2);
  const double cap = std::ceil(mean + 4 * std::sqrt(mean * dispersion) + 2);
  const double weight = pace == Pace::Slow ? kSlow : 1;
  const double kept = pace == Pace::Slow ? kKeptAnHourSlow : kKeptAnHour;
  a_ = std::max(kept * a_ + weight * std::min(static_cast<double>(counted_), cap), kFloor);
  b_ = std::max(kept * b_ + weight * hours, kFloor);
}

void Baseline::save(core::ByteWriter& out) const {
  out.u64(started() ? 1 : 0);
  if (!started()) return;
  out.f64(a_);
  out.f64(b_);
  out.time(*hour_);
  out.i64(counted_);
}

bool Baseline::load(core::ByteReader& in) {
  if (in.u64() == 0) return in.ok();
  a_ = in.f64();
  b_ = in.f64();
  const int64_t hour = in.i64();
  counted_ = in.i64();
  if (!in.ok() || !sane(hour) || !sane_positive(a_) || !sane_positive(b_) || counted_ < 0)
    return false;
  hour_ = core::floor_to(core::from_ms(hour), kHour);
  return true;
}

}  // namespace detectors
