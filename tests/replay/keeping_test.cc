// `qingyu status|backup|restore|check`, settings, and who may run.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/replay/house.h"

namespace {

using nlohmann::json;

// "file:line:col" of each error in a text, in its order, without the folder.
std::vector<std::string> errors_in(const std::string& text) {
  std::vector<std::string> all;
  for (const std::string& line : tests::lines_of(text)) {
    const size_t end = line.find(": error: ");
    if (end == std::string::npos) continue;
    const size_t begin = line.find_last_of("/ ", end) + 1;
    all.push_back(line.substr(begin, end - begin));
  }
  return all;
}

}  // namespace

TEST_CASE("status tells of a running system and of a stopped one, for people and as JSON") {
  tests::House house;
  house.settings("follow: true");
  house.add("no JSON\n" + tests::House::complaints(0, 1, 4));
  house.start();
  house.wait_until("all is read", [&] { return house.status().value("events", 0) == 4; });
  const auto running = house.command({"status"});
  CHECK(running.out.starts_with("运行中 running, pid " + std::to_string(house.daemon().pid())));
  CHECK(running.out.find("\n消息 events 4, 迟到 late 0") != std::string::npos);
  CHECK(running.out.find("\ndead letters: 1\n") != std::string::npos);
  CHECK(house.stop() == 0);

  const auto stopped = house.command({"status"});
  CHECK(stopped.out.starts_with("未运行 not running, 最后状态 last status "));
  const json last = house.status();
  CHECK(last["pid"] == house.daemon().pid());
  CHECK(last["events"] == 4);
  CHECK(last["dead_letters"] == 1);
  CHECK(last["streams"][0]["going"] == "idle");
  CHECK(last["courier"]["sent"] == 1);
}

