// What rules hit is counted once, whatever the layout and however often the system falls over.
#include "engine/rule_tally.h"

#include <doctest/doctest.h>

#include <random>

#include "core/hash.h"
#include "store/open.h"
#include "tests/engine/stepped.h"

using engine::RuleDay;
using engine::RuleTally;
using engine::TallyRow;

namespace {

constexpr core::Time kStart = core::from_ms(1'776'300'000'000);

core::Signal signal_of(uint64_t n, const std::string& rule, bool shadow) {
  core::Signal s;
  s.at = kStart + core::Millis(static_cast<int64_t>(n) * 1000);
  s.event = "e" + std::to_string(n);
  s.kind = core::Kind::Chat;
  s.family = "brand:" + std::to_string(n % 3);
  s.channel = "g" + std::to_string(n % 7);
  s.excerpt = "过期了 " + std::to_string(n);
  s.named = !shadow;
  core::RuleHit hit;
  hit.rule = rule;
  hit.first = true;
  (shadow ? s.shadow_hits : s.hits).push_back(hit);
  return s;
}

std::string all_of(core::Store& store) {
  const auto days = engine::read_tally(store);
  REQUIRE(days.ok());
  std::string all;
  for (const RuleDay& day : *days)
    all += day.rule + " " + std::to_string(day.day) + " " + engine::encode(day.row) + "\n";
  return all;
}

void keep(core::Store& store, RuleTally& tally) {
  for (const core::Slot& slot : tally.changed()) REQUIRE(store.keep(slot).ok());
}

std::unique_ptr<core::Store> memory() {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return std::move(*store);
}

}  // namespace

TEST_CASE("tally: parts of a day add up to the day, in any order") {
  std::mt19937_64 random(3);
  TallyRow whole;
  std::vector<TallyRow> parts(5);
  for (uint64_t n = 0; n < 2'000; ++n) {
    TallyRow& part = parts[random() % parts.size()];
    for (TallyRow* row : {&whole, &part}) {
      const std::string family = "f" + std::to_string(n % 4);
      const core::Time at = kStart + core::Millis(static_cast<int64_t>(n) * 5'000);
      ++row->hits;
      engine::add_group(*row, core::hash64("g" + std::to_string(n % 900)));
      engine::add_caught(*row, {at, "e" + std::to_string(n), family, "x"});
      engine::add_stretch(*row, {family, at, at, 1});
    }
  }
  TallyRow sum;
  std::ranges::shuffle(parts, random);
  for (const TallyRow& part : parts) engine::add(sum, part);
  CHECK(engine::encode(sum) == engine::encode(whole));
  CHECK(whole.samples.size() == TallyRow::kSamplesMax);
  CHECK(whole.last.event == "e1999");
  const double groups = static_cast<double>(engine::distinct_groups(whole));
  CHECK(groups == doctest::Approx(900).epsilon(0.2));
  TallyRow back;
  REQUIRE(engine::decode(engine::encode(whole), back));
  CHECK(engine::encode(back) == engine::encode(whole));
  const std::string bytes = engine::encode(whole);
  for (size_t size = 0; size < bytes.size(); size += 7)
    CHECK_FALSE(engine::decode(bytes.substr(0, size), back));
}

TEST_CASE("tally: few groups are counted exactly, and what finds no room is counted") {
  TallyRow row;
  for (int i = 0; i < 600; ++i) {
    engine::add_group(row, core::hash64(std::to_string(i % 255)));
    engine::add_stretch(row, {"f" + std::to_string(i % 100), kStart, kStart, 1});
  }
  CHECK(engine::distinct_groups(row) == 255);
  CHECK(row.stretches.size() == TallyRow::kStretchesMax);
  CHECK(row.dropped == 600 - 64 * 6);
}

TEST_CASE("tally: the same on every layout and through crashes") {
  size_t crashes = 0;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const auto lines = tests::compose({.seed = seed});
    const auto plain = memory();
    tests::run_stepped(lines, {}, *plain);
    const std::string expected = all_of(*plain);
    CHECK(expected.size() > 500);
    for (uint64_t run = 0; run < 4; ++run) {
      const auto store = memory();
      const tests::SteppedSpec spec{.lanes = 1 + run % 3,
                                    .shards = 1 + static_cast<uint32_t>(run * 2),
                                    .seed = seed * 10 + run,
                                    .crash_every = 700};
      crashes += tests::run_stepped(tests::shuffled(lines, seed), spec, *store).crashes;
      CHECK(all_of(*store) == expected);
    }
  }
  CHECK(crashes > 20);
}

TEST_CASE("tally: it goes on after a restart as if there had been none, days included") {
  const auto once = memory(), often = memory();
  RuleTally whole(2);
  auto part = std::make_unique<RuleTally>(2);
  for (uint64_t n = 0; n < 3'000; ++n) {
    core::Signal signal = signal_of(n, n % 2 == 0 ? "a" : "b", n % 3 == 0);
    signal.at = kStart + core::Millis(static_cast<int64_t>(n) * 100'000);
    whole.take(signal, 480);
    part->take(signal, 480);
    if (n % 400 != 0) continue;
    keep(*once, whole);
    keep(*often, *part);
    part = std::make_unique<RuleTally>(2);
    REQUIRE(part->load(*often, signal.at).ok());
  }
  keep(*once, whole);
  keep(*often, *part);
  CHECK(all_of(*once) == all_of(*often));
  const auto days = engine::read_tally(*once, "a");
  REQUIRE(days.ok());
  CHECK(days->size() == 4);
  int64_t hits = 0, shadows = 0;
  for (const RuleDay& day : *days) hits += day.row.hits, shadows += day.row.shadow_hits;
  CHECK(hits == 1'000);
  CHECK(shadows == 500);
}

TEST_CASE("tally: a message that only a shadow hit and that comes again counts once") {
  const auto store = memory();
  auto tally = std::make_unique<RuleTally>(0);
  tally->take(signal_of(1, "a", true), 480);
  tally->take(signal_of(1, "a", true), 480);
  keep(*store, *tally);
  tally = std::make_unique<RuleTally>(0);
  REQUIRE(tally->load(*store, kStart).ok());
  tally->take(signal_of(1, "a", true), 480);
  tally->take(signal_of(4, "a", true), 480);
  keep(*store, *tally);
  const auto days = engine::read_tally(*store);
  REQUIRE(days->size() == 1);
  CHECK(days->front().row.shadow_hits == 2);
  CHECK(days->front().row.hits == 0);
}

TEST_CASE("tally: beyond its number of rules a hit is only counted as dropped") {
  RuleTally tally(0);
  for (uint64_t n = 0; n < RuleTally::kRulesMax + 10; ++n)
    tally.take(signal_of(n / 1000, "r" + std::to_string(n), false), 480);
  CHECK(tally.dropped() == 10);
  CHECK(tally.changed().size() == RuleTally::kRulesMax);
  core::Signal tomorrow = signal_of(1, "new", false);
  tomorrow.at += core::Millis(86'400'000);
  tally.take(tomorrow, 480);
  CHECK(tally.dropped() == 10);
}
