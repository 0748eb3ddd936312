// What a Watch finds: stories of one family.
#include <doctest/doctest.h>

#include "core/hash.h"
#include "watch_story.h"

using detectors::Finding;
using namespace watch_test;

TEST_CASE_FIXTURE(WatchStory, "three distinct groups with a rule hit within an hour open") {
  CHECK_FALSE(hit("g1", 0min).opens);
  CHECK_FALSE(hit("g1", 1min).opens);
  CHECK_FALSE(hit("g2", 2min).opens);
  const Finding third = hit("g3", 59min);
  CHECK(text_of(third.opens) == "rule_groups groups=3 within_minutes=60 rule=near-expiry");
  CHECK(third.rule_groups == 3);
  CHECK(third.counts);
  CHECK(third.evidence);
  CHECK(hit("g3", 60min).rule_groups == 3);
  CHECK(hit("g3", 61min - 1ms).rule_groups == 3);
  const Finding later = hit("g3", 61min);  // an hour after g1 was heard last
  CHECK(later.rule_groups == 2);
  CHECK_FALSE(later.opens);
}

TEST_CASE_FIXTURE(WatchStory, "a bound that stays crossed opens with every further hit") {
  for (int i = 0; i < 3; ++i) hit(group(i), 0min);
  CHECK(hit("g9", 1min).opens);
  CHECK_FALSE(mention("g9", 1min).opens);  // but not with what does not count for it
}

TEST_CASE("where only a category is named it takes as many groups as mentions") {
  WatchStory story({}, "category:大米");
  for (int i = 1; i <= 5; ++i) CHECK_FALSE(story.hit(group(i), minutes(i)).opens);
  CHECK(WatchStory::text_of(story.hit("g6", 6min).opens).starts_with("rule_groups groups=6"));
}

TEST_CASE_FIXTURE(WatchStory, "six groups that name a quiet family open without any rule") {
  Finding f;
  for (int i = 1; i <= 5; ++i) f = mention(group(i), minutes(i));
  CHECK(f.mention_groups == 5);
  CHECK(f.p < 1e-3);
  CHECK(f.evidence);
  CHECK_FALSE(f.opens);
  f = mention("g6", 6min);
  REQUIRE(f.opens);
  // The prior: 1.5 in 6 hours; p = 1.79e-8 of six in a quarter of an hour.
  CHECK(text_of(f.opens) ==
        "mention_scan groups=6 within_minutes=60 p_e9=18 usual_per_day_milli=6000");
}

TEST_CASE_FIXTURE(WatchStory, "six groups are nothing new for a family that is named all day") {
  core::Limits limits;
  limits.learned["brand:汀白"] = {600, 60};  // ten an hour
  WatchStory busy(limits);
  Finding f;
  for (int i = 1; i <= 8; ++i) f = busy.mention(group(i), minutes(5 * i));
  CHECK(f.mention_groups == 8);
  CHECK(f.p == 1);
  CHECK_FALSE(f.evidence);
  CHECK_FALSE(f.opens);
  for (int i = 9; i <= 60; ++i) f = busy.mention(group(i), 41min);
  CHECK(f.opens);  // sixty are
}

TEST_CASE_FIXTURE(WatchStory, "a group counts once an hour for the scan, however much it talks") {
  Finding f;
  for (int i = 0; i < 50; ++i) f = mention("g1", minutes(i));
  CHECK(f.p > 0.01);
  CHECK(f.mention_groups == 1);
  CHECK_FALSE(f.evidence);
}

TEST_CASE_FIXTURE(WatchStory, "advertising names nobody unless a rule hits in it") {
  core::Signal advert = message("g1", 0min);
  advert.named = advert.advertising = true;
  CHECK_FALSE(observe(advert).mention);
  advert = message("g1", 1min);
  advert.named = advert.advertising = true;
  advert.hits = {{"near-expiry", "expiry", core::Level::Yellow, 501, "", false}};
  CHECK(observe(advert).mention);
}

