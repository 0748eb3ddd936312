// Two results of the same history side by side, without running anything.
#include "engine/comparison.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

#include "engine/backtest_report.h"

namespace {

core::Time minute(int64_t n) { return core::from_ms(1'776'300'000'000 + n * 60'000); }

engine::PastIncident incident(const std::string& family, int64_t from, int64_t to) {
  engine::PastIncident one;
  one.id = family + "@" + std::to_string(from);
  one.family = family;
  one.first_at = one.opened = minute(from);
  one.ended = minute(to);
  return one;
}

engine::SideResult side(std::vector<engine::PastIncident> incidents) {
  engine::SideResult r;
  r.events = 10;
  r.first = minute(0);
  r.last = minute(7 * 24 * 60);
  r.incidents = std::move(incidents);
  return r;
}

// The signals of one message.
std::vector<core::Signal> of(const std::string& event, std::vector<core::Signal> signals) {
  for (core::Signal& signal : signals) signal.event = event;
  return signals;
}

core::Signal hit(const std::string& rule, int32_t weight = 1000) {
  core::Signal s;
  core::RuleHit one;
  one.rule = rule;
  one.weight_permille = weight;
  s.hits.push_back(one);
  s.excerpt = "说了什么";
  return s;
}

std::vector<std::string> ids(const std::vector<engine::HitTally::Message>& messages) {
  std::vector<std::string> all;
  for (const auto& m : messages) all.push_back(m.event);
  return all;
}

}  // namespace

TEST_CASE("incidents of one family at overlapping times are the same one, others are new or gone") {
  const auto c = engine::compare(
      side({incident("brand:a", 0, 10), incident("brand:a", 100, 110), incident("brand:b", 0, 9)}),
      side({incident("brand:a", 5, 20), incident("brand:a", 50, 60), incident("brand:c", 0, 9)}));
  CHECK(c.count(engine::Fate::Later) == 1);  // 0 -> 5
  CHECK(c.count(engine::Fate::New) == 2);    // a at 50, c
  CHECK(c.count(engine::Fate::Gone) == 2);   // a at 100, b
  CHECK(c.count(engine::Fate::Same) == 0);
  CHECK(c.differs());
}

TEST_CASE("an incident that has not ended overlaps with all that follows") {
  auto open = incident("brand:a", 0, 0);
  open.ended.reset();
  const auto c = engine::compare(side({open}), side({incident("brand:a", 500, 600)}));
  CHECK(c.count(engine::Fate::Later) == 1);
}

TEST_CASE("within the minute it opened at the same time; how much later it was told is counted") {
  auto before = incident("brand:a", 10, 20), after = incident("brand:a", 10, 20);
  after.opened += core::Millis(59'000);
  before.first_page = minute(15);
  after.first_page = minute(11);
  const auto c = engine::compare(side({before}), side({after}));
  REQUIRE(c.incidents.size() == 1);
  CHECK(c.incidents[0].fate == engine::Fate::Same);
  CHECK(c.incidents[0].page_minutes() == -4);
  CHECK(c.incidents[0].differs());
  CHECK(engine::lead_text(-4).starts_with("提前 4"));
  CHECK(engine::lead_text(3).starts_with("推迟 3"));
  CHECK(engine::lead_text({}) == "-");
}

TEST_CASE("two equal results do not differ") {
  auto one = side({incident("brand:a", 10, 20)}), two = one;
  one.pages[{"duty", "duty"}] = two.pages[{"duty", "duty"}] = 4;
  const std::vector<core::Signal> signals = {hit("r")};
  one.tally.take(of("e1", signals));
  two.tally.take(of("e1", signals));
  const auto c = engine::compare(std::move(one), std::move(two));
  CHECK_FALSE(c.differs());
  CHECK(engine::backtest_text(c).find("没有差别 no difference") != std::string::npos);
  CHECK(engine::backtest_html(c).find("没有差别 no difference") != std::string::npos);
}

TEST_CASE("pages are counted a person and rung, and told a week") {
  auto before = side({}), after = side({});
  before.pages[{"duty", "duty"}] = 4;
  after.pages[{"duty", "duty"}] = 6;
  after.pages[{"ceo", "ceo"}] = 1;
  after.names["duty"] = "值班";
  const auto c = engine::compare(before, after);
  REQUIRE(c.pages.size() == 2);
  CHECK(c.pages[0].person == "ceo");
  CHECK(c.pages[1].name == "值班");
  CHECK(c.pages[1].before == 4);
  CHECK(c.weeks() == doctest::Approx(1));
  CHECK(engine::per_week(6, c.weeks()) == "6.0");
  CHECK(engine::per_week(6, 0) == "-");
  CHECK(engine::backtest_text(c).find("值班 duty (duty): 4.0 -> 6.0  (4 -> 6)") !=
        std::string::npos);
}

TEST_CASE("a message counts once for a rule, whatever number of families it concerns") {
  engine::HitTally tally;
  const std::vector<core::Signal> signals = {hit("r"), hit("r"), hit("weak", 500), hit("s")};
  tally.take(of("e1", signals));
  CHECK(tally.rows().at("r").messages == 1);
  CHECK(tally.rows().at("s").messages == 1);
  CHECK(tally.rows().at("").messages == 1);
  CHECK_FALSE(tally.rows().contains("weak"));
}

TEST_CASE("what only one tally has is found without a mistake, however large both are") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 30; ++round) {
    const size_t n = 1 + random() % 2'000;
    engine::HitTally one, two, parts[2];
    std::set<std::string> only_one;
    const std::vector<core::Signal> signals = {hit("r")};
    for (size_t i = 0; i < n; ++i) {
      const std::string id = "e" + std::to_string(random());
      const std::vector<core::Signal> e = of(id, signals);
      const uint64_t where = random() % 10;
      if (where < 9) one.take(e);
      if (where < 9) parts[i % 2].take(e);
      if (where > 0) two.take(e);
      if (where == 0) only_one.insert(id);
    }
    if (!one.rows().contains("r") || !two.rows().contains("r")) continue;
    const auto found = engine::only_in(one.rows().at("r"), two.rows().at("r"), 5);
    for (const auto& id : ids(found)) CHECK(only_one.contains(id));
    if (only_one.size() > 0 && n < engine::kTallySampleMax) CHECK_FALSE(found.empty());
    // Lanes may share the messages in any way.
    engine::HitTally merged = parts[0];
    merged.merge(parts[1]);
    CHECK(merged.rows().at("r").messages == one.rows().at("r").messages);
    CHECK(ids(engine::only_in(merged.rows().at("r"), two.rows().at("r"), 5)) == ids(found));
  }
}

TEST_CASE("a page holds no text that a browser would take for its own") {
  auto evil = incident("brand:<script>alert(1)</script>", 0, 10);
  evil.subject = "<script>alert(1)</script>";
  evil.excerpts = {"\"><img src=x onerror='x'>&"};
  const auto c = engine::compare(side({}), side({evil}));
  const std::string page = engine::backtest_html(c);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
  CHECK(page.find("width=device-width") != std::string::npos);
}
