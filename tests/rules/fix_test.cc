// What `check --fix` offers: the bytes concerned and no others, never a worse file.
#include "rules/fix.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "rules/diff.h"
#include "rules/mend_text.h"
#include "tests/rules/desk_of_files.h"

using rules_test::DeskOfFiles;

namespace {

const std::string kHead = "pack: p\nowner: qa\nrules:\n  - id: r\n    name: 临期\n";
const std::string kTests = "    tests: [{hit: 过期了}, {miss: 很好}]\n";

// The pack as it would be mended; itself when nothing is offered.
std::string mended(const std::string& pack, size_t* left = nullptr) {
  DeskOfFiles desk;
  desk.write("pack.yaml", pack);
  std::vector<rules::Finding> findings;
  const auto fixes = rules::propose_fixes(desk.files, rules::FixScope::Packs, findings);
  if (left != nullptr) *left = findings.size();
  REQUIRE(fixes.size() <= 1);
  return fixes.empty() ? pack : fixes.front().after;
}

}  // namespace

TEST_CASE("typos of keys and words are mended, comments and layout stay") {
  size_t left = 1;
  CHECK(mended(
            kHead +
                "    isue:   expiry   # 事项\n    Level: RED\n    when:\n\n      anny: [ 过期 ]\n" +
                kTests,
            &left) ==
        kHead + "    issue:   expiry   # 事项\n    level: red\n    when:\n\n      any: [ 过期 ]\n" +
            kTests);
  CHECK(left == 0);
}

TEST_CASE("full-width punctuation of the syntax is mended, that of texts is not") {
  size_t left = 1;
  CHECK(
      mended(
          "pack: p\nowner: qa\nrules:\n  － id：r\n    name: 临期：过期，真的\n    issue：expiry\n"
          "    level: red\n    when：{any: 【过期，临期】}\n    tests: [{hit：过期了，临期}, "
          "{miss: 很好}]\n",
          &left) ==
      "pack: p\nowner: qa\nrules:\n  - id: r\n    name: 临期：过期，真的\n    issue: expiry\n"
      "    level: red\n    when: {any: [过期, 临期]}\n    tests: [{hit: 过期了，临期}, {miss: "
      "很好}]\n");
  CHECK(left == 0);
}

TEST_CASE("tabs, wide spaces and missing spaces are mended") {
  CHECK(
      mended(
          "pack: p\nowner: qa\nrules:\n\t- id: r\n\t\tname: 临期\n\t\tissue: expiry\n"
          "\u3000\u3000level:red\n\t\twhen:\n\t\t\tany:\n\t\t\t\t-过期\n\t\ttests: [{hit: 过期了}, "
          "{miss: 很好}]\n") ==
      "pack: p\nowner: qa\nrules:\n  - id: r\n    name: 临期\n    issue: expiry\n    level: red\n"
      "    when:\n      any:\n        - 过期\n    tests: [{hit: 过期了}, {miss: 很好}]\n");
}

TEST_CASE("words that are there twice or add nothing are taken out, from lists of both kinds") {
  CHECK(
      mended(
          "pack: p\nowner: qa\nlists:\n  a: [过期, 临期, 过期]\n  b:\n    - 变质\n    - 变质\n"
          "    - 发霉  # 留着\n" +
          kHead.substr(kHead.find("rules:")) +
          "    issue: expiry\n    level: red\n    when: {any: [快过期, $a, $b, 早变质了, 坏掉]}\n" +
          kTests) ==
      "pack: p\nowner: qa\nlists:\n  a: [过期, 临期]\n  b:\n    - 变质\n    - 发霉  # 留着\n" +
          kHead.substr(kHead.find("rules:")) +
          "    issue: expiry\n    level: red\n    when: {any: [$a, $b, 坏掉]}\n" + kTests);
}

TEST_CASE("line ends of Windows, a byte-order mark and quoted numbers are mended") {
  const std::string good =
      kHead +
      "    issue: expiry\n    level: red\n    when: {near: {words: [过期], of: "
      "[只剩], within: 5}}\n    tests: [{hit: 只剩过期}, {miss: 很好}]\n";
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : good) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const size_t at = windows.find("within: 5");
  windows.replace(at, 9, "within: '5'");
  CHECK(mended(windows) == good);
}

TEST_CASE("what would bring a new finding, and what no machine can know, is not offered") {
  // With `any` the rule would fire on its `miss`.
  const std::string pack =
      kHead +
      "    issue: expiry\n    level: red\n    when: {ani: [过期], all: [很好]}\n"
      "    tests: [{hit: 很好}, {miss: 坏了}]\n";
  CHECK(mended(pack) == pack);
  const std::string unknown =
      kHead + "    issue: expiry\n    level: 红\n    when: {any: [过期]}\n" + kTests;
  size_t left = 0;
  CHECK(mended(unknown, &left) == unknown);
  CHECK(left == 1);
}

TEST_CASE("the ladder file with its PINs is left alone, the other files are mended when all are") {
  DeskOfFiles desk;
  desk.write_rule("{any: [过期]}", "过期了");
  desk.write("lists.yaml",
             "lists:\n  advertising: [团购价, 团购价]\n  couriers: [顺丰速运|顺丰]\n");
  desk.write("ladders.yaml",
             "ladders: {default: {rungs: [{name: duty, who: {person: duty}, enter: {always: yes}, "
             "authority: 0}]}}\npeople: {duty: {name: 值班, channels: [terminal]}}\n");
  std::vector<rules::Finding> left;
  const auto fixes = rules::propose_fixes(desk.files, rules::FixScope::All, left);
  REQUIRE(fixes.size() == 1);
  CHECK(fixes[0].file == desk.files.lists);
  CHECK(fixes[0].after == "lists:\n  advertising: [团购价]\n  couriers: [顺丰速运|顺丰]\n");
  CHECK(rules::propose_fixes(desk.files, rules::FixScope::Packs, left).empty());
}

TEST_CASE("a diff is what diff -u prints") {
  CHECK(rules::unified_diff("f", "a\nb\nc\n", "a\nb\nc\n") == "");
  CHECK(rules::unified_diff("f", "1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\nx\n5\n6\n7\n") ==
        "--- f\n+++ f\n@@ -1,7 +1,7 @@\n 1\n 2\n 3\n-4\n+x\n 5\n 6\n 7\n");
  CHECK(rules::unified_diff("f", "", "a\n") == "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
  CHECK(rules::unified_diff("f", "a", "a\n") ==
        "--- f\n+++ f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  std::string before, after;
  for (int i = 1; i <= 30; ++i) {
    before += std::to_string(i) + "\n";
    if (i != 5) after += std::to_string(i) + "\n";
    if (i == 25) after += "new\n";
  }
  CHECK(rules::unified_diff("f", before, after) ==
        "--- f\n+++ f\n@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n"
        "@@ -23,6 +22,7 @@\n 23\n 24\n 25\n+new\n 26\n 27\n 28\n");
}

TEST_CASE("edits that overlap are not applied twice") {
  CHECK(rules::with_edits("abcdef", {{1, 3, "X"}, {2, 4, "Y"}, {5, 6, ""}}) == "aXde");
  CHECK(rules::with_edits("abc", {{2, 9, "X"}}) == "abc");
}
