#include "detectors/baseline.h"

#include <doctest/doctest.h>

#include <cmath>

#include "watch_story.h"

using detectors::Baseline;
using namespace watch_test;

namespace {

constexpr auto kUsual = Baseline::Pace::Usual;
constexpr auto kSlow = Baseline::Pace::Slow;

// `each` mentions in every one of the hours from `from` on.
core::Millis live(Baseline& baseline, core::Millis from, int hours_long, int each,
                  const core::Limits& limits = {}, Baseline::Pace pace = kUsual) {
  for (int hour = 0; hour < hours_long; ++hour) {
    baseline.advance(at(from + hours(hour)), limits, pace);
    for (int i = 0; i < each; ++i) baseline.count();
  }
  baseline.advance(at(from + hours(hours_long)), limits, pace);
  return from + hours(hours_long);
}

// Quiet from midnight to six, the rest as much busier that the mean is 1.
core::Limits seasonal() {
  core::Limits limits;
  for (int hour = 0; hour < 168; ++hour)
    limits.season.push_back(hour % 24 < 6 ? 0.1 : (24 - 0.6) / 18);
  return limits;
}

}  // namespace

TEST_CASE("nothing is learnt of an hour before it is over") {
  Baseline baseline;
  baseline.start(at(20min), 1.5, 6);
  baseline.advance(at(59min), {}, kUsual);
  baseline.count();
  CHECK(baseline.a() == 1.5);
  CHECK(baseline.b_hours() == 6);
  baseline.advance(at(60min), {}, kUsual);
  CHECK(baseline.a() == doctest::Approx(1.5 * std::exp2(-1 / 336.) + 1).epsilon(1e-12));
  CHECK(baseline.b_hours() == doctest::Approx(6 * std::exp2(-1 / 336.) + 1).epsilon(1e-12));
}

TEST_CASE("the rate follows what is usual, with a memory of two weeks") {
  Baseline baseline;
  baseline.start(at(0min), 1.5, 6);
  core::Millis now = live(baseline, 0min, 24 * 60, 2);
  CHECK(baseline.rate() == doctest::Approx(2).epsilon(0.02));
  now = live(baseline, now, 24 * 14, 0);
  CHECK(baseline.rate() == doctest::Approx(1).epsilon(0.06));  // half forgotten
}

TEST_CASE("one wild hour is learnt only up to the cap") {
  Baseline calm, wild;
  for (Baseline* baseline : {&calm, &wild}) baseline->start(at(0min), 30, 60);
  for (int i = 0; i < 1'000; ++i) wild.count();
  wild.advance(at(1h), {}, kUsual);
  // m = 0.5, D = 1 + (0.1 + 1/30) * 0.5, cap = ceil(0.5 + 4 sqrt(0.5 D) + 2)
  CHECK(wild.a() == doctest::Approx(30 * std::exp2(-1 / 336.) + 6).epsilon(1e-12));
}

TEST_CASE("while an incident is open it learns ten times slower") {
  Baseline open, usual;
  for (Baseline* baseline : {&open, &usual}) baseline->start(at(0min), 10, 100);
  live(open, 0min, 50, 1, {}, kSlow);
  live(usual, 0min, 5, 1);
  CHECK(open.a() == doctest::Approx(usual.a()).epsilon(0.01));
  CHECK(open.b_hours() == doctest::Approx(usual.b_hours()).epsilon(0.01));
}

TEST_CASE("silent hours are learnt as such when the next message comes") {
  Baseline at_once, hourly;
  for (Baseline* baseline : {&at_once, &hourly}) baseline->start(at(0min), 10, 10);
  at_once.advance(at(100h), {}, kUsual);
  live(hourly, 0min, 100, 0);
  CHECK(at_once.a() == hourly.a());
  CHECK(at_once.b_hours() == hourly.b_hours());
  at_once.advance(at(hours(24 * 365 * 40)), {}, kUsual);  // decades
  CHECK(at_once.rate() > 0);
  CHECK(at_once.rate() < 1e-3);
}

TEST_CASE("the season weighs hours: a quiet hour expects less and teaches less") {
  const core::Limits limits = seasonal();
  // The story begins at 14:00: ten hours later it is midnight.
  CHECK(detectors::seasonal_hours(limits, at(0min), at(1h)) == doctest::Approx(1.3));
  CHECK(detectors::seasonal_hours(limits, at(10h), at(11h)) == doctest::Approx(0.1));
  CHECK(detectors::seasonal_hours(limits, at(9h + 30min), at(10h + 30min)) == doctest::Approx(0.7));
  CHECK(detectors::seasonal_hours(limits, at(0min), at(168h)) == doctest::Approx(168));
  CHECK(detectors::seasonal_hours({}, at(10h), at(11h + 30min)) == 1.5);
  Baseline baseline;
  baseline.start(at(10h), 1, 1);
  baseline.advance(at(11h), limits, kUsual);
  CHECK(baseline.b_hours() == doctest::Approx(std::exp2(-1 / 336.) + 0.1));
}
