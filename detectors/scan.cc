#include "detectors/scan.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/math.h"
#include "detectors/saved.h"

namespace detectors {

namespace {

constexpr std::array<core::Millis, 3> kWindows = {core::Millis{15 * 60'000}, core::Millis{3600'000},
                                                  ScanWindows::kLongest};
constexpr double kMeanMin = 1e-9;
constexpr double kLogCertain = -40;  // below e^-40 = 4e-18 nobody asks how much less it is

double usual_in(core::Millis span, const Baseline& baseline, const core::Limits& limits,
                core::Time now) {
  return baseline.rate() * seasonal_hours(limits, now - span, now);
}

}  // namespace

void ScanWindows::add(core::Time at) {
  if (size() >= kTimesMax) {
    times_.pop();
    ++evicted_;
  }
  times_.push(at);
}

void ScanWindows::expire(core::Time now) {
  while (!times_.empty() && times_.front() <= now - kLongest) times_.pop();
}

int64_t ScanWindows::since(core::Time after) const {
  return times_.end() - std::upper_bound(times_.begin(), times_.end(), after);
}

void ScanWindows::save(core::ByteWriter& out) const {
  out.u64(evicted_);
  out.u64(size());
  int64_t before = 0;
  for (const core::Time at : times_) {
    out.i64(core::to_ms(at) - before);
    before = core::to_ms(at);
  }
}

bool ScanWindows::load(core::ByteReader& in) {
  evicted_ = in.u64();
  const size_t n = in.count();
  if (n > kTimesMax) return false;
  core::Time at{};
  for (size_t i = 0; i < n; ++i) {
    if (!read_later(in, at)) return false;
    times_.push(at);
  }
  return in.ok();
}

std::vector<WindowCount> window_counts(const ScanWindows& windows, const Baseline& baseline,
                                       const core::Limits& limits, core::Time now) {
  std::vector<WindowCount> counts;
  for (const core::Millis span : kWindows)
    counts.push_back({span, windows.since(now - span), usual_in(span, baseline, limits, now)});
  return counts;
}

double scan_p(const ScanWindows& windows, const Baseline& baseline, const core::Limits& limits,
              core::Time now) {
  if (windows.size() == 0) return 1;
  double smallest = 0;  // of the logarithms
  const double size = baseline.size(limits.drift_s2);
  for (const core::Millis span : kWindows) {
    const double mean = std::max(usual_in(span, baseline, limits, now), kMeanMin);
    const int64_t n = windows.since(now - span);
    const double deviation = std::sqrt(mean * (1 + mean / size));
    if (static_cast<double>(n) <= mean + 1.5 * deviation) continue;
    smallest = std::min(smallest, core::log_negative_binomial_tail(n, size, mean));
    if (smallest < kLogCertain) break;
  }
  return core::exp(smallest);
}

}  // namespace detectors
