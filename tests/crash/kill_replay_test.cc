#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/engine/composed.h"
#include "tests/replay/program.h"
#include "tests/servers.h"

// The real program, killed with SIGKILL at random moments while it replays from a real broker, goes
// on from its own store and ends with the ledger of a run that nobody disturbed.
namespace {

// QINGYU_ALL=1: all of them; else a sample.
constexpr size_t kAllKills = 200, kSomeKills = 40;
constexpr int kEarliestMs = 100, kLatestMs = 500, kLaterMs = 25;  // of a kill, after the start

class Replays {
 public:
  Replays() {
    tests::write_catalogue(folder_.path());
    const auto lines = tests::shuffled(tests::compose({.seed = tests::test_seed(),
                                                       .events = 40'000,
                                                       .spreads = 30,
                                                       .hours = 200,
                                                       .broken = true,
                                                       .replies = true}),
                                       5);
    kafka_.create_topic("events", 3);
    std::vector<tests::Line> all;
    for (const tests::ComposedLine& line : lines) all.push_back({line.channel, line.json});
    kafka_.produce("events", all);
  }

  std::vector<std::string> arguments(const std::string& name) {
    return {"replay",         "kafka://" + kafka_.address() + "/events",
            "--catalogue",    folder_.path(),
            "--ledger",       folder_.file(name + ".jsonl"),
            "--resume",       folder_.file(name + ".db"),
            "--lanes",        "2",
            "--shards",       "3",
            "--commit-every", "400",
            "--json"};
  }
  std::string ledger(const std::string& name) {
    return tests::read_file(folder_.file(name + ".jsonl"));
  }
  std::string dead_letters(const std::string& name) {
    return tests::read_file(folder_.file(name + ".db.dead_letters.jsonl"));
  }
  const std::string& folder() const { return folder_.path(); }
  void forget(const std::string& name) {
    for (const char* suffix : {".db", ".db-wal", ".db-shm", ".jsonl", ".db.dead_letters.jsonl"})
      std::filesystem::remove(folder_.file(name + suffix));
  }

 private:
  tests::Temporary folder_;
  tests::KafkaBroker kafka_;
};

nlohmann::json summary_of(const std::string& output) {
  return nlohmann::json::parse(output.substr(output.rfind("{\"events\"")));
}

}  // namespace

TEST_CASE("random kills of a replay from a real broker change nothing (slow)") {
  Replays replays;
  const auto undisturbed = tests::qingyu(replays.arguments("whole"), replays.folder());
  REQUIRE_MESSAGE(undisturbed.code == 0, undisturbed.output);
  const std::string expected = replays.ledger("whole");
  REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 300);
  const auto events = summary_of(undisturbed.output)["events"];

  std::mt19937_64 random(tests::test_seed());
  size_t kills = 0, rounds = 0;
  while (kills < (tests::whole_matrices() ? kAllKills : kSomeKills)) {
    replays.forget("killed");
    ++rounds;
    // Later and later, so that a slow machine comes to an end too.
    int latest = kLatestMs;
    for (bool ended = false; !ended; latest += kLaterMs) {
      std::vector<std::string> all = replays.arguments("killed");
      all.insert(all.begin(), tests::qingyu_path());
      tests::Child child(all, replays.folder() + "/killed.log");
      std::uniform_int_distribution<int> when(kEarliestMs, latest);
      ended = child.ends_within(std::chrono::milliseconds(when(random)));
      if (!ended) ++kills;
      child.kill9();
    }
    const auto last = tests::qingyu(replays.arguments("killed"), replays.folder());
    REQUIRE_MESSAGE(last.code == 0, last.output);
    REQUIRE(replays.ledger("killed") == expected);
    CHECK(summary_of(last.output)["events"] == events);
    CHECK(std::ranges::count(replays.dead_letters("killed"), '\n') ==
          std::ranges::count(replays.dead_letters("whole"), '\n'));
  }
  MESSAGE(kills << " kills in " << rounds << " replays");
}
