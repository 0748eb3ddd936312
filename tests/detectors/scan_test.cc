#include "detectors/scan.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "watch_story.h"

using namespace detectors;
using namespace watch_test;

TEST_CASE("the scan p is that of scipy's negative binomial") {
  // scipy.stats.nbinom.sf(n - 1, r, r / (r + m)) with m = a/b * L, r = 1 / (0.1 + 1/a); the
  // smallest over L = 15 min, 1 h, 4 h of those above m + 1.5 sd.
  struct Row {
    double a, b_hours;
    int in_15_min, in_1_h, in_4_h;
    double p;
  };
  constexpr Row rows[] = {
      {1.5, 6, 2, 4, 7, 0.0011429940335466089},
      {1.5, 6, 6, 6, 6, 1.7928627593107867e-08},
      {1.5, 6, 3, 3, 3, 0.00015658105606106525},
      {0.3, 30, 3, 3, 3, 8.89254708055606e-08},
      {200, 400, 0, 9, 14, 4.551839065709282e-08},
      {5000, 24, 90, 400, 1400, 0.009091962593892404},
      {5000, 24, 150, 900, 4000, 8.218146478134989e-12},
      {1.5, 6, 10, 40, 60, 5.890180873307077e-32},
      {1.5, 6, 0, 0, 9, 0.0010433865176018948},
      {200, 400, 0, 0, 2, 1},  // as usual
      {1.5, 6, 0, 0, 0, 1},
  };
  for (const Row& row : rows) {
    Baseline baseline;
    baseline.start(at(0min), row.a, row.b_hours);
    ScanWindows windows;
    for (int i = row.in_1_h; i < row.in_4_h; ++i) windows.add(at(1h));
    for (int i = row.in_15_min; i < row.in_1_h; ++i) windows.add(at(3h + 30min));
    for (int i = 0; i < row.in_15_min; ++i) windows.add(at(4h - 1min));
    CHECK(scan_p(windows, baseline, {}, at(4h)) == doctest::Approx(row.p).epsilon(1e-9));
  }
}

TEST_CASE("a mention is in a window of L until exactly L later") {
  ScanWindows windows;
  windows.add(at(0min));
  CHECK(windows.since(at(0min) - 1ms) == 1);
  CHECK(windows.since(at(0min)) == 0);
  windows.expire(at(4h) - 1ms);
  CHECK(windows.size() == 1);
  windows.expire(at(4h));
  CHECK(windows.size() == 0);
}

TEST_CASE("windows count like obvious code") {
  std::mt19937 random(1);
  ScanWindows windows;
  std::vector<core::Time> all;
  core::Time now = at(0min);
  for (int i = 0; i < 5'000; ++i) {
    now += core::Millis(random() % 60'000);
    windows.expire(now);
    windows.add(now);
    all.push_back(now);
    const core::Time after = now - core::Millis(random() % (4 * 3'600'000));
    REQUIRE(windows.since(after) ==
            std::count_if(all.begin(), all.end(), [&](core::Time t) { return t > after; }));
  }
}

TEST_CASE("more mentions than the limit push the oldest out, counted") {
  ScanWindows windows;
  for (size_t i = 0; i < ScanWindows::kTimesMax + 100; ++i) windows.add(at(core::Millis(i)));
  CHECK(windows.size() == ScanWindows::kTimesMax);
  CHECK(windows.evicted() == 100);
  CHECK(windows.since(at(0min)) == static_cast<int64_t>(ScanWindows::kTimesMax));
  core::ByteWriter out;
  windows.save(out);
  ScanWindows back;
  core::ByteReader in(out.bytes());
  REQUIRE(back.load(in));
  CHECK(back.since(at(200ms)) == windows.since(at(200ms)));
  CHECK(back.evicted() == 100);
}
