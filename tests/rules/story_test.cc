// A story file is read as its author means it, and every mistake in it is told with its place.
#include "rules/story.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace {

using core::Millis;

constexpr Millis kMinute{60'000};

struct Read {
  rules::SourceFile file;
  std::optional<rules::Story> story;
  std::vector<rules::Finding> findings;
};

// In place: the story points at the file.
void read(const std::string& bytes, Read& out) {
  out.file.name = "a.story.yaml";
  out.file.bytes = bytes;
  rules::Findings findings;
  out.story = rules::read_story(out.file, findings);
  out.findings = findings.take();
}

const std::string kGood = R"(story: 洗衣液
at: "2026-03-10 14:00"
catalogue: [{sku: A1, name: 沐禾洗衣液, aliases: [沐禾], brand: 沐禾, price: 9.5, sold: 70}]
messages:
  - {at: +1m, repeat: 3, every: 2m, first: 7, group: "g{n}", author: "a{n}", text: "第{n}条"}
  - {group: late, text: 一分钟后}
  - {at: 0s, group: g1, members: 500, role: owner, kind: ticket, level: orange, image: true, text: 头一条}
people: [{at: +12m, do: ack, by: duty}]
expect:
  - {by: +10m, incident: brand:沐禾, level: yellow, text: 过期}
  - {never: true, rung: ceo}
)";

// A line of the good story that is replaced, and what its author must be told.
struct Mistake {
  std::string line, instead, code, says, suggestion;
};

}  // namespace

TEST_CASE("a story is read with its repeats written out and its messages in order of time") {
  Read r;
  read(kGood, r);
  REQUIRE(r.findings.empty());
  const rules::Story& s = *r.story;
  CHECK(s.title == "洗衣液");
  CHECK(core::format_time(s.at, 480) == "2026-03-10 14:00:00");
  REQUIRE(s.messages.size() == 5);
  CHECK(s.messages[0].text == "头一条");
  CHECK(s.messages[0].members == 500);
  CHECK(s.messages[0].image);
  CHECK(s.messages[0].level == "orange");
  CHECK(s.messages[1].group == "g7");
  CHECK(s.messages[3].author == "a9");
  CHECK(s.messages[3].text == "第9条");
  CHECK(s.messages[3].after == 5 * kMinute);
  CHECK(s.messages[4].group == "late");
  CHECK(s.messages[4].after == 6 * kMinute);
  REQUIRE(s.products.size() == 1);
  CHECK(s.products[0].aliases == std::vector<std::string>{"沐禾"});
  CHECK(s.products[0].price == doctest::Approx(9.5));
}

TEST_CASE("an act without an incident means the only one that is expected") {
  Read r;
  read(kGood, r);
  REQUIRE(r.story.has_value());
  CHECK(r.story->people.front().incident == "brand:沐禾");
}

TEST_CASE("a story lasts until the end of the last minute that it names") {
  Read r;
  read(kGood, r);
  REQUIRE(r.story.has_value());
  CHECK(r.story->until == 12 * kMinute);
  read(kGood + "until: +3h\n", r);
  REQUIRE(r.story.has_value());
  CHECK(r.story->until == 180 * kMinute);
}

TEST_CASE("every mistake in a story is told with its line and what may be meant") {
  const Mistake mistakes[] = {
      {"story: 洗衣液", "titel: 洗衣液", "unknown-key", "titel", ""},
      {"story: 洗衣液", "", "missing-key", "story", ""},
      {"  - {group: late, text: 一分钟后}", "  - {groop: late, text: 一}", "unknown-key", "groop",
       "`group`"},
      {"  - {group: late, text: 一分钟后}", "  - {group: late}", "missing-key", "text", ""},
      {"  - {group: late, text: 一分钟后}", "  - {at: soon, group: late, text: 一}", "wrong-type",
       "+0s", ""},
      {"  - {group: late, text: 一分钟后}", "  - {at: +31d, group: late, text: 一}", "out-of-range",
       "30 days", ""},
      {"  - {group: late, text: 一分钟后}", "  - {repeat: 9999, group: late, text: 一}",
       "out-of-range", "5000", ""},
      {"  - {group: late, text: 一分钟后}", "  - {kind: chta, group: late, text: 一}",
       "unknown-choice", "agent_report", "`chat`"},
      {"people: [{at: +12m, do: ack, by: duty}]", "people: [{at: +12m, do: akc, by: duty}]",
       "unknown-choice", "escalate", "`ack`"},
      {"  - {never: true, rung: ceo}", "  - {never: true}", "contradiction", "none", ""},
      {"  - {never: true, rung: ceo}", "  - {none: true, rung: ceo}", "contradiction", "none", ""},
      {"  - {never: true, rung: ceo}", "  - {level: purple}", "unknown-choice", "yellow", ""},
      {"at: \"2026-03-10 14:00\"", "at: 2 o'clock", "wrong-type", "2026-03-02 09:00", ""},
  };
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.instead);
    std::string bytes = kGood;
    const size_t at = bytes.find(mistake.line);
    REQUIRE(at != std::string::npos);
    bytes.replace(at, mistake.line.size(), mistake.instead);
    Read r;
    read(bytes, r);
    CHECK_FALSE(r.story.has_value());
    const auto found = std::ranges::find(r.findings, mistake.code, &rules::Finding::code);
    REQUIRE(found != r.findings.end());
    const rules::Finding& f = *found;
    CHECK(f.message.find(mistake.says) != std::string::npos);
    CHECK(f.suggestion.find(mistake.suggestion) != std::string::npos);
    CHECK(f.line > 0);
    CHECK_FALSE(rules::to_text(f).empty());
  }
}

TEST_CASE("acts of two families must say which one they mean") {
  Read r;
  read(kGood + "  - {incident: brand:晨麦}\n", r);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings.front().code == "missing-key");
  CHECK(r.findings.front().line == 8);
}

TEST_CASE("a story of too many messages is refused, not cut") {
  std::string bytes = "story: 多\nat: \"2026-03-10 14:00\"\nexpect: [{none: true}]\nmessages:\n";
  for (int i = 0; i < 5; ++i) bytes += "  - {repeat: 5000, every: 1s, group: g, text: 一}\n";
  Read r;
  read(bytes, r);
  CHECK_FALSE(r.story.has_value());
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings.front().code == "too-large");
  CHECK(r.findings.front().line == 9);
}

TEST_CASE("an expectation is told in one line with the times as people write them") {
  Read r;
  read(kGood, r);
  REQUIRE(r.story.has_value());
  CHECK(rules::to_text(r.story->expectations[0]) ==
        "by: +10m, incident: brand:沐禾, level: yellow, text: 过期");
  CHECK(rules::to_text(r.story->expectations[1]) == "never: true, rung: ceo");
  CHECK(rules::offset_text(Millis(0)) == "+0s");
  CHECK(rules::offset_text(65 * kMinute + Millis(5'000)) == "+1h5m5s");
}

TEST_CASE("the schema of a story names each key once in each object") {
  for (const rules::ObjectKind& kind : rules::story_schema()) {
    std::set<std::string_view> names;
    for (const rules::Key& key : kind.keys) CHECK_MESSAGE(names.insert(key.name).second, key.name);
    CHECK(names.size() > 1);
  }
}
