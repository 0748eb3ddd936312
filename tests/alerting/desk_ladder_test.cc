// The ladder alone: which rungs, and which bound says so.
#include <doctest/doctest.h>

#include <random>

#include "alerting/ladder.h"
#include "desk_story.h"

using namespace desk_test;
using alerting::Climb;
using alerting::Standing;
using core::Level;

namespace {

core::Ladder usual() { return usual_policy().ladders.at("default"); }

// "2:rung_loss 3:rung_level"
std::string crossed(const core::Ladder& ladder, uint32_t entered, const Standing& standing) {
  std::string text;
  for (const alerting::Crossing& c : alerting::climb(ladder, entered, standing).crossed) {
    if (!text.empty()) text += ' ';
    text += std::to_string(c.rung) + ':' + c.because.code;
  }
  return text;
}

alerting::Loss loss(int64_t cny) { return {cny, "SKU1", 1, 1, 1}; }

}  // namespace

TEST_CASE("each bound enters its rung at the value that crosses it, and not one below") {
  struct Row {
    Level level;
    int64_t groups, people, loss_cny;
    std::string_view expected;
  };
  constexpr Row rows[] = {
      {Level::Blue, 0, 0, 0, "1:rung_always"},
      {Level::Yellow, 19, 100'000, 50'000, "1:rung_always"},
      {Level::Orange, 0, 0, 0, "1:rung_always 2:rung_level"},
      {Level::Blue, 0, 0, 50'001, "1:rung_always 2:rung_loss"},
      {Level::Blue, 20, 0, 0, "1:rung_always 2:rung_level 3:rung_groups"},
      {Level::Red, 0, 0, 0, "1:rung_always 2:rung_level 3:rung_level"},
      {Level::Blue, 0, 100'001, 0, "1:rung_always 4:rung_people"},
      {Level::Blue, 0, 0, 1'000'001, "1:rung_always 2:rung_loss 3:rung_loss 4:rung_loss"},
  };
  for (const Row& r : rows)
    CHECK(crossed(usual(), 0, {r.level, r.groups, r.people, loss(r.loss_cny)}) == r.expected);
}

TEST_CASE("of several crossed bounds a rung names loss, then people, then groups, then level") {
  core::Ladder ladder;
  ladder.rungs.resize(1);
  core::Bounds& enter = ladder.rungs[0].enter;
  const Standing standing{Level::Red, 50, 5'000, loss(9)};
  const auto code = [&] { return alerting::climb(ladder, 0, standing).crossed.at(0).because.code; };
  enter.always = true;
  CHECK(code() == "rung_always");
  enter.level = Level::Orange;
  CHECK(code() == "rung_level");
  enter.groups = 50;
  CHECK(code() == "rung_groups");
  enter.people = core::Over{4'999};
  CHECK(code() == "rung_people");
  enter.loss_cny = core::Over{8};
  CHECK(code() == "rung_loss");
}

TEST_CASE("crossing a bound gives at least the rung's level, which may cross further bounds") {
  const Climb up = alerting::climb(usual(), 1, {Level::Yellow, 25, 0, {}});
  CHECK(up.level == Level::Red);
  CHECK(up.level_by == "director");
  CHECK(up.crossed.size() == 2);
  // The level bound of a rung alone raises nothing.
  CHECK(alerting::climb(usual(), 1, {Level::Orange, 3, 0, {}}).level == Level::Orange);
  CHECK(alerting::climb(usual(), 1, {Level::Orange, 3, 0, {}}).level_by == "");
}

TEST_CASE(
    "a rung entered already is not entered again, but its crossed bound still gives its level") {
  const Climb up = alerting::climb(usual(), 4, {Level::Yellow, 25, 0, {}});
  CHECK(up.crossed.empty());
  CHECK(up.level == Level::Red);
}

TEST_CASE("a rung beyond a shorter ladder is its last one") {
  CHECK(alerting::rung_of(usual(), 2).name == "manager");
  CHECK(alerting::rung_of(usual(), 9).name == "ceo");
}

TEST_CASE("climbing agrees with obvious code on random ladders: more never enters less") {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto maybe = [&](int n) -> std::optional<int64_t> {
    if (below(2) == 0) return std::nullopt;
    return below(n);
  };
  for (int round = 0; round < 5'000; ++round) {
    core::Ladder ladder;
    for (int i = 0; i < 1 + below(5); ++i) {
      core::Rung rung;
      rung.name = std::to_string(i);
      if (below(2) == 0) rung.enter.level = static_cast<Level>(1 + below(4));
      rung.enter.groups = maybe(10);
      if (const auto n = maybe(10)) rung.enter.people = core::Over{*n};
      if (const auto n = maybe(10)) rung.enter.loss_cny = core::Over{*n};
      rung.enter.always = below(8) == 0;
      ladder.rungs.push_back(rung);
    }
    const Standing s{static_cast<Level>(1 + below(4)), below(10), below(10), loss(below(10))};
    // Obvious: raise the level until nothing changes, then ask every rung.
    Level level = s.level;
    const auto is_crossed = [&](const core::Bounds& b) {
      return b.always || (b.level && level >= *b.level) || (b.groups && s.groups >= *b.groups) ||
             (b.people && s.people > b.people->over) ||
             (b.loss_cny && s.loss.cny > b.loss_cny->over);
    };
    for (bool again = true; again;) {
      again = false;
      for (const core::Rung& rung : ladder.rungs)
        if (is_crossed(rung.enter) && rung.enter.level && *rung.enter.level > level)
          level = *rung.enter.level, again = true;
    }
    std::vector<uint32_t> rungs;
    for (uint32_t i = 0; i < ladder.rungs.size(); ++i)
      if (is_crossed(ladder.rungs[i].enter)) rungs.push_back(i + 1);
    const Climb up = alerting::climb(ladder, 0, s);
    REQUIRE(up.level == level);
    REQUIRE(up.crossed.size() == rungs.size());
    for (size_t i = 0; i < rungs.size(); ++i) REQUIRE(up.crossed[i].rung == rungs[i]);
  }
}
