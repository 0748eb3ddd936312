// The rest of the language: `count`, `mode`, `valid_from`, `from` by platform and channel, lists of
// lists and of files.
#include <doctest/doctest.h>

#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;
using rules_test::Said;

namespace {

// 2026-10-01 00:00 in Beijing.
constexpr int64_t kOctoberMs = 1'790'784'000'000;

DeskOfFiles& opened(DeskOfFiles& desk, std::string_view when, std::string_view hit,
                    std::string_view more = "") {
  desk.write_rule(when, hit, more);
  desk.open();
  return desk;
}

}  // namespace

TEST_CASE("count: so many different words, a word inside a longer one is part of it") {
  DeskOfFiles desk;
  opened(desk, "{count: {words: [过期, 快过期, 发霉, 异味], at_least: 2}}", "过期又发霉");
  CHECK(desk.hits("发霉，有异味"));
  CHECK(desk.hits("快过期了，不，过期了"));
  CHECK_FALSE(desk.hits("过期过期过期"));
  CHECK_FALSE(desk.hits("快过期了"));
}

TEST_CASE("count: what is excepted does not count, and `all` is asked for besides") {
  DeskOfFiles desk;
  opened(desk, "{count: {words: [过期, 发霉, 异味], at_least: 2}, all: [牛奶], except: [没过期]}",
         "牛奶过期，发霉");
  CHECK_FALSE(desk.hits("牛奶没过期，发霉"));
  CHECK_FALSE(desk.hits("过期，发霉"));
  CHECK(desk.hits("牛奶没过期，发霉，异味"));
}

TEST_CASE("any or count suffices") {
  DeskOfFiles desk;
  opened(desk, "{any: [中毒], count: {words: [拉肚子, 呕吐, 发烧], at_least: 2}}", "中毒了");
  CHECK(desk.hits("拉肚子，还发烧"));
  CHECK_FALSE(desk.hits("拉肚子"));
}

TEST_CASE("a count that asks for more words than there are never fires") {
  DeskOfFiles desk;
  desk.write_rule("{count: {words: [过期, 過期], at_least: 2}}", "过期");
  desk.load();
  CHECK(desk.codes().find("never-fires") != std::string::npos);
}

TEST_CASE("a rule holds from valid_from on, and not at valid_to") {
  DeskOfFiles desk;
  opened(desk, "{any: [过期]}", "过期了",
         "    valid_from: \"2026-10-01 00:00\"\n    valid_to: 2026-10-08\n");
  const auto hits_at = [&](int64_t ms) {
    return !desk.judge(Said{.text = "过期", .at_ms = ms}).empty();
  };
  CHECK_FALSE(hits_at(kOctoberMs - 1));
  CHECK(hits_at(kOctoberMs));
  CHECK(hits_at(kOctoberMs + 7 * 86'400'000LL - 1));
  CHECK_FALSE(hits_at(kOctoberMs + 7 * 86'400'000LL));
}

TEST_CASE("a rule that ends before it begins is told") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了",
                  "    valid_from: \"2026-10-01 00:00\"\n    valid_to: 2026-10-01\n");
  desk.load();
  CHECK(desk.codes() == "contradiction");
}

TEST_CASE("mode off: the rule is checked with its examples, and judges nothing") {
  DeskOfFiles desk;
  opened(desk, "{any: [过期]}", "过期了", "    mode: off\n");
  CHECK_FALSE(desk.hits("过期了"));
  desk.write_rule("{any: [过期]}", "发霉了", "    mode: off\n");
  desk.load();
  CHECK(desk.codes() == "failing-example");
}

TEST_CASE("from: platforms and channels") {
  DeskOfFiles desk;
  opened(desk, "{any: [过期], from: {platform: [wecom, weibo], channel: [g1]}}", "过期了");
  const auto hits = [&](const char* platform, const char* channel) {
    return !desk.judge(Said{.text = "过期", .channel = channel, .platform = platform}).empty();
  };
  CHECK(hits("wecom", "g1"));
  CHECK_FALSE(hits("douyin", "g1"));
  CHECK_FALSE(hits("wecom", "g2"));
}

TEST_CASE("lists hold other lists and files of words, wherever they stand") {
  DeskOfFiles desk;
  desk.write("lists.yaml", "lists:\n  bad: [发霉, $worse]\n  worse: {file: worse.txt}\n");
  desk.write("worse.txt", "# comment\n中毒\r\n\n  住院 # twice\n");
  desk.write("pack.yaml",
             "pack: p\nowner: qa\nlists: {all: [$bad, 过期, {file: more.txt}]}\nrules:\n"
             "  - {id: r, name: r, issue: expiry, level: blue, when: {any: [$all]},"
             " tests: [{hit: 住院了}, {miss: 没事}]}\n");
  desk.write("more.txt", "异味");
  desk.open();
  CHECK(desk.codes().empty());
  for (const char* text : {"发霉", "中毒", "住院", "过期", "异味"}) CHECK(desk.hits(text));
  CHECK_FALSE(desk.hits("twice"));

  const auto again = rules::load_archive(desk.book->bytes());
  REQUIRE(again);
  CHECK((*again)->hash() == desk.book->hash());
  CHECK((*again)->words() == desk.book->words());
}

TEST_CASE("a list that leads back to itself is told, and a file outside the folder is not read") {
  DeskOfFiles desk;
  desk.write("lists.yaml", "lists:\n  one: [发霉, $two]\n  two: [$one]\n");
  desk.write("pack.yaml",
             "pack: p\nowner: qa\nlists: {out: {file: ../x.txt}, gone: {file: gone.txt}}\nrules:\n"
             "  - {id: r, name: r, issue: expiry, level: blue, when: {any: [$one, $out, $gone]},"
             " tests: [{hit: 发霉了}, {miss: 没事}]}\n");
  desk.load();
  CHECK(desk.codes() == "nested-list unreadable unreadable");
}

TEST_CASE("a word that is too short is told at its line of the file of words") {
  DeskOfFiles desk;
  desk.write("lists.yaml", "lists: {one: {file: w.txt}}\n");
  desk.write("w.txt", "发霉\n霉\n");
  desk.write_rule("{any: [$one]}", "发霉了");
  desk.load();
  REQUIRE(desk.codes() == "short-word");
  CHECK(desk.findings.at(0).line == 2);
}
