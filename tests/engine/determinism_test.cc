#include <doctest/doctest.h>

#include "store/open.h"
#include "tests/engine/stepped.h"
#include "tests/engine/torn_store.h"

// The same records give the same ledger on any number of lanes, shards, partitions and crashes
// (DESIGN 7), and four systems that each break one rule do not: what a test cannot see fail proves
// nothing.
namespace {

using tests::ComposedLine;
using tests::SteppedSpec;

constexpr uint64_t kStories = 6;

std::vector<ComposedLine> story(uint64_t seed) { return tests::compose({.seed = seed}); }

std::string reference(const std::vector<ComposedLine>& lines) {
  return tests::run_stepped(lines, {}).ledger;
}

size_t lines_in(const std::string& ledger) {
  return static_cast<size_t>(std::count(ledger.begin(), ledger.end(), '\n'));
}

}  // namespace

TEST_CASE("the composed stories give something to decide") {
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const std::string ledger = reference(story(seed));
    CHECK(lines_in(ledger) > 40);
    for (const char* code :
         {"\"rule_groups\"", "\"missed_ack\"", "\"quiet\"", "\"groups_doubled\""})
      CHECK_MESSAGE(ledger.find(code) != std::string::npos, "seed " << seed << " lacks " << code);
  }
}

TEST_CASE("one ledger for every number of lanes, shards and partitions, in order and shuffled") {
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = story(seed);
    const std::string expected = reference(lines);
    uint64_t order = seed * 100;
    for (const size_t lanes : {1, 2, 4})
      for (const uint32_t shards : {1, 3, 8}) {
        const SteppedSpec spec{.lanes = lanes,
                               .shards = shards,
                               .partitions = 1 + static_cast<uint32_t>(++order % 4),
                               .seed = order};
        CHECK(tests::run_stepped(lines, spec).ledger == expected);
        CHECK(tests::run_stepped(tests::shuffled(lines, order), spec).ledger == expected);
      }
  }
}

TEST_CASE("one ledger through any number of crashes") {
  size_t crashes = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = tests::shuffled(story(seed), seed);
    const std::string expected = reference(lines);
    for (uint64_t run = 0; run < 6; ++run) {
      const SteppedSpec spec{.lanes = 1 + run % 3,
                             .shards = 1 + static_cast<uint32_t>(run % 4),
                             .partitions = 1 + static_cast<uint32_t>(run % 3),
                             .seed = seed * 1000 + run,
                             .crash_every = 700};
      const auto result = tests::run_stepped(lines, spec);
      CHECK(result.ledger == expected);
      crashes += result.crashes;
    }
  }
  CHECK(crashes > 150);
}

TEST_CASE("late events keep their place through crashes when announcements are kept") {
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = tests::compose({.seed = seed, .late = true, .broken = true});
    auto store = store::open_store({.kind = "memory"});
    REQUIRE(store.ok());
    // Announced as a live system does, with crashes; then replayed from what was kept.
    const auto live = tests::run_stepped(
        lines, {.seed = seed, .crash_every = 900, .announce_every = 60}, **store);
    CHECK(live.late > 10);
    CHECK(live.dead_letters > 3);
    auto again = store::open_store({.kind = "memory"});
    REQUIRE(again.ok());
    const auto kept = (*store)->announcements("lines/0", 0);
    REQUIRE(kept.ok());
    REQUIRE((*again)->announce(*kept).ok());
    CHECK(tests::run_stepped(lines, {.shards = 3, .seed = seed + 1}, **again).ledger ==
          live.ledger);
  }
}

TEST_CASE("control: without waiting for stragglers the ledger depends on the order") {
  SteppedSpec hasty;
  hasty.limits.lateness = core::Millis(0);
  size_t differ = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = story(seed);
    differ +=
        tests::run_stepped(tests::shuffled(lines, seed), hasty).ledger != reference(lines) ? 1 : 0;
  }
  CHECK(differ >= kStories - 2);
}

TEST_CASE("control: positions that are not saved with the state lose or repeat decisions") {
  size_t differ = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = story(seed);
    auto whole = store::open_store({.kind = "memory"});
    REQUIRE(whole.ok());
    tests::TornStore torn(**whole);
    const auto result = tests::run_stepped(lines, {.seed = seed, .crash_every = 700}, torn);
    differ += result.ledger != reference(lines) ? 1 : 0;
  }
  CHECK(differ == kStories);
}

TEST_CASE("control: lateness judged against announcements that nobody kept cannot be repeated") {
  size_t differ = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = tests::compose({.seed = seed, .late = true});
    const SteppedSpec live{.seed = seed, .announce_every = 20, .keep_announcements = false};
    differ += tests::run_stepped(lines, live).ledger != reference(lines) ? 1 : 0;
  }
  CHECK(differ >= kStories / 2);
}
