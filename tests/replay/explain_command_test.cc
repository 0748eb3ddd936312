// `qingyu explain` as its users type it: golden output of composed texts, JSON, one event of a run
// through the whole chain, and what it says of mistakes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/replay/house.h"

namespace {

using nlohmann::json;

const std::string kGolden = std::string(QINGYU_SOURCE_DIR) + "/tests/replay/explain_command.golden";
const std::string kAgain =
    "QINGYU_WRITE_GOLDEN=1 replay_test -tc='*nine composed texts*' writes it anew";

constexpr const char* kPack =
    "pack: golden\nowner: qa\nlists:\n  mould: [发霉, 长毛, 异味]\nrules:\n"
    "  - id: expired\n    name: 过期\n    issue: expiry\n    level: yellow\n    subject: product\n"
    "    when: {any: [过期, {re: '还有.{0,4}天就?过期'}], except: [没过期], none: [$advertising]}\n"
    "    weigh: {image: +200, own_staff: -600}\n"
    "    tests: [{hit: 过期了}, {miss: 没过期}]\n"
    "  - id: altered\n    name: 涂改日期\n    issue: expiry\n    level: orange\n"
    "    subject: product\n"
    "    when: {near: {words: [日期], of: [涂改], within: 4}, from: {kind: [ticket, review]}}\n"
    "    tests: [{hit: 日期被涂改}, {miss: 好}]\n"
    "  - id: spoilt\n    name: 变质\n    issue: expiry\n    level: red\n    subject: product\n"
    "    valid_from: 2026-01-01\n"
    "    when: {all: [牛奶], count: {words: [$mould], at_least: 2}}\n"
    "    tests: [{hit: 牛奶发霉有异味}, {miss: 好}]\n";

// What is explained, and how.
const std::vector<std::vector<std::string>> kComposed = {
    {"汀白洗衣液過*期了😂"},
    {"没过期"},
    {"团购价，過期的也卖"},
    {"日期好像被人偷偷涂改", "--kind", "ticket"},
    {"日期被涂改"},
    {"牛奶发霉了"},
    {"牛奶长毛还有异味", "--at", "2025-12-31"},
    {"ＡＢＣ😂还有 3 天就过期", "--role", "staff", "--image"},
    {"今天很好", "--rule", "spoilt"},
};

class Desk {
 public:
  Desk() {
    tests::write_file(house.file("golden.yaml"), kPack);
    tests::write_file(house.file("lists.yaml"), "lists:\n  advertising: [团购价]\n");
  }
  tests::Said explain(std::vector<std::string> words) const {
    words.insert(words.begin(), "explain");
    words.insert(words.end(), {"--config", house.file("qingyu.yaml")});
    return tests::said(words, house.folder());
  }
  tests::Said composed(std::vector<std::string> words) const {
    words.insert(words.end(), {"--rules", house.file("golden.yaml")});
    if (std::ranges::count(words, "--at") == 0)
      words.insert(words.end(), {"--at", "2026-03-10 15:04"});
    return explain(words);
  }
  tests::House house;
};

}  // namespace

TEST_CASE("explain: what people see of nine composed texts is what was agreed") {
  const Desk desk;
  std::string all;
  for (const std::vector<std::string>& words : kComposed) {
    const auto ran = desk.composed(words);
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    CHECK(ran.err == "");
    for (const std::string& word : words) all += (word == words.front() ? "=== " : " ") + word;
    all += "\n" + ran.out;
  }
  if (std::getenv("QINGYU_WRITE_GOLDEN") != nullptr) tests::write_file(kGolden, all);
  const auto is = tests::lines_of(all), was = tests::lines_of(tests::read_file(kGolden));
  for (size_t i = 0; i < std::min(is.size(), was.size()); ++i)
    REQUIRE_MESSAGE(is[i] == was[i], "line " << i + 1 << "; " << kAgain);
  CHECK_MESSAGE(is.size() == was.size(), kAgain);
}

TEST_CASE("explain: JSON says the same") {
  const Desk desk;
  const auto ran = desk.composed({"没过期", "--format", "json"});
  REQUIRE(ran.code == 0);
  const json e = json::parse(ran.out);
  CHECK(e.at("normalised") == "没过期");
  CHECK(e.at("rules").empty());
  const json& rule = e.at("nearly").at(0);
  CHECK(rule.at("rule") == "expired");
  CHECK(rule.at("first_failed") == json::array({"any"}));
  const json& masked = rule.at("conditions").at(1).at("masked").at(0);
  CHECK(masked.at("word") == "过期");
  CHECK(masked.at("start") == 1);
  CHECK(masked.at("except") == json::array({"没过期"}));
  const json changed = json::parse(desk.composed({"過*期", "--format", "json"}).out).at("changed");
  CHECK(changed.at(0) ==
        json({{"start", 0}, {"end", 2}, {"original", "過*"}, {"normalised", "过"}}));
}

