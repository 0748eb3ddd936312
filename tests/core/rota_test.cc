// Rotas and quiet hours against slow and obvious versions, on zones made up for it.
#include "core/rota.h"

#include <doctest/doctest.h>

#include <random>

using core::Millis;
using core::Time;

namespace {

constexpr int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr int64_t kStart = 1'772'409'600'000;  // 2026-03-02 00:00 UTC

Time at(int64_t ms) { return core::from_ms(kStart + ms); }

// Two hours east; from day 3 01:00 UTC three, from day 6 01:00 UTC two again.
core::Zone changing_zone() {
  return {"Made/Up",
          {{at(-100 * kDay), 120}, {at(3 * kDay + kHour), 180}, {at(6 * kDay + kHour), 120}}};
}

const core::Who kRota{core::Who::Kind::Rota, "r"};

struct Case {
  core::Policy policy;
  core::Rota& rota() { return policy.rotas["r"]; }

  Case() {
    for (const char* id : {"a", "b", "c"}) policy.people[id].id = id;
    policy.zones["Made/Up"] = changing_zone();
    rota().id = "r";
    rota().zone = "Made/Up";
  }
  std::string on_duty(int64_t ms) const {
    const auto now = core::resolve(policy, kRota, at(ms)).now;
    return now.empty() ? "" : now.front();
  }
};

// 09:00 local is 07:00 UTC before and after the summer of this zone, 06:00 UTC in it.
constexpr int64_t kNine = 7 * kHour;

}  // namespace

TEST_CASE("a hand-over stays at its time of day when the clocks change") {
  Case c;
  c.rota().layers = {{{"a", "b", "c"}, at(kNine), 1}};
  CHECK(c.on_duty(kNine - 1).empty());
  CHECK(c.on_duty(kNine) == "a");
  CHECK(c.on_duty(kDay + kNine) == "b");
  CHECK(c.on_duty(3 * kDay + kNine - kHour - 1) == "c");
  CHECK(c.on_duty(3 * kDay + kNine - kHour) == "a");  // 09:00 of summer
  CHECK(c.on_duty(6 * kDay + kNine - kHour) == "c");  // 08:00 again: not yet
  CHECK(c.on_duty(6 * kDay + kNine) == "a");
  CHECK(core::next_change(c.policy, kRota, at(3 * kDay)) == at(3 * kDay + kNine - kHour));
}

TEST_CASE("a hand-over within the hour that is shown twice happens once") {
  Case c;
  c.rota().layers = {{{"a", "b"}, at(kHour - kDay), 1}};  // 03:00 local, shown twice on day 6
  const std::string before = c.on_duty(6 * kDay - 1);
  const std::string after = c.on_duty(6 * kDay);  // 03:00 of summer
  CHECK(before != after);
  for (int64_t minute = 0; minute < 120; ++minute)
    CHECK(c.on_duty(6 * kDay + minute * kMinute) == after);
}

TEST_CASE("the next change is the one that looking minute by minute finds") {
  std::mt19937 dice(11);
  const auto below = [&](int64_t n) {
    return static_cast<int64_t>(dice() % static_cast<uint64_t>(n));
  };
  size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    Case c;
    for (int64_t n = 1 + below(3); n > 0; --n)
      c.rota().layers.push_back({{"a", n == 2 ? "b" : "c"},
                                 at(below(4 * 24 * 60) * kMinute),
                                 1 + static_cast<int>(below(3))});
    for (int64_t n = below(4); n > 0; --n) {
      const int64_t from = below(8 * 24 * 60) * kMinute;
      c.rota().overrides.push_back(
          {at(from), at(from + (1 + below(600)) * kMinute), below(2) == 0 ? "" : "b"});
    }
    const int64_t start = below(8 * 24 * 60) * kMinute;
    const auto before = core::resolve(c.policy, kRota, at(start)).now;
    std::optional<Time> expected;
    for (int64_t m = 1; m <= 5 * 24 * 60 && !expected; ++m)
      if (core::resolve(c.policy, kRota, at(start + m * kMinute)).now != before)
        expected = at(start + m * kMinute);
    CHECK(core::next_change(c.policy, kRota, at(start), Millis(5 * kDay)) == expected);
    found += expected ? 1 : 0;
  }
  CHECK(found > 30);
}

TEST_CASE("quiet hours end when looking minute by minute says so, over midnight and a change") {
  const core::Zone zone = changing_zone();
  std::mt19937 dice(13);
  size_t quiet_ones = 0;
  for (int i = 0; i < 300; ++i) {
    core::QuietHours quiet{static_cast<int>(dice() % 1440), static_cast<int>(dice() % 1440)};
    if (quiet.from_minute == quiet.to_minute) continue;
    const Time now = at(static_cast<int64_t>(dice() % (8 * 1440)) * kMinute + 1234);
    const auto local = [&](Time t) {
      return static_cast<int>((core::to_ms(t) / kMinute + zone.offset_minutes(t)) % 1440);
    };
    const auto asleep = [&](Time t) {
      int minute = quiet.from_minute;  // walk round the clock from the beginning to the end
      for (; minute != quiet.to_minute; minute = (minute + 1) % 1440)
        if (minute == local(t)) return true;
      return false;
    };
    CHECK(core::is_quiet(quiet, zone, now) == asleep(now));
    if (!asleep(now)) continue;
    ++quiet_ones;
    Time end = core::floor_to(now, Millis(kMinute));
    while (asleep(end)) end += Millis(kMinute);
    CHECK(core::quiet_until(quiet, zone, now) == end);
  }
  CHECK(quiet_ones > 50);
}
