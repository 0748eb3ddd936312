// Replies through crashes, lost stores and any number of lanes: one ledger.
#include <doctest/doctest.h>

#include "store/open.h"
#include "tests/engine/lossy_store.h"
#include "tests/engine/stepped.h"

namespace {

using tests::ComposedLine;
using tests::SteppedSpec;

constexpr uint64_t kStories = 4;

std::vector<ComposedLine> story(uint64_t seed) {
  return tests::compose({.seed = seed, .events = 1'500, .hours = 12, .replies = true});
}

std::string reference(const std::vector<ComposedLine>& lines) {
  return tests::run_stepped(lines, {}).ledger;
}

std::unique_ptr<core::Store> memory() {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return std::move(*store);
}

}  // namespace

TEST_CASE("replies: the composed stories have incidents that only replies can open") {
  size_t without = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    auto lines = story(seed);
    const std::string ledger = reference(lines);
    CHECK(ledger.find("\"rule_groups\"") != std::string::npos);
    for (ComposedLine& line : lines)
      for (const char* how : {"\"reply_to\"", "\"root\""})
        if (const size_t at = line.json.find(how); at != std::string::npos)
          line.json.replace(at, 3, "\"xx");
    without += reference(lines) != ledger ? 1 : 0;
  }
  CHECK(without == kStories);
}

TEST_CASE("replies: one ledger for every number of lanes and partitions, in order and shuffled") {
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = story(seed);
    const std::string expected = reference(lines);
    for (const size_t lanes : {1, 2, 4})
      for (const uint32_t partitions : {1, 3}) {
        const SteppedSpec spec{.lanes = lanes,
                               .shards = static_cast<uint32_t>(lanes) * 2 - 1,
                               .partitions = partitions,
                               .seed = seed * 10 + lanes};
        CHECK(tests::run_stepped(lines, spec).ledger == expected);
        CHECK(tests::run_stepped(tests::shuffled(lines, seed), spec).ledger == expected);
      }
  }
}

TEST_CASE("replies: one ledger through crashes, also when the number of lanes changes") {
  size_t crashes = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = tests::shuffled(story(seed), seed);
    const std::string expected = reference(lines);
    for (uint64_t run = 0; run < 6; ++run) {
      const SteppedSpec spec{.lanes = 1 + run % 3,
                             .shards = 1 + static_cast<uint32_t>(run % 4),
                             .partitions = 1 + static_cast<uint32_t>(run % 3),
                             .seed = seed * 1000 + run,
                             .crash_every = 300,
                             .commit_every = 20,
                             .other_lanes = run % 2 == 0};
      const auto result = tests::run_stepped(lines, spec);
      CHECK(result.ledger == expected);
      crashes += result.crashes;
    }
  }
  CHECK(crashes > 100);
}

TEST_CASE("replies: late events keep their subjects through crashes") {
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines =
        tests::compose({.seed = seed, .events = 1'500, .hours = 12, .late = true, .replies = true});
    const std::string expected = reference(lines);
    for (uint64_t run = 0; run < 4; ++run)
      CHECK(
          tests::run_stepped(
              lines,
              {.lanes = 1 + run, .seed = seed * 100 + run, .crash_every = 300, .commit_every = 20})
              .ledger == expected);
  }
}

TEST_CASE("control: replies whose subjects nobody kept lose them in a crash") {
  size_t differ = 0;
  for (uint64_t seed = 1; seed <= kStories; ++seed) {
    const auto lines = story(seed);
    const auto whole = memory();
    tests::LossyStore lossy(*whole, tests::LossyStore::Loses::Slots);
    const SteppedSpec spec{.seed = seed, .crash_every = 200, .commit_every = 10};
    differ += tests::run_stepped(lines, spec, lossy).ledger != reference(lines) ? 1 : 0;
  }
  CHECK(differ >= kStories / 2);
}

TEST_CASE("replies: a lane whose store is away sends nothing on, and goes on when it is back") {
  for (uint64_t seed = 1; seed <= 2; ++seed) {
    const auto lines = story(seed);
    const auto whole = memory();
    tests::LossyStore away(*whole, tests::LossyStore::Loses::MostAttempts);
    const SteppedSpec spec{.lanes = 2, .seed = seed, .crash_every = 400, .commit_every = 20};
    CHECK(tests::run_stepped(lines, spec, away).ledger == reference(lines));
    CHECK(away.refused() > 20);
  }
}
