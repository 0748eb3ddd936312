// Words and rules that load and are hardly what their author meant.
#include "rules/hygiene.h"

#include <doctest/doctest.h>

#include "rules/breadth.h"
#include "rules/loaded_book.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

std::string codes_of(const std::string& when, const std::string& hit = "过期了临期") {
  DeskOfFiles desk;
  desk.write_rule(when, hit);
  desk.load();
  return desk.codes();
}

std::string rule_text(const std::string& id, const std::string& when,
                      const std::string& more = "") {
  return "  - {id: " + id + ", name: n, issue: expiry, level: red, when: " + when +
         ", tests: [{hit: 过期临期变质发霉}, {miss: 很好}]" + more + "}\n";
}

std::string codes_of_two(const std::string& first, const std::string& second,
                         const std::string& more = "") {
  DeskOfFiles desk;
  desk.write("pack.yaml",
             "pack: p\nowner: q\nrules:\n" + rule_text("a", first) + rule_text("b", second, more));
  desk.load();
  return desk.codes();
}

}  // namespace

TEST_CASE("a word that a shorter one covers is told, unless an exception takes the shorter away") {
  CHECK(codes_of("{any: [过期, 快过期]}") == "redundant-word");
  CHECK(codes_of("{any: [过期, 快过期], except: [没过期]}") == "");
  CHECK(codes_of("{any: [过期, 快过期], except: [临期卡]}") == "redundant-word useless-except");
  CHECK(codes_of("{any: [过期, tnt快递, tnt]}") == "");    // Latin words are whole words
  CHECK(codes_of("{any: [过期, 堵门, 围堵门店]}") == "");  // 围堵 门店 holds no 堵门
  CHECK(codes_of("{any: [临期], all: [过期, 快过期]}", "临期快过期") == "");
}

TEST_CASE("a word that can never count is told") {
  CHECK(codes_of("{any: [过期, 临期, 变质], none: [变质]}") == "dead-word");
  CHECK(codes_of("{any: [过期, 没变质], none: [变质]}") == "dead-word");
  CHECK(codes_of("{any: [过期, 没过期], except: [没过期]}") == "dead-word");
  CHECK(codes_of("{any: [过期], all: [临期], none: [临期, 变质], except: [没过期]}")
            .find("contradiction") != std::string::npos);
}

TEST_CASE("the same word on both sides of near is told") {
  CHECK(codes_of("{near: {words: [过期, 临期], of: [过期, 变质], within: 5}}", "临期过期") ==
        "near-overlap");
  CHECK(codes_of("{near: {words: [过期], of: [临期], within: 5}}") == "");
}

TEST_CASE("an expression near its budget is told with its cost") {
  CHECK(codes_of("{any: [过期, {re: '还有.{0,28}天'}]}") == "costly-expression");
  CHECK(codes_of("{any: [过期, {re: '还有.{0,12}天'}]}") == "");
}

TEST_CASE("rules that repeat another are told, with the nearest") {
  CHECK(codes_of_two("{any: [过期, 临期]}", "{any: [临期, 过期, 变质]}") == "overlapping-rule");
  CHECK(codes_of_two("{any: [过期, 临期, 变质, 发霉, 酸了]}",
                     "{any: [过期, 临期, 变质, 发霉, 臭了]}") == "");  // 4 of 6
  CHECK(codes_of_two("{any: [过期]}", "{any: [过期], all: [临期]}") == "");
  CHECK(codes_of_two("{any: [过期]}", "{near: {words: [过期], of: [临期], within: 3}}") == "");
  CHECK(codes_of_two("{any: [过期]}", "{any: [过期]}", ", subject: store") == "");
  CHECK(codes_of_two("{any: [过期], from: {kind: [chat]}}",
                     "{any: [过期], from: {kind: [post]}}") == "");
  CHECK(codes_of_two("{any: [过期]}", "{any: [过期]}", ", mode: off") == "");
}

TEST_CASE("ten thousand rules that all share their words are compared in bounded steps") {
  rules::Program program;
  program.rules.resize(10'000);
  for (uint32_t i = 0; i < program.rules.size(); ++i) {
    rules::Rule& rule = program.rules[i];
    rule.id = "r" + std::to_string(10'000 + i);
    rule.place.line = static_cast<int>(i) + 1;
    for (uint32_t word = 0; word < 50; ++word) rule.any.push_back(word);
    rule.any.push_back(100 + i);
  }
  rules::Findings findings;
  rules::check_overlaps(program, findings);
  const auto found = findings.take();
  // The first 64 are compared with each other; behind them nothing tells the words apart.
  CHECK(found.size() == 63);
}

TEST_CASE("a full-width comma in a word without quotes is told") {
  CHECK(codes_of("{any: [过期，临期, 过期了]}").find("comma-in-word") != std::string::npos);
  CHECK(codes_of("{any: ['没事，过期', 过期了]}").find("comma-in-word") == std::string::npos);
}

TEST_CASE("words and rules that match too much of a sample are told with their share") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期, 变质, {re: '很.好'}], none: [广告]}", "过期了");
  desk.open();
  const auto breadth = rules::make_breadth(desk.book);
  core::Event event;
  for (int i = 0; i < 100; ++i) {
    event.text = i < 20 ? "过期了 广告" : i < 23 ? "过期了，又过期" : i < 30 ? "很不好" : "变 好";
    if (i == 99) event.text = "变质";
    breadth->add(event);
  }
  CHECK(breadth->messages() == 100);
  std::string told;
  for (const rules::Finding& f : breadth->findings(50)) {
    told += f.code + " " + std::to_string(f.line) + ":" + std::to_string(f.column) + " ";
    CHECK(f.severity == rules::Severity::Warning);
    if (f.code == "broad-word" && f.message.find("过期") != std::string::npos)
      CHECK(f.message.find("23.0 % (23/100)") != std::string::npos);
  }
  CHECK(told == "broad-rule 4:9 broad-word 8:18 broad-word 8:31 ");
  CHECK(breadth->findings(110).size() == 1);
  CHECK(breadth->findings(230).empty());
}

TEST_CASE("rules that know disguised words are checked and measured by the words behind them") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期, 快过期, 临期], except: [不临期]}", "买来就guoqi了",
                  "    fold: aggressive\n");
  desk.open();
  CHECK(desk.codes() == "redundant-word");
  const auto breadth = rules::make_breadth(desk.book);
  core::Event event;
  event.kind = core::Kind::Chat;
  for (int i = 0; i < 40; ++i) {
    event.text = i % 2 == 0 ? "买来就guoqi了" : "不临期";
    breadth->add(event);
  }
  const auto findings = breadth->findings(50);
  REQUIRE_FALSE(findings.empty());
  for (const rules::Finding& finding : findings)
    CHECK(finding.message.find("50.0 %") != std::string::npos);
}