TEST_CASE("explain: personal data is masked before it is shown") {
  const Desk desk;
  for (const char* form : {"text", "json"}) {
    const auto ran = desk.composed({"过期了，打13800138000", "--format", form});
    CHECK(ran.out.find("13800138000") == std::string::npos);
    CHECK(ran.out.find("过期") != std::string::npos);
  }
}

TEST_CASE(
    "explain: an event of a run is explained by the Book of its time, to the vendor's answer") {
  Desk desk;
  tests::House& house = desk.house;
  house.add(tests::House::complaints(0, 1, 4));
  REQUIRE(house.run_to_end().code == 0);
  // The rules of today are others; those of then are in the store.
  tests::write_file(
      house.file("pack.yaml"),
      "pack: tiny\nowner: qa\nrules:\n  - {id: other, name: 别的, issue: expiry, level: "
      "yellow, subject: product, when: {any: [发霉]}, tests: [{hit: 发霉}, {miss: 好}]}\n");
  const std::string id = tests::json_lines(tests::read_file(house.file("events.jsonl")))
                             .at(2)
                             .at("id")
                             .get<std::string>();
  const auto ran = desk.explain({"--event", id, house.file("events.jsonl")});
  REQUIRE_MESSAGE(ran.code == 0, ran.err);
  CHECK(ran.out.find("expired 过期  命中 (fires)") != std::string::npos);
  CHECK(ran.out.find(house.incident()) != std::string::npos);
  CHECK(ran.out.find("已送达 delivered") != std::string::npos);
  const auto asked = desk.explain({"--event", id, house.file("events.jsonl"), "--format", "json"});
  const json e = json::parse(asked.out);
  CHECK(e.at("event") == id);
  REQUIRE(e.at("incidents").size() == 1);
  const json& one = e.at("incidents").at(0);
  CHECK(one.at("incident") == house.incident());
  CHECK(one.at("ledger").size() >= 2);
  CHECK(one.at("deliveries").at(0).at("person") == "duty");
  CHECK(ran.out.find("60 分钟内 4 个群，满 3 个立案") != std::string::npos);
  const json& counts = e.at("counts").at(0);
  CHECK(counts.at("family") == one.at("family"));
  CHECK(counts.at("rule_groups") == 4);
  CHECK(counts.at("rule_groups_needed") == 3);
  CHECK(counts.at("windows").size() == 3);
  CHECK(desk.explain({"--event", "e-nowhere", house.file("events.jsonl")}).code == 1);
  // Where no file is named, in those that the system reads.
  const auto unnamed = desk.explain({"--event", id, "--format", "json"});
  CHECK(unnamed.out == asked.out);
  CHECK(desk.explain({"--event", "e-nowhere"}).code == 1);
}

TEST_CASE("explain: of a message that opened nothing it is told what is missing") {
  Desk desk;
  tests::House& house = desk.house;
  house.add(tests::House::complaints(0, 1, 2));
  REQUIRE(house.run_to_end().code == 0);
  const std::string id = tests::json_lines(tests::read_file(house.file("events.jsonl")))
                             .at(1)
                             .at("id")
                             .get<std::string>();
  const auto ran = desk.explain({"--event", id});
  REQUIRE_MESSAGE(ran.code == 0, ran.err);
  CHECK(ran.out.find("60 分钟内 2 个群，满 3 个立案 (2 of 3 groups in 60 min)") !=
        std::string::npos);
  CHECK(ran.out.find("60 分钟内再有 1 个群命中规则就立案") != std::string::npos);
  CHECK(ran.out.find("那时这些主体没有事件") != std::string::npos);
}

TEST_CASE("explain: a mistake is told in one line, exit code 2") {
  const Desk desk;
  const std::pair<std::vector<std::string>, std::string> mistakes[] = {
      {{}, "what is to be explained?"},
      {{"过期", "--kind", "fax"}, "no kind of message fax"},
      {{"过期", "--at", "noon"}, "expected epoch milliseconds or a time"},
      {{"过期", "--rule", "expire"}, "there is no rule expire; did you mean expired"},
      {{"过期", "--format", "xml"}, "xml not in {text,json}"},
      {{"--event", "e1", "/nowhere"}, "cannot open /nowhere"},
  };
  for (const auto& [words, says] : mistakes) {
    const auto ran = desk.explain(words);
    CAPTURE(says);
    CHECK(ran.code == 2);
    CHECK(ran.out == "");
    CHECK(tests::lines_of(ran.err).size() == 1);
    CHECK_MESSAGE(ran.err.find(says) != std::string::npos, ran.err);
  }
}
