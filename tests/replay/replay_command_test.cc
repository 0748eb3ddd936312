// `qingyu replay` and `qingyu learn` as their users type them: any input is taken, any mistake of
// the command line is told in one line, and what they count can be read off.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/replay/house.h"

namespace {

using nlohmann::json;

// What is lost in it: dead letters.
struct Input {
  std::string name;
  std::string bytes;
  uint64_t events, dead_letters;
};

std::string garbage() {
  std::mt19937_64 random(3);
  std::string bytes(100'000, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::vector<Input> strange_inputs() {
  const std::string good = tests::House::message(0, 1, "早上好");
  const std::string noise = garbage();
  // Empty lines are no messages.
  const auto lines = tests::lines_of(noise);
  const auto filled = static_cast<uint64_t>(std::ranges::count_if(
      lines, [](const std::string& line) { return !line.empty() && line != "\r"; }));
  const std::string long_text(10 << 20, 'x');
  return {{"empty", "", 0, 0},
          {"broken lines", "no JSON\n{\"id\":\n[1,2\n{}\n\n", 0, 4},
          {"binary garbage", noise, 0, filled},
          {"no last line break", good + good.substr(0, good.size() - 1), 2, 0},
          {"a line of 10 MB", tests::House::message(0, 1, long_text) + good, 1, 1}};
}

// `arguments` behind "replay" and what they must be told.
struct Mistake {
  std::vector<std::string> arguments;
  std::string says;
};

json summary(const tests::House& house, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {
      "replay",   house.file("events.jsonl"), "--config", house.file("qingyu.yaml"),
      "--ledger", house.file("ledger"),       "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const auto ran = tests::said(words, house.folder());
  REQUIRE_MESSAGE(ran.code == 0, ran.err);
  return json::parse(ran.out);
}

std::vector<json> incident_lines(const tests::House& house) {
  auto lines = tests::json_lines(tests::read_file(house.file("ledger")));
  std::erase_if(lines, [](const json& line) { return line["kind"] != "incident"; });
  return lines;
}

}  // namespace

TEST_CASE("a replay takes whatever its input holds and says how much of it was lost") {
  const tests::House house;
  for (const Input& input : strange_inputs()) {
    CAPTURE(input.name);
    tests::write_file(house.file("strange"), input.bytes);
    const std::vector<std::string> words = {"replay", house.file("strange"), "--config",
                                            house.file("qingyu.yaml")};
    const auto text = tests::said(words, house.folder());
    CHECK(text.code == 0);
    CHECK(text.err == "");
    const auto lines = tests::lines_of(text.out);
    CHECK(std::ranges::count(lines, "dead letters: " + std::to_string(input.dead_letters)) == 1);

    auto with_json = words;
    with_json.push_back("--json");
    const auto object = tests::said(with_json, house.folder());
    CHECK(object.code == 0);
    CHECK(object.err == "");
    CHECK(std::ranges::count(object.out, '\n') == 1);
    const json counted = json::parse(object.out);  // fails when anything stands beside it
    CHECK(counted.at("events") == input.events);
    CHECK(counted.at("dead_letters") == input.dead_letters);
  }
}

TEST_CASE("a mistake in the command line of a replay is told in one clear line, exit code 2") {
  tests::House house;
  const std::string events = house.file("events.jsonl"), nowhere = house.file("nowhere");
  tests::write_file(house.file("bad.yaml"), "store: {kind: sqlite\n");
  const Mistake mistakes[] = {
      {{nowhere}, "nowhere: No such file"},
      {{house.folder()}, "is not a file"},
      {{}, "FILE is required"},
      {{events, "--speed", "9"}, "--speed"},
      {{events, "--store", "oracle"}, "--store: oracle not in {memory,sqlite,redis}"},
      {{events, "--decoder", "fax"}, "--decoder: fax not in {qingyu,wecom,weibo}"},
      {{events, "--lanes", "0"}, "--lanes: Value 0 not in range 1 to 64"},
      {{events, "--lateness", "5 parsecs"}, "--lateness: expected a duration such as 5s"},
      {{events, "--until", "noon"}, "--until: expected epoch milliseconds, not noon"},
      {{events, "--answer", "maybe"}, "--answer: expected none or after:MINUTES, not maybe"},
      {{events, "--config", nowhere}, "cannot read the settings file"},
      {{events, "--config", house.file("bad.yaml")}, "bad.yaml:2:1: error: YAML"},
      {{events, "--rules", nowhere}, "nowhere: error: "},
      {{events, "--catalogue", nowhere}, "nowhere/catalogue.csv: error: "},
      {{events, "--key-file", nowhere}, "cannot read the key file"},
      {{events, "--books", nowhere}, "there is no store"},
      {{events, "--journal", nowhere}, "there is no store"},
      {{events, "--ledger", nowhere + "/ledger"}, "cannot write the ledger"},
      {{events, "--ledger", "-", "--json"}, "both want standard output"},
      {{"kafka://127.0.0.1:9092"}, "expected kafka://HOST:PORT/TOPIC"},
      {{"kafka://127.0.0.1:9092/events", events}, "one kafka:// topic, or files, not both"},
  };
  for (const Mistake& mistake : mistakes) {
    std::vector<std::string> words = {"replay"};
    words.insert(words.end(), mistake.arguments.begin(), mistake.arguments.end());
    if (std::ranges::count(words, "--config") == 0)
      words.insert(words.end(), {"--config", house.file("qingyu.yaml")});
    const auto ran = tests::said(words, house.folder());
    CAPTURE(mistake.says);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK_MESSAGE(ran.err.starts_with("qingyu"), ran.err);
    CHECK_MESSAGE(tests::lines_of(ran.err).size() == 1, ran.err);
    CHECK_MESSAGE(ran.err.find(mistake.says) != std::string::npos, ran.err);
  }
  CHECK_THROWS(tests::read_file(nowhere));  // no store was made by looking for one
}

TEST_CASE("an event that comes late counts as evidence, one from another week is a dead letter") {
  tests::House house;
  for (int minute = 50; minute < 54; ++minute)  // so that the stream knows what time it is
    house.add(tests::House::message(minute, 0, "早上好"));
  house.add(tests::House::complaints(60, 1, 2) + tests::House::complaints(58, 3, 1) +
            tests::House::complaints(-8 * 24 * 60, 4, 1));
  const json counted = summary(house);
  CHECK(counted["events"] == 7);
  CHECK(counted["late"] == 1);
  CHECK(counted["dead_letters"] == 1);
  const auto told = incident_lines(house);
  REQUIRE(told.size() == 1);
  CHECK(told[0]["groups"] == 3);
  CHECK(summary(house, {"--lateness", "5m"})["late"] == 0);
  // In time it was the first; late it is taken at the time that the stream had announced.
  const auto in_time = incident_lines(house);
  REQUIRE(in_time.size() == 1);
  CHECK(told[0]["first_at"].get<int64_t>() - in_time[0]["first_at"].get<int64_t>() == 120'000);
}

TEST_CASE("what was learnt from history is accepted by a replay, and keeps the usual quiet") {
  tests::House house;
  std::string history, today;
  for (int hour = 0; hour < 24 * 14; ++hour)
    for (int group = 0; group < 8; ++group)
      history += tests::House::message(hour * 60 + group * 7, group, "有人用过汀白洗衣液吗");
  for (int group = 0; group < 8; ++group)
    today += tests::House::message(24 * 60 * 15 + group, group, "有人用过汀白洗衣液吗");
  tests::write_file(house.file("history.jsonl"), history);
  const auto learnt = tests::said({"learn", house.file("history.jsonl"), "--config",
                                   house.file("qingyu.yaml"), "--out", house.file("baselines.tsv")},
                                  house.folder());
  REQUIRE_MESSAGE(learnt.code == 0, learnt.err);
  CHECK(tests::read_file(house.file("baselines.tsv"))
            .starts_with("# qingyu baselines 1\nbrand:汀白\t"));

  house.add(today);
  CHECK(summary(house)["incidents"] == 1);
  const auto unknown = tests::json_lines(tests::read_file(house.file("ledger")));
  CHECK(unknown.at(1)["because"]["code"] == "mention_scan");
  house.settings("", "baselines: baselines.tsv\n");
  CHECK(summary(house)["incidents"] == 0);
  const auto known = tests::json_lines(tests::read_file(house.file("ledger")));
  CHECK(known.at(0)["book"] != unknown.at(0)["book"]);

  const auto failed =
      tests::said({"learn", house.file("nowhere"), "--out", house.file("b")}, house.folder());
  CHECK(failed.code == 2);
  CHECK(failed.err.starts_with("qingyu learn: cannot open"));
}
