// What the tools of rule authors see is what a lane judges.
#include "rules/inspector.h"

#include <doctest/doctest.h>

#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

core::Event chat(const std::string& text) {
  core::Event event;
  event.id = "e1";
  event.kind = core::Kind::Chat;
  event.at = core::from_ms(1'700'000'000'000);
  event.text = text;
  return event;
}

}  // namespace

TEST_CASE("inspector: the words that made a rule fire stand at offsets of the original") {
  DeskOfFiles desk;
  desk.write_catalogue();
  desk.write_rule("{any: [过期], except: [没过期]}", "过期了");
  desk.open();
  const auto inspector = rules::make_inspector(desk.book);
  const rules::Seen& seen = inspector->look(chat("没过期，沐禾的都過*期了"));
  REQUIRE(seen.rules.size() == 1);
  REQUIRE(seen.rules[0].words.size() == 1);
  CHECK(seen.rules[0].words[0].pattern == "过期");
  CHECK(seen.rules[0].words[0].start == 8);
  CHECK(seen.rules[0].words[0].end == 11);
  REQUIRE(seen.families.size() == 1);
  CHECK(seen.families[0].family == "brand:沐禾");
  CHECK(seen.families[0].named);
  CHECK(seen.families[0].rules == std::vector<std::string>{"r"});
}

TEST_CASE("inspector: without names a text holds only what is said of them") {
  DeskOfFiles desk;
  desk.write_catalogue();
  desk.write_rule("{any: [过期]}", "过期了");
  desk.open();
  const auto inspector = rules::make_inspector(desk.book);
  CHECK(inspector->without_names("北桥商贸的沐禾洗衣液過*期了") == "。。。。的。。。。。过期了");
  CHECK(inspector->without_names("洗衣液没有名字") == "洗衣液没有名字");
  CHECK(inspector->without_names("") == "");
}

TEST_CASE("inspector: a single rule is asked whatever it looks at") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期], from: {kind: [ticket]}}", "过期了",
                  "    valid_from: 2090-01-01\n");
  desk.open();
  const auto inspector = rules::make_inspector(desk.book);
  CHECK(inspector->fires("r", "过期了"));
  CHECK_FALSE(inspector->fires("r", "没事"));
  CHECK_FALSE(inspector->fires("no-such", "过期了"));
  CHECK(inspector->look(chat("过期了")).rules.empty());
}

TEST_CASE("facts: a rule with its owner, mode, place and examples") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了",
                  "    owner: 小王\n    runbook: wiki/expiry\n    mode: off\n");
  desk.open();
  const auto facts = rules::facts_of(*desk.book);
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].owner == "小王");
  CHECK(facts[0].runbook == "wiki/expiry");
  CHECK(facts[0].mode == "off");
  CHECK(facts[0].line > 0);
  CHECK(facts[0].hits == std::vector<std::string>{"过期了"});
  CHECK(facts[0].misses.size() == 1);
}