TEST_CASE("status tells what limits left out, and how often something personal was masked") {
  tests::House house;
  house.add(tests::House::complaints(0, 1, 4));
  house.add(tests::House::message(5, 5, std::string(100'000, 'x')));
  house.add(tests::House::message(6, 6, "我买的汀白洗衣液过期了，电话13812345678"));
  REQUIRE(house.run_to_end().code == 0);
  CHECK(house.status()["dropped"]["cut"] == 1);
  CHECK(house.status()["masked"] == 1);
  CHECK(house.command({"status"}).out.find("left out by limits: cut 1 ") != std::string::npos);
}

TEST_CASE("of two systems on one store the second is refused, and takes nothing from the first") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  house.start();
  house.wait_until("an incident", [&] { return !house.incidents().empty(); });
  for (const bool fresh : {false, true}) {
    std::vector<std::string> words = {"run", "--config", house.file("qingyu.yaml")};
    if (fresh) words.push_back("--fresh");
    const auto second = tests::said(words, house.folder());
    CHECK(second.code == 2);
    CHECK(second.out == "");
    CHECK(second.err == "qingyu run: store " + house.store() +
                            " is in use by a running qingyu (process " +
                            std::to_string(house.daemon().pid()) + ")\n");
  }
  CHECK(house.incidents().size() == 1);
  CHECK(house.stop() == 0);
}

TEST_CASE("a restored backup holds what it held, and a running system's store is left alone") {
  tests::House house;
  house.settings("follow: true");
  house.add(tests::House::complaints(0, 1, 4));
  house.start();
  house.wait_until("an incident", [&] { return !house.incidents().empty(); });
  const std::string kept = house.file("kept.db");
  CHECK(house.command({"backup", kept}).code == 0);
  const auto held = house.command({"incidents", "--all", "--json"}).out;
  house.add(tests::House::complaints(4, 5, 3));
  house.wait_until("it grows", [&] { return house.incidents().front()["groups"] == 6; });
  const auto refused = house.command({"restore", kept});
  CHECK(refused.code == 1);
  CHECK(refused.err == "qingyu: store " + house.store() +
                           " is in use by a running qingyu (process " +
                           std::to_string(house.daemon().pid()) + ")\n");
  CHECK(house.stop() == 0);

  const auto grown = house.command({"incidents", "--all", "--json"}).out;
  CHECK(grown != held);
  CHECK(house.command({"restore", kept}).code == 0);
  CHECK(house.command({"incidents", "--all", "--json"}).out == held);
  house.start();  // the messages since are read again
  house.wait_until("it grows again", [&] {
    return house.command({"incidents", "--all", "--json"}).out == grown;
  });
  CHECK(house.stop() == 0);
  for (const auto& [words, says] :
       {std::pair(std::vector<std::string>{"restore", house.file("nowhere")}, "No such file"),
        {{"restore", house.file("qingyu.yaml")}, "is not a Qingyu store"},
        {{"backup", house.store()}, "is the store itself"},
        {{"backup", house.file("nowhere/kept.db")}, "cannot be made"}}) {
    const auto said = house.command(words);
    CHECK(said.code == 1);
    CHECK_MESSAGE(tests::lines_of(said.err).size() == 1, said.err);
    CHECK_MESSAGE(said.err.find(says) != std::string::npos, said.err);
  }
  CHECK(house.command({"incidents", "--all", "--json"}).out == grown);
}

TEST_CASE("the shipped rules are without a mistake and without a warning") {
  const tests::Temporary folder;
  const auto checked = tests::said({"check", "--strict"}, folder.path());
  CHECK(checked.code == 0);
  CHECK(checked.out.starts_with("没有错误 no errors: "));
  CHECK(tests::lines_of(checked.out).size() == 1);
}

TEST_CASE("check tells all mistakes of all files at once, each with file, line and column") {
  tests::House house;
  tests::write_file(house.file("one.yaml"),
                    "pack: one\nowner: qa\nrules:\n  - id: a\n    name: 甲\n    isue: expiry\n"
                    "    level: purple\n    subject: product\n    when: {any: [过期, $nolist]}\n"
                    "    tests: [{hit: 过期了}, {miss: 很好}]\n");
  tests::write_file(house.file("two.yaml"),
                    "pack: two\nowner: qa\nrules:\n  - id: b\n    name: 乙\n    issue: nothing\n"
                    "    level: red\n    subject: product\n    when: {any: [霉]}\n");
  const auto checked = tests::said({"check", house.file("one.yaml"), house.file("two.yaml"),
                                    "--config", house.file("qingyu.yaml")},
                                   house.folder());
  CHECK(checked.code == 1);
  CHECK(errors_in(checked.out) ==
        std::vector<std::string>{"one.yaml:4:5", "one.yaml:6:5", "one.yaml:7:12", "one.yaml:9:22",
                                 "two.yaml:4:9", "two.yaml:6:12", "two.yaml:9:18"});
  CHECK(checked.out.find("did you mean `issue`?") != std::string::npos);
  CHECK(checked.out.find("\n        level: purple\n               ^\n") != std::string::npos);
  CHECK(checked.out.find("\n7 个错误 errors, ") != std::string::npos);
}

TEST_CASE("mistakes in the settings are told all at once, each with file, line and column") {
  tests::House house;
  house.settings("follow: maybe, pase: none",
                 "lanes: 65\nshardz: 3\nhash_key: secret\n"
                 "channels: [{id: \"smoke:x\"}]\nbaselines: [1]\n");
  const std::vector<std::string> expected = {
      "qingyu.yaml:4:62",  "qingyu.yaml:4:69",  "qingyu.yaml:12:8", "qingyu.yaml:13:1",
      "qingyu.yaml:14:11", "qingyu.yaml:15:12", "qingyu.yaml:16:12"};
  for (const char* command : {"run", "check", "replay", "status"}) {
    std::vector<std::string> words = {command, "--config", house.file("qingyu.yaml")};
    if (words[0] == "replay") words.push_back(house.file("events.jsonl"));
    const auto said = tests::said(words, house.folder());
    CHECK(said.code == 2);
    CHECK(said.out == "");
    CHECK_MESSAGE(errors_in(said.err) == expected, said.err);
    for (const char* told :
         {"(expected true or false)", "did you mean `pace`?", "(must be in 1..64)",
          "did you mean `shards`?", "{env: NAME}", "no such kind of channel", "(expected text)"})
      CHECK_MESSAGE(said.err.find(told) != std::string::npos, told);
  }
}
