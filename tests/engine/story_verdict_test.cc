// What was expected against what happened, without a pipeline; and the tests as JUnit XML.
#include "engine/story_verdict.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "engine/test_cases.h"
#include "tests/servers.h"

namespace {

constexpr core::Millis kMinute{60'000};
const core::Time kStart = core::from_ms(1'773'122'400'000);

rules::SourceFile& file() {
  static rules::SourceFile one;
  one.name = "a.story.yaml";
  return one;
}

rules::StoryExpectation expectation() {
  rules::StoryExpectation e;
  e.place = {&file(), 7, 5};
  return e;
}

engine::Happening change(int minute, const std::string& rung) {
  engine::Happening h;
  h.at = kStart + kMinute * minute;
  h.incident.family = "brand:沐禾";
  h.incident.issue = "expiry";
  h.incident.level = core::Level::Yellow;
  h.rung = rung;
  h.because = "rule_groups";
  return h;
}

engine::Happening told(int minute, const std::string& rung, const std::string& person) {
  engine::Happening h = change(minute, rung);
  h.told = true;
  h.person = person;
  h.channel = "terminal";
  h.cause = "opened";
  h.text = "【黄】新事件\n还有三个月就过期了";
  return h;
}

// The failure of one expectation of a story in which these things happen; "" when there is none.
std::string failure(const rules::StoryExpectation& e, std::vector<engine::Happening> happenings) {
  rules::Story story;
  story.at = kStart;
  story.expectations = {e};
  const auto failures = engine::judge(story, {std::move(happenings), 0});
  return failures.empty() ? "" : failures.front().text;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an expectation without a time comes about whenever it is so") {
  auto e = expectation();
  e.rung = "duty";
  CHECK(failure(e, {change(3, "duty")}) == "");
  CHECK(failure(e, {change(3, "manager")}) != "");
}

TEST_CASE("at means that minute, by means no later, from means no earlier") {
  auto at = expectation(), by = expectation(), from = expectation();
  at.at = by.by = from.from = 5 * kMinute;
  CHECK(failure(at, {change(4, "duty"), change(6, "duty")}) != "");
  CHECK(failure(at, {change(5, "duty")}) == "");
  CHECK(failure(by, {change(6, "duty")}) != "");
  CHECK(failure(by, {change(5, "duty")}) == "");
  CHECK(failure(from, {change(4, "duty")}) != "");
  CHECK(failure(from, {change(5, "duty")}) == "");
}

TEST_CASE("who is told, how and in which words is asked of messages only") {
  auto e = expectation();
  e.person = "duty";
  e.channel = "terminal";
  e.text = "还有三个月";
  CHECK(failure(e, {change(1, "duty")}) != "");
  CHECK(failure(e, {told(1, "duty", "duty")}) == "");
  e.channel = "wecom:qa";
  CHECK(failure(e, {told(1, "duty", "duty")}) != "");
}

TEST_CASE("never fails when it happens, and within its time only") {
  auto e = expectation();
  e.never = true;
  e.rung = "ceo";
  CHECK(failure(e, {change(1, "duty")}) == "");
  CHECK(holds(failure(e, {change(9, "ceo")}), "不该发生"));
  e.by = 8 * kMinute;
  CHECK(failure(e, {change(9, "ceo")}) == "");
}

TEST_CASE("none fails at whatever happens") {
  auto e = expectation();
  e.none = true;
  CHECK(failure(e, {}) == "");
  CHECK(holds(failure(e, {change(9, "duty")}), "- none: true\n+ +9m  brand:沐禾"));
}

TEST_CASE("the difference shows the expectation and the nearest happenings with their minutes") {
  auto e = expectation();
  e.by = 10 * kMinute;
  e.incident = "brand:沐禾";
  e.rung = "manager";
  engine::Happening other = change(2, "duty");
  other.incident.family = "brand:晨麦";
  const std::string text = failure(e, {other, change(3, "duty"), change(16, "manager"),
                                       change(40, "manager"), change(50, "duty")});
  CHECK(holds(text, "a.story.yaml:7:5: "));
  CHECK(holds(text, "\n- by: +10m, incident: brand:沐禾, rung: manager\n"));
  CHECK(holds(text, "\n+ +16m  brand:沐禾, expiry, yellow, open, rung: manager"));
  CHECK(holds(text, "\n+ +40m"));
  CHECK_FALSE(holds(text, "晨麦"));
  CHECK_FALSE(holds(text, "+50m"));
}

TEST_CASE("when only the words differ the words that were sent are shown") {
  auto e = expectation();
  e.person = "duty";
  e.text = "两个月";
  CHECK(holds(failure(e, {told(3, "duty", "duty")}), "\n+   | 还有三个月就过期了"));
}

TEST_CASE("a name that nobody has is a mistake, since never would hold of it for ever") {
  core::Policy policy;
  policy.ladders["default"].rungs.push_back({"manager", {}, {}, {}, {}, 0, {}});
  policy.people["duty"].channels = {"terminal"};
  policy.catalogue.products.push_back({"A1", "沐禾洗衣液", {}, "沐禾", "", "", "洗衣液", 100, 1});
  rules::Story story;
  story.expectations = {expectation(), expectation(), expectation(), expectation()};
  story.expectations[0].rung = "manger";
  story.expectations[1].because = "missed_ack";
  story.expectations[2].incident = "brand:沐合";
  story.expectations[2].place.line = 9;
  story.expectations[3].incident = "courier:某快递";
  rules::Findings findings;
  engine::check_names(story, policy, findings);
  const auto found = findings.take();
  REQUIRE(found.size() == 2);
  CHECK(found[0].suggestion.find("`manager`") != std::string::npos);
  CHECK(found[1].message.find("brand:沐合") != std::string::npos);
}

TEST_CASE("the JUnit file is XML whatever is in names and failures, and counts them") {
  std::vector<engine::TestCase> tests(3);
  tests[0].file = tests[1].file = "packs/a&b.yaml";
  tests[0].name = "rule hit: <过期> \"了\"\x01";
  tests[1].name = "rule miss: 好";
  tests[1].failure = "a:1:1: <error>\nsecond & last]]> line \xff";
  tests[2].kind = engine::TestCase::Kind::Story;
  tests[2].file = "stories/c.story.yaml";
  tests[2].name = "故事";
  tests[2].seconds = 0.25;
  const tests::Temporary folder;
  {
    std::ofstream out(folder.file("junit.xml"), std::ios::binary);
    engine::print_junit(tests, 1.5, out);
    std::ofstream script(folder.file("read.py"), std::ios::binary);
    script << "import sys, xml.etree.ElementTree as tree\n"
              "root = tree.parse(sys.argv[1]).getroot()\n"
              "print(root.tag, root.get('tests'), root.get('failures'), root.get('time'))\n"
              "for case in root.iter('testcase'):\n"
              "    failure = case.find('failure')\n"
              "    print(case.get('classname'), case.get('name')[:12], case.get('time'),\n"
              "          '' if failure is None else repr(failure.text[:22]), sep='|')\n";
  }
  tests::run({"python3", folder.file("read.py"), folder.file("junit.xml")}, folder.file("log"));
  std::ifstream in(folder.file("log"), std::ios::binary);
  const std::string said{std::istreambuf_iterator<char>(in), {}};
  CHECK(said ==
        "testsuites 3 1 1.500\n"
        "packs/a&b.yaml|rule hit: <过|0.000|\n"
        "packs/a&b.yaml|rule miss: 好|0.000|'a:1:1: <error>\\nsecond '\n"
        "stories/c.story.yaml|故事|0.250|\n");
}

TEST_CASE("the summary counts examples and stories apart, and shows each failure") {
  std::vector<engine::TestCase> tests(2);
  tests[1].kind = engine::TestCase::Kind::Story;
  tests[1].name = "故事";
  tests[1].failure = "- expected\n+ happened";
  std::ostringstream out;
  engine::print(tests, 0.5, out);
  CHECK(holds(out.str(), "故事没有通过 story failed: 故事"));
  CHECK(holds(out.str(), "- expected\n+ happened"));
  CHECK(holds(out.str(), "例子 examples 1/1, 故事 stories 0/1, 0.500"));
}