TEST_CASE_FIXTURE(WatchStory, "a hit of weight 500 does not count, one of 501 does") {
  core::Signal s = message("g1", 0min);
  s.hits = {{"near-expiry", "expiry", core::Level::Yellow, 500, "", false}};
  CHECK_FALSE(observe(s).counts);
  CHECK_FALSE(observe(s).evidence);
  s = message("g1", 0min);
  s.hits = {{"near-expiry", "expiry", core::Level::Yellow, 500, "", false},
            {"poison", "poison", core::Level::Yellow, 501, "", false}};
  const Finding f = observe(s);
  CHECK(f.counts);
  CHECK(f.evidence);
  CHECK_FALSE(f.mention);  // the family itself is not named
}

TEST_CASE_FIXTURE(WatchStory,
                  "the first message opens when an agent, a threat or a red rule says so") {
  struct Row {
    core::Kind kind;
    uint8_t reported;
    bool service, threat, product_named;
    core::Level level;
    int32_t weight;
    std::string_view opens;
  };
  using core::Kind;
  using core::Level;
  constexpr Row rows[] = {
      {Kind::Ticket, 3, true, false, false, Level::Blue, 0,
       "first_message kind=ticket level=orange rule=0"},
      {Kind::AgentReport, 4, false, false, false, Level::Yellow, 1000,
       "first_message kind=agent_report level=red rule=r"},
      {Kind::Ticket, 2, true, false, false, Level::Yellow, 1000, ""},
      {Kind::Chat, 4, false, false, false, Level::Yellow, 1000, ""},
      {Kind::Ticket, 9, true, false, false, Level::Yellow, 1000, ""},  // no such level
      {Kind::Chat, 0, true, true, false, Level::Yellow, 1000,
       "first_message kind=chat level=yellow rule=r"},
      {Kind::Chat, 0, false, true, false, Level::Yellow, 1000, ""},
      {Kind::Chat, 0, true, true, false, Level::Yellow, 400, ""},
      {Kind::Post, 0, false, false, true, Level::Red, 1000,
       "first_message kind=post level=red rule=r"},
      {Kind::Post, 0, false, false, false, Level::Red, 1000, ""},
      {Kind::Post, 0, false, false, true, Level::Red, 500, ""},
      {Kind::Post, 0, false, false, true, Level::Orange, 1000, ""},
  };
  for (const Row& row : rows) {
    WatchStory story;
    core::Signal s = story.message("g1", 0min);
    s.kind = row.kind;
    s.reported_level = row.reported;
    s.service = row.service;
    s.product_named = row.product_named;
    if (row.weight > 0) s.hits = {{"r", "issue", row.level, row.weight, "", row.threat}};
    const Finding f = story.observe(s);
    CHECK(text_of(f.opens) == row.opens);
    if (f.opens) CHECK(f.evidence);  // what opens is evidence
  }
}

TEST_CASE("unknown families open by rule groups alone") {
  WatchStory story({}, "unknown:0011223344556677");
  for (int i = 0; i < 20; ++i) {
    const Finding f = story.mention(group(i), minutes(i));
    CHECK_FALSE(f.opens);
    CHECK(f.p == 1);
  }
  core::Signal ticket = story.message("t", 20min);
  ticket.kind = core::Kind::Ticket;
  ticket.reported_level = 4;
  CHECK_FALSE(story.observe(ticket).opens);
  story.hit("h1", 21min);
  story.hit("h2", 22min);
  CHECK(story.text_of(story.hit("h3", 23min).opens).starts_with("rule_groups groups=3"));
}

TEST_CASE_FIXTURE(WatchStory, "an event that was seen before counts nothing") {
  core::Signal s = message("g1", 0min);
  s.named = true;
  s.hits = {{"near-expiry", "expiry", core::Level::Yellow, 1000, "", false}};
  CHECK_FALSE(observe(s).duplicate);
  s.channel = "g2";
  s.at = at(10min);
  const Finding again = observe(s);
  CHECK(again.duplicate);
  CHECK_FALSE(again.counts);
  CHECK(again.rule_groups == 0);
  CHECK(hit("g3", 10min).rule_groups == 2);
  CHECK(watch.last() == at(10min));
  s.at = at(72h);
  CHECK_FALSE(observe(s).duplicate);  // forgotten by now
}

