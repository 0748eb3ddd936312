#include "engine/families.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "engine/lane.h"
#include "engine/ledger.h"
#include "ingest/decode.h"
#include "tests/engine/composed.h"
#include "tests/engine/stepped.h"

namespace {

// The signals of a composed story, in order.
std::vector<core::Signal> signals_of(const tests::ComposedSpec& spec) {
  engine::Lane lane(tests::composed_shelf(), {}, {});
  const auto decoder = ingest::make_decoder("qingyu");
  ingest::EventBatch events;
  engine::Batch batch;
  std::vector<core::Signal> signals;
  for (const tests::ComposedLine& line : tests::compose(spec)) {
    events.clear();
    if (!decoder->decode(line.json, events) || events[0].act) continue;
    events[0].at = events[0].published;
    batch.push(events.slot(0));
  }
  lane.begin(batch);
  for (size_t i = 0; i < batch.size(); ++i) lane.judge(batch, i, signals);
  std::ranges::stable_sort(signals, {},
                           [](const core::Signal& s) { return std::tie(s.at, s.event, s.family); });
  return signals;
}

core::PolicyTimeline policies() {
  core::PolicyTimeline timeline;
  const auto& book = tests::composed_shelf().front().second;
  timeline.add(core::kTimeMin, std::shared_ptr<const core::Policy>(book, &book->policy()));
  return timeline;
}

std::string decided(const alerting::Decisions& d) {
  std::multiset<std::string> lines;
  for (const auto& c : d.changes) lines.insert(engine::ledger_line(c).line);
  for (const auto& n : d.notifications) lines.insert(engine::ledger_line(n).line);
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

constexpr size_t kHoldEvery = 45, kHeldFor = 20;  // signals

// Holds people's deadlines now and then, as when the sources lag behind.
void hold_now_and_then(engine::Families& families, size_t i, core::Time at) {
  if (i % kHoldEvery == kHoldEvery - 1) families.hold(true, at);
  if (i % kHoldEvery == kHeldFor) families.hold(false, at);
}

// Feeds the signals; deadlines are looked at before every `deadlines_every`-th.
std::string feed(const std::vector<core::Signal>& signals, size_t deadlines_every,
                 bool holds = false) {
  const core::PolicyTimeline timeline = policies();
  engine::Families families(timeline, {}, 50'000);
  alerting::Decisions all;
  for (size_t i = 0; i < signals.size(); ++i) {
    if (i % deadlines_every == 0) families.run_deadlines(signals[i].at, all);
    if (holds) hold_now_and_then(families, i, signals[i].at);
    families.observe(signals[i], all);
  }
  families.run_deadlines(signals.back().at, all);
  return decided(all);
}

}  // namespace

TEST_CASE("control: deadlines that run when noticed and not when due decide differently") {
  size_t differ = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const auto signals = signals_of({.seed = seed});
    REQUIRE(signals.size() > 100);
    differ += feed(signals, 1) != feed(signals, 40) ? 1 : 0;
  }
  CHECK(differ >= 3);
}

TEST_CASE("saved and loaded after every few signals, families decide as if they had never been") {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    const bool holds = seed > 4;
    const auto signals = signals_of({.seed = seed});
    const core::PolicyTimeline timeline = policies();
    std::map<std::string, std::string> stored;
    auto families = std::make_unique<engine::Families>(timeline, engine::CaseSpec{}, 50'000);
    alerting::Decisions all;
    for (size_t i = 0; i < signals.size(); ++i) {
      families->run_deadlines(signals[i].at, all);
      if (holds) hold_now_and_then(*families, i, signals[i].at);
      families->observe(signals[i], all);
      if (i % 7 != 0) continue;
      for (auto& [family, bytes] : families->changed(signals[i].at)) {
        if (bytes.empty()) {
          stored.erase(family);
        } else {
          stored[family] = bytes;
        }
      }
      const bool held = families->held();
      families = std::make_unique<engine::Families>(timeline, engine::CaseSpec{}, 50'000);
      families->set_held(held);
      REQUIRE(families->load({stored.begin(), stored.end()}).ok());
    }
    families->run_deadlines(signals.back().at, all);
    CHECK(decided(all) == feed(signals, 1, holds));
    if (holds) CHECK(decided(all) != feed(signals, 1));
  }
}

TEST_CASE(
    "beyond their number the longest quiet families without an incident are forgotten and "
    "counted") {
  const core::PolicyTimeline timeline = policies();
  engine::Families families(timeline, {}, 100);
  alerting::Decisions all;
  for (int i = 0; i < 150; ++i) {
    core::Signal s;
    s.at = s.published = core::from_ms(1'776'300'000'000 + i * 1000);
    s.event = "e" + std::to_string(i);
    s.family = "brand:" + std::to_string(i);
    s.named = true;
    families.observe(s, all);
  }
  CHECK(families.size() <= 100);
  CHECK(families.dropped() >= 50);
  CHECK(families.all().contains("brand:149"));
  CHECK_FALSE(families.all().contains("brand:0"));
}
