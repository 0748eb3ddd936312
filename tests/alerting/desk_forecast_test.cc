// Forecasts: pure figures, and the bounds that rest on them.
#include <doctest/doctest.h>

#include "alerting/forecast.h"
#include "alerting/ladder.h"
#include "desk_story.h"

using namespace desk_test;
using alerting::Loss;
using alerting::Spread;

TEST_CASE("an interval is in order, wide before five groups and narrower with more") {
  const Spread few{3, 300, 1, 2, 30min}, many{60, 6'000, 25, 30, 2h};
  for (const Spread& s : {few, many}) {
    const core::Interval p = alerting::people_ahead(s, 6h);
    CHECK(p.low >= s.people);
    CHECK(p.low <= p.middle);
    CHECK(p.middle <= p.high);
  }
  const auto width = [](const Spread& s) {
    const core::Interval p = alerting::people_ahead(s, 6h);
    return static_cast<double>(p.high - s.people) / static_cast<double>(p.middle - s.people + 1);
  };
  CHECK(width(few) > width(many));
}

TEST_CASE("the chance of more falls with the bound, and agrees with the interval") {
  const Spread s{40, 4'000, 10, 20, 2h};
  int64_t before = 1000;
  for (int64_t over = 3'000; over < 40'000; over += 500) {
    const int64_t chance = alerting::people_chance_permille(s, over, 6h);
    CHECK(chance <= before);
    before = chance;
  }
  const core::Interval p = alerting::people_ahead(s, 6h);
  CHECK(alerting::people_chance_permille(s, p.high + 300, 6h) <= 100);
  CHECK(alerting::people_chance_permille(s, p.middle - 1, 6h) >= 500);
  CHECK(alerting::people_chance_permille(s, 3'999, 6h) == 1000);
}

TEST_CASE("a growing incident is expected to reach more than a fading one") {
  const Spread growing{40, 4'000, 5, 25, 2h}, fading{40, 4'000, 25, 5, 2h};
  CHECK(alerting::people_ahead(growing, 6h).middle > alerting::people_ahead(fading, 6h).middle);
}

TEST_CASE("loss: half to twice, never more than was sold") {
  Loss loss;
  loss.cny = 100'000;
  loss.units = 10'000;
  loss.price_fen = 5'000;
  CHECK(alerting::loss_range(loss).low == 50'000);
  CHECK(alerting::loss_range(loss).high == 200'000);
  CHECK(alerting::loss_chance_permille(loss, 100'000) == 500);
  CHECK(alerting::loss_chance_permille(loss, 50'000) == 900);
  CHECK(alerting::loss_chance_permille(loss, 200'000) == 100);
  CHECK(alerting::loss_chance_permille(loss, 500'000) == 0);
  loss.units = 3'000;
  CHECK(alerting::loss_range(loss).high == 150'000);
}

TEST_CASE("a bound of the median now compares integers; a chance asks the distribution") {
  core::Ladder ladder = usual_policy().ladders.at("default");
  alerting::Standing s;
  s.level = core::Level::Yellow;
  s.groups = s.spread.groups = 10;
  s.people = s.spread.people = 90'000;
  const auto rungs = [&] { return alerting::climb(ladder, 1, s).crossed.size(); };
  ladder.rungs[3].enter.people = core::Over{90'000};
  CHECK(rungs() == 0);
  ladder.rungs[3].enter.people = core::Over{89'999};
  CHECK(rungs() == 1);
  ladder.rungs[3].enter.people = core::Over{100'000, 250, 0min};
  CHECK(rungs() == 1);  // 300 permille
  ladder.rungs[3].enter.people = core::Over{100'000, 350, 0min};
  CHECK(rungs() == 0);
  ladder.rungs[3].enter.people = core::Over{100'000, 300, 6h};
  s.spread.second_half = 8;
  s.spread.window = 1h;
  REQUIRE(rungs() == 1);
  CHECK(alerting::climb(ladder, 1, s).crossed[0].because.code == "rung_people_ahead");
  ladder.rungs[3].enter = {};
  ladder.rungs[3].enter.groups_per_hour = 8;
  s.groups_per_hour = 8;
  CHECK(rungs() == 0);
  s.groups_per_hour = 9;
  CHECK(alerting::climb(ladder, 1, s).crossed[0].because.code == "rung_speed");
  ladder.rungs[3].enter = {};
  ladder.rungs[3].enter.exposure_threats = 2;
  s.threats = 2;
  CHECK(alerting::climb(ladder, 1, s).crossed[0].because.code == "rung_threats");
}

TEST_CASE_FIXTURE(DeskStory,
                  "the same customer threatens twice: once more is news, others are not") {
  open();
  told(0min);
  int number = 0;
  const auto threaten = [&](const std::string& customer, core::Millis when) {
    until(when);
    core::Signal s;
    s.at = s.published = at(when);
    s.event = std::string("t").append(std::to_string(++number));
    s.family = "brand:汀白";
    s.channel = "g1";
    s.kind = core::Kind::Chat;
    s.customer = customer;
    s.hits = {{"threat", "expiry", core::Level::Yellow, 1000, "", true}};
    alerting::Sighting sighting;
    sighting.counts = sighting.evidence = true;
    desk->observe(s, sighting, all);
  };
  threaten("aaaa", 1min);
  threaten("bbbb", 2min);
  CHECK(told(2min) == "");
  threaten("aaaa", 3min);
  CHECK(told(3min) == "duty");
  CHECK(text_of(last().because) == "threat_again threats=2");
  CHECK(now().threats == 2);
}
