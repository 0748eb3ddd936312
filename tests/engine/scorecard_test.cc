#include "engine/scorecard.h"

#include <doctest/doctest.h>

#include "engine/rule_desk.h"

using engine::Advice;
using engine::Card;
using engine::Opinion;
using engine::RuleDay;

namespace {

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kToday = 20'500;

core::Time hour(int64_t day, int64_t h) {
  return core::from_ms(day * kDay + h * 3'600'000 - 480 * 60'000);
}

rules::RuleFacts fact(const std::string& id, const std::string& mode = "active") {
  rules::RuleFacts f;
  f.id = id;
  f.name = "名 " + id;
  f.mode = mode;
  f.owner = "qa";
  f.hits = {"过期了"};
  return f;
}

RuleDay day(const std::string& rule, int64_t number, int64_t hits, const std::string& family) {
  RuleDay one;
  one.rule = rule;
  one.day = number;
  one.row.hits = hits;
  engine::add_group(one.row, static_cast<uint64_t>(number));
  for (int64_t i = 0; i < std::min<int64_t>(hits, 6); ++i)
    engine::add_caught(
        one.row, {hour(number, 9), "e" + std::to_string(number * 100 + i), family, "摘录 " + rule});
  engine::add_stretch(one.row,
                      {family, hour(number, 9), hour(number, 9) + core::Millis(60'000), hits});
  return one;
}

engine::VerdictRow said(const std::string& rule, int n, Opinion opinion) {
  engine::VerdictRow row{rule, "event:" + std::to_string(n), "duty", {}, 0};
  row.given.emplace_back();
  row.given[0].opinion = opinion;
  return row;
}

engine::ListedIncident incident(const std::string& family, int64_t number) {
  engine::ListedIncident one;
  one.first.incident = one.last.incident = "INC-1";
  one.first.family = one.last.family = family;
  one.first.first_at = one.last.first_at = hour(number, 8);
  one.first.at = hour(number, 10);
  one.last.at = hour(number, 20);
  one.last.state = core::IncidentState::Closed;
  one.lines = {R"({"kind":"incident"})", R"({"kind":"notification","id":"1"})",
               R"({"kind":"notification","id":"2"})"};
  return one;
}

struct Desk {
  std::vector<rules::RuleFacts> facts;
  std::vector<RuleDay> days;
  std::vector<engine::VerdictRow> verdicts;
  std::vector<engine::ListedIncident> incidents;

  void judged(const std::string& rule, int right, int wrong) {
    for (int i = 0; i < right; ++i) verdicts.push_back(said(rule, i, Opinion::Right));
    for (int i = 0; i < wrong; ++i) verdicts.push_back(said(rule, 100 + i, Opinion::Wrong));
  }
  Card card(const std::string& rule) const {
    for (const Card& one :
         engine::scorecard({facts, days, verdicts, incidents, hour(kToday, 12), 480, 4}))
      if (one.rule == rule) return one;
    FAIL("no card");
    return {};
  }
};

}  // namespace

TEST_CASE("scorecard: hits a week, groups, pages, and what a rule caught last") {
  Desk desk;
  desk.facts = {fact("a"), fact("b")};
  for (int64_t i = 0; i < 28; ++i) desk.days.push_back(day("a", kToday - i, 2, "brand:x"));
  desk.days.push_back(day("a", kToday - 40, 1000, "brand:x"));
  desk.days.push_back(day("b", kToday - 3, 1, "brand:y"));
  desk.incidents = {incident("brand:x", kToday - 2), incident("brand:x", kToday - 35)};
  const Card a = desk.card("a");
  CHECK(a.days == 28);
  CHECK(a.hits == 56);
  CHECK(a.per_week == doctest::Approx(14));
  CHECK(a.groups == 28);
  CHECK(a.incidents == 1);
  CHECK(a.pages == 2);
  CHECK(a.last.at == hour(kToday, 9));
  CHECK(a.noisy);
  CHECK(a.advice == Advice::Tune);
  const Card b = desk.card("b");
  CHECK(b.incidents == 0);
  CHECK(b.advice == Advice::Keep);
  CHECK_FALSE(b.silent);
}

TEST_CASE("scorecard: what verdicts say decides first, then silence, then noise and neglect") {
  Desk desk;
  desk.facts = {fact("bad"), fact("good"), fact("mute"), fact("poor"), fact("shadow", "shadow")};
  for (const char* rule : {"bad", "good", "poor"})
    for (int64_t i = 0; i < 20; ++i) desk.days.push_back(day(rule, kToday - i, 1, "brand:x"));
  desk.judged("bad", 1, 5);
  desk.judged("good", 9, 1);
  desk.judged("poor", 3, 2);
  CHECK(desk.card("bad").advice == Advice::Retire);
  CHECK(desk.card("good").advice == Advice::Keep);
  CHECK(desk.card("poor").advice == Advice::Tune);
  CHECK(desk.card("mute").advice == Advice::Retire);
  CHECK(desk.card("mute").silent);
  CHECK(desk.card("mute").reason.find("20") != std::string::npos);
  desk.facts[2].hits.clear();
  desk.days.push_back(day("mute", kToday, 1, "brand:z"));
  CHECK(desk.card("mute").advice == Advice::Tune);
  CHECK(desk.card("mute").examples == 0);
}

TEST_CASE("scorecard: a system that has run for a week calls nobody silent") {
  Desk desk;
  desk.facts = {fact("a"), fact("b")};
  desk.days = {day("a", kToday - 6, 1, "brand:x")};
  CHECK(desk.card("b").days == 7);
  CHECK_FALSE(desk.card("b").silent);
  CHECK(desk.card("b").advice == Advice::Keep);
}

TEST_CASE("scorecard: rules that hit the same messages overlap") {
  Desk desk;
  desk.facts = {fact("a"), fact("b"), fact("c")};
  for (int64_t i = 0; i < 3; ++i) {
    desk.days.push_back(day("a", kToday - i, 2, "brand:x"));
    desk.days.push_back(day("b", kToday - i, 4, "brand:x"));
  }
  CHECK(desk.card("a").overlaps == std::vector<std::string>{"b"});
  CHECK(desk.card("b").overlaps == std::vector<std::string>{"a"});
  CHECK(desk.card("c").overlaps.empty());
}

TEST_CASE("participants: who hit messages of the family while there was evidence") {
  std::vector<RuleDay> days = {day("a", kToday, 2, "brand:x"), day("b", kToday, 2, "brand:y"),
                               day("c", kToday - 1, 2, "brand:x"), day("s", kToday, 0, "brand:x")};
  days[3].row.shadow_hits = 3;
  const auto one = incident("brand:x", kToday);
  const auto found = engine::participants(one, days);
  REQUIRE(found.size() == 2);
  CHECK(found[0].rule == "a");
  CHECK_FALSE(found[0].shadow);
  CHECK(found[0].caught.size() == 2);
  CHECK(found[1].rule == "s");
  CHECK(found[1].shadow);
  CHECK(engine::openers(one, days) == std::vector<std::string>{"a"});
}