TEST_CASE_FIXTURE(WatchStory,
                  "a forward of a known message is marked as a copy and counts all the same") {
  const core::Signal original = message("g1", 0min);
  observe(original);
  core::Signal forward = message("g2", 1min);
  forward.forward_of = original.event;
  forward.hits = {{"near-expiry", "expiry", core::Level::Yellow, 1000, "", false}};
  const Finding f = observe(forward);
  CHECK(f.copy);
  CHECK(f.counts);
}

TEST_CASE_FIXTURE(WatchStory, "after an incident the bound must be crossed anew") {
  for (int i = 0; i < 3; ++i) hit(group(i), 0min);
  watch.set_open(true);
  CHECK(hit("g4", 1min).opens);
  watch.set_open(false);
  CHECK_FALSE(hit("g5", 2min).opens);
  CHECK_FALSE(hit("g1", 3min).opens);
  watch.set_open(false);  // said again, changes nothing
  CHECK(hit("g2", 4min).opens);
}

TEST_CASE_FIXTURE(WatchStory, "an open incident does not teach that trouble is usual") {
  WatchStory calm;
  watch.set_open(true);
  for (int hour = 0; hour < 48; ++hour)
    for (int i = 0; i < 5; ++i) {
      mention(group(i), hours(hour) + minutes(i));
      calm.mention(group(i), hours(hour) + minutes(i));
    }
  const auto [a, b] = watch.prior();
  const auto [calm_a, calm_b] = calm.watch.prior();
  CHECK(a / b < 2.5);
  CHECK(calm_a / calm_b > 3.5);
}

TEST_CASE("the prior is the learnt one of the family, else that of the limits") {
  core::Limits limits;
  limits.learned["brand:汀白"] = {12, 34};
  CHECK(WatchStory(limits).watch.prior() == std::pair(12.0, 34.0));
  CHECK(WatchStory(limits, "brand:洁朗").watch.prior() == std::pair(1.5, 6.0));
  WatchStory story(limits);
  story.mention("g1", 0min);
  CHECK(story.watch.prior() == std::pair(12.0, 34.0));
}

TEST_CASE_FIXTURE(WatchStory, "the bounds are those of the ladder in force") {
  bounds.rule_groups = 2;
  bounds.within = 10min;
  hit("g1", 0min);
  CHECK(text_of(hit("g2", 9min).opens) ==
        "rule_groups groups=2 within_minutes=10 rule=near-expiry");
  CHECK_FALSE(hit("g3", 20min).opens);
}

TEST_CASE_FIXTURE(WatchStory,
                  "event ids and groups beyond the limits push the oldest out, counted") {
  const core::Signal first = message("g0", 0min);
  observe(first);
  for (int i = 0; i < 65'536; ++i) {
    core::Signal s = message("g", 1min);
    observe(s);
  }
  CHECK(watch.evicted() == 1);
  CHECK_FALSE(observe(first).duplicate);
  for (int i = 0; i < 20'000; ++i) hit(group(i), 2min);
  CHECK(hit("g", 2min).rule_groups == 16'384);
  CHECK(saved().size() < 1'500'000);
}

TEST_CASE_FIXTURE(WatchStory,
                  "figures: what was counted at the last signal, beside what is usual") {
  CHECK(watch.figures().windows.empty());
  hit("g1", 0min);
  mention("g2", 20min);
  const Finding last = mention("g2", 40min);  // the same group in the same hour counts once
  const detectors::Figures f = watch.figures();
  CHECK(f.rule_groups == 1);
  CHECK(f.mention_groups == 2);
  CHECK(f.p == last.p);
  CHECK(f.usual_per_day == doctest::Approx(6).epsilon(0.2));
  REQUIRE(f.windows.size() == 3);
  CHECK(f.windows[0].length == 15min);
  CHECK(f.windows[0].counted == 0);
  CHECK(f.windows[1].counted == 2);
  CHECK(f.windows[2].counted == 2);
  CHECK(f.windows[2].usual == doctest::Approx(16 * f.windows[0].usual));
}
