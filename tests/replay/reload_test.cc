#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "tests/replay/house.h"

// `qingyu run` takes up changed rules while it runs, keeps the old ones on a mistake, and a replay
// with its Books and its journal decides the same.
namespace {

using tests::House;

constexpr const char* kPack =
    "pack: tiny\nowner: qa\nrules:\n  - id: expired\n    name: 过期\n    issue: expiry\n"
    "    level: LEVEL\n    subject: product\n    when: {any: [过期]}\n"
    "    tests: [{hit: 过期了}, {miss: 很好}]\n";

std::string pack(const std::string& level) {
  std::string text = kPack;
  return text.replace(text.find("LEVEL"), 5, level);
}

uint64_t reloads(House& house, const char* which) {
  const auto status = house.status();
  return status.contains("reloads") ? status["reloads"].value(which, uint64_t{0}) : 0;
}

// Decisions of the run, and of a replay with its Books and journal, older than `before`.
std::vector<std::string> decisions(const std::string& lines, int64_t before) {
  std::vector<std::string> all;
  for (const std::string& line : tests::lines_of(lines)) {
    const auto json = nlohmann::json::parse(line);
    if (json["kind"] != "ledger" && json["at"].get<int64_t>() < before) all.push_back(json.dump());
  }
  return all;
}

// Up to where every shard of the stopped system has come.
int64_t drained(House& house) {
  int64_t smallest = INT64_MAX;
  const auto status = house.status();
  for (const auto& shard : status["shards"])
    smallest = std::min(smallest, shard["drained"].get<int64_t>());
  return smallest;
}

// The ledger of the run.
std::string live(House& house) {
  std::string lines;
  for (const auto& line : house.ledger()) lines += line.dump() + "\n";
  return lines;
}

std::string replayed(House& house, const std::string& shards) {
  const auto ran =
      tests::qingyu({"replay", house.file("events.jsonl"), "--config", house.file("qingyu.yaml"),
                     "--journal", house.store(), "--books", house.store(), "--shards", shards,
                     "--ledger", house.file("again.jsonl")},
                    house.folder());
  REQUIRE_MESSAGE(ran.code == 0, ran.output);
  return tests::read_file(house.file("again.jsonl"));
}

}  // namespace

TEST_CASE("changed rules come into force in a running system, and a replay repeats it") {
  House house;
  house.settings("follow: true", "lanes: 2\n");
  house.start();
  house.add(House::complaints(0, 0, 4));
  house.wait_until("an incident", [&] { return house.incidents().size() == 1; });
  const std::string before = house.status()["book"];

  // A file that changes is noticed, a hang-up looks at once; the levels tell which Book judged.
  tests::write_file(house.file("pack.yaml"), pack("orange"));
  house.wait_until("the first reload", [&] { return reloads(house, "done") == 1; });
  const std::string orange = house.status()["book"];
  CHECK(orange != before);
  house.add(House::complaints(20, 10, 4));
  house.wait_until("level orange", [&] { return house.incidents().front()["level"] == "orange"; });
  tests::write_file(house.file("pack.yaml"), pack("red"));
  house.daemon().signal(SIGHUP);
  house.wait_until("the second reload", [&] { return reloads(house, "done") == 2; });
  house.add(House::complaints(40, 20, 4));
  house.wait_until("level red", [&] { return house.incidents().front()["level"] == "red"; });

  // The same text again is nothing new.
  house.daemon().signal(SIGHUP);
  house.wait_until("nothing new", [&] { return reloads(house, "unchanged") >= 1; });
  CHECK(reloads(house, "done") == 2);
  house.add(House::complaints(120, 50, 1));
  house.wait_until("the last message is taken",
                   [&] { return house.status()["events"] == uint64_t{13}; });
  REQUIRE(house.stop() == 0);

  const int64_t end = drained(house);
  const auto decided = decisions(live(house), end);
  REQUIRE(decided.size() >= 4);
  for (const char* shards : {"1", "3"}) CHECK(decisions(replayed(house, shards), end) == decided);
}

TEST_CASE("a mistake in changed rules leaves the old ones in force and is shown") {
  House house;
  house.settings("follow: true");
  house.start();
  house.add(House::complaints(0, 0, 4));
  house.wait_until("an incident", [&] { return house.incidents().size() == 1; });
  const std::string before = house.status()["book"];
  tests::write_file(house.file("pack.yaml"), pack("purple"));
  house.wait_until("the failure", [&] { return reloads(house, "failed") == 1; });
  CHECK(house.status()["book"] == before);
  CHECK(house.status()["reloads"]["errors"] == 1);
  const std::string shown = house.command({"status"}).out;
  CHECK(shown.find("the last reload failed, the old rules stay") != shown.npos);
  CHECK(shown.find("pack.yaml:7:") != shown.npos);
  CHECK(house.log().find("reload failed, the old rules stay") != std::string::npos);

  // Mended, and the mistake is forgotten.
  tests::write_file(house.file("pack.yaml"), pack("orange"));
  house.wait_until("the reload", [&] { return reloads(house, "done") == 1; });
  CHECK(house.status()["reloads"]["errors"] == 0);
  CHECK(house.command({"status"}).out.find("failed, the old") == std::string::npos);
  CHECK(house.log().find("rules reloaded: book ") != std::string::npos);
  REQUIRE(house.stop() == 0);
  CHECK(std::filesystem::exists(house.file("live.db.cache")));  // of compiled rules
}

TEST_CASE("a system killed while rules change goes on with the Books of its store") {
  House house;
  house.settings("follow: true", "lanes: 2\n");
  for (int round = 0; round < 4; ++round) {
    house.start();
    house.add(House::complaints(round * 20, round * 8, 4));
    house.wait_until("the messages", [&] {
      const auto status = house.status();
      return status.value("pid", 0) == house.daemon().pid() && status["events"].get<int>() > 0;
    });
    tests::write_file(house.file("pack.yaml"), pack(round % 2 == 0 ? "orange" : "red"));
    house.daemon().signal(SIGHUP);
    if (round % 2 == 0) house.wait_until("the reload", [&] { return reloads(house, "done") == 1; });
    house.daemon().signal(SIGKILL);
    house.daemon().wait();
  }
  house.start();
  house.add(House::complaints(200, 80, 1));
  house.wait_until("everything is taken", [&] {
    const auto status = house.status();
    return status.value("pid", 0) == house.daemon().pid() && status["streams"][0]["lag"] == 0 &&
           house.command({"incidents", "--all", "--json"}).out.find("red") != std::string::npos;
  });
  REQUIRE(house.stop() == 0);
  const int64_t before = drained(house);
  CHECK(decisions(replayed(house, "2"), before) == decisions(live(house), before));
}
