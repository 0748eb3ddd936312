// `qingyu backtest`: the same history under two rule sets, as their author sees it.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/replay/house.h"

namespace {

using nlohmann::json;

const std::string kRoot = QINGYU_SOURCE_DIR;

std::string pack(const std::string& words, const std::string& except = "不会命中") {
  return "pack: tiny\nowner: qa\nrules:\n  - id: expired\n    name: 过期\n    issue: expiry\n"
         "    level: yellow\n    when: {any: [" +
         words + "], except: [" + except +
         "]}\n    tests: [{hit: 过期了}, {miss: 很好}, {miss: 好的}]\n";
}

// A house with a history, and two packs to be compared on it.
class Change {
 public:
  Change(const std::string& old_pack, const std::string& new_pack) {
    house.add(tests::House::complaints(0, 1, 4));
    for (int i = 0; i < 4; ++i)
      house.add(tests::House::message(30 + i, 20 + i, "汀白洗衣液里有霉斑"));
    tests::write_file(house.file("old.yaml"), old_pack);
    tests::write_file(house.file("new.yaml"), new_pack);
  }
  tests::Said backtest(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "backtest",  house.file("events.jsonl"), "--rules",  house.file("new.yaml"),
        "--against", house.file("old.yaml"),     "--config", house.file("qingyu.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    return tests::said(words, house.folder());
  }
  json object(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--format", "json"});
    const auto ran = backtest(more);
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    return json::parse(ran.out);
  }

  tests::House house;
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the same rules give no difference") {
  Change same(pack("过期"), pack("过期"));
  const auto ran = same.backtest();
  CHECK_MESSAGE(ran.code == 0, ran.err);
  CHECK(holds(ran.out, "没有差别 no difference"));
  CHECK(holds(ran.out, "told to somebody 1 -> 1"));
  const json object = same.object();
  CHECK(object["difference"] == false);
  CHECK(object["incidents_by_fate"]["same"] == 1);
  CHECK(object["events"] == 8);
}

TEST_CASE("an incident that nobody was told of is not counted as told") {
  Change same(pack("过期"), pack("过期"));
  for (int i = 0; i < 4; ++i)
    same.house.add(tests::House::message(40 + i, 30 + i, "昨天晚上买回来一看居然早就过期了真生气"));
  const auto ran = same.backtest();
  CHECK(holds(ran.out, "不变 same 2；有人被通知的 told to somebody 1 -> 1"));
}

TEST_CASE("without the word its incidents are gone, and so are the messages to people") {
  Change less(pack("过期"),
              "pack: tiny\nowner: qa\nrules:\n  - id: other\n    name: 别的\n"
              "    issue: expiry\n    level: yellow\n    when: {any: [临期货]}\n"
              "    tests: [{hit: 全是临期货}, {miss: 很好}]\n");
  const json object = less.object();
  CHECK(object["difference"] == true);
  CHECK(object["incidents_by_fate"]["gone"] == 1);
  CHECK(object["incidents_by_fate"]["same"] == 0);
  const json& gone = object["incidents"][0];
  CHECK(gone["after"].is_null());
  CHECK(gone["family"] == "brand:汀白");
  CHECK(gone["before"]["excerpts"].size() > 0);
  CHECK(object["messages_hit"]["before"] == 4);
  CHECK(object["messages_hit"]["after"] == 0);
  for (const json& load : object["pages"]) CHECK(load["after"] == 0);
  REQUIRE(object["rules"].size() == 1);
  CHECK(object["rules"][0]["rule"] == "expired");
  CHECK(object["rules"][0]["gone"].size() == 3);
  CHECK(object["rules"][0]["new"].empty());
}

TEST_CASE(
    "a word more gives its messages as new, with one quoted, and an incident if they suffice") {
  Change more(pack("过期"), pack("过期, 霉斑"));
  // A day later, so that it is an incident of its own.
  for (int i = 0; i < 4; ++i)
    more.house.add(tests::House::message(1500 + i, 40 + i, "汀白洗衣液又有霉斑"));
  const json object = more.object();
  CHECK(object["rules"][0]["before"] == 4);
  CHECK(object["rules"][0]["after"] == 12);
  CHECK(object["rules"][0]["new"][0]["excerpt"].get<std::string>().find("霉斑") !=
        std::string::npos);
  const std::string text = more.backtest().out;
  CHECK(holds(text, "expired 过期: 4 -> 12"));
  CHECK(holds(text, "命中的消息 messages hit: 4 -> 12"));
}

TEST_CASE("incidents that open sooner are earlier, with the minutes by which the first page is") {
  // The complaints begin with three that only the new rules hear.
  Change sooner(pack("过期了还"), pack("过期了还, 霉斑"));
  tests::write_file(sooner.house.file("events.jsonl"), "");
  for (int i = 0; i < 3; ++i) sooner.house.add(tests::House::message(i, i, "汀白洗衣液里有霉斑"));
  sooner.house.add(tests::House::complaints(12, 10, 4));
  const json object = sooner.object();
  CHECK(object["incidents_by_fate"]["earlier"] == 1);
  CHECK(object["incidents"][0]["first_page_minutes_later"] == -12);
  const json swapped = [&] {
    const auto ran =
        tests::said({"backtest", sooner.house.file("events.jsonl"), "--rules",
                     sooner.house.file("old.yaml"), "--against", sooner.house.file("new.yaml"),
                     "--config", sooner.house.file("qingyu.yaml"), "--format", "json"},
                    sooner.house.folder());
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    return json::parse(ran.out);
  }();
  CHECK(swapped["incidents_by_fate"]["later"] == 1);
  CHECK(swapped["incidents"][0]["first_page_minutes_later"] == 12);
}

TEST_CASE("any number of threads gives the same report") {
  Change change(pack("过期"), pack("过期, 霉斑"));
  const std::string one = change.backtest({"--threads", "1"}).out;
  CHECK(holds(one, "回测 backtest: 8 条消息 events"));
  CHECK(change.backtest({"--threads", "8"}).out == one);
}

TEST_CASE("people who answer stop the ladder in both") {
  Change change(pack("过期"), pack("过期, 霉斑"));
  const auto until = std::to_string(1'776'300'000'000 + 3'600'000);
  const json silent = change.object({"--until", until});
  const json answered = change.object({"--until", until, "--answer", "after:2"});
  CHECK(holds(silent["pages"].dump(), "boss"));
  CHECK_FALSE(holds(answered["pages"].dump(), "boss"));
}

TEST_CASE("the shipped story without the shipped safety rules is told later, or not at all") {
  const tests::Temporary folder;
  std::filesystem::copy(kRoot + "/rules/packs", folder.file("packs"));
  std::filesystem::remove(folder.file("packs/product-safety.yaml"));
  const std::vector<std::string> words = {"backtest",    kRoot + "/deploy/story/events.jsonl",
                                          "--rules",     folder.file("packs"),
                                          "--config",    kRoot + "/deploy/qingyu.yaml",
                                          "--catalogue", kRoot + "/deploy/story/catalogue"};
  auto with_page = words;
  with_page.insert(with_page.end(), {"--format", "html", "--out", folder.file("page.html")});
  const auto page = tests::said(with_page, folder.path());
  REQUIRE_MESSAGE(page.code == 0, page.err);
  CHECK(page.out == "");
  CHECK(page.err == "");  // no bar where there is no terminal
  const std::string html = tests::read_file(folder.file("page.html"));
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(holds(html, "汀白"));
  CHECK(holds(html, "near-expiry"));
  CHECK_FALSE(holds(html, "没有差别"));
}

TEST_CASE("a mistake in the command line of a backtest is told in one clear line, exit code 2") {
  Change change(pack("过期"), pack("过期"));
  const std::string events = change.house.file("events.jsonl"),
                    rules = change.house.file("new.yaml");
  const std::string nowhere = change.house.file("nowhere");
  const std::pair<std::vector<std::string>, std::string> mistakes[] = {
      {{events}, "--rules is required"},
      {{"--rules", rules}, "FILE is required"},
      {{"-", "--rules", rules}, "history is read twice"},
      {{nowhere, "--rules", rules}, "nowhere: No such file"},
      {{events, "--rules", nowhere}, "nowhere: error: "},
      {{events, "--rules", rules, "--format", "pdf"}, "--format"},
      {{events, "--rules", rules, "--out", nowhere + "/a"}, "cannot write"},
      {{events, "--rules", rules, "--until", "noon"}, "--until: expected epoch milliseconds"},
  };
  for (const auto& [arguments, says] : mistakes) {
    CAPTURE(says);
    std::vector<std::string> words = {"backtest"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (says.find("required") == std::string::npos)
      words.insert(words.end(), {"--config", change.house.file("qingyu.yaml")});
    const auto ran = tests::said(words, change.house.folder());
    CHECK(ran.code == 2);
    CHECK_MESSAGE(holds(ran.err, says), ran.err);
  }
}
