// How findings are collected, ordered and worded.
#include "rules/findings.h"

#include <doctest/doctest.h>

#include "core/text/utf8.h"

using rules::Findings;
using rules::Place;
using rules::SourceFile;

namespace {

SourceFile file(int order, std::string bytes = "") {
  SourceFile f;
  f.name = "f" + std::to_string(order);
  f.order = order;
  f.bytes = std::move(bytes);
  return f;
}

}  // namespace

TEST_CASE(
    "findings come in the order of files, lines and columns, whatever order they were found") {
  const SourceFile first = file(1), second = file(2);
  Findings findings;
  findings.error({&second, 1, 1}, "d", "m");
  findings.warning({&first, 9, 1}, "c", "m");
  findings.error({&first, 2, 5}, "b", "m");
  findings.error({&first, 2, 3}, "a", "m");
  findings.error({}, "whole", "m");
  CHECK(findings.errors() == 4);
  std::string codes;
  for (const rules::Finding& f : findings.take()) codes += f.code + " ";
  CHECK(codes == "whole a b c d ");
}

TEST_CASE("the same finding at the same place is told once") {
  const SourceFile f = file(1);
  Findings findings;
  for (int i = 0; i < 3; ++i) findings.error({&f, 1, 1}, "a", "m");
  findings.error({&f, 1, 1}, "a", "other");
  CHECK(findings.take().size() == 2);
}

TEST_CASE("warnings alone are no error") {
  Findings findings;
  findings.warning({}, "a", "m");
  CHECK_FALSE(findings.has_error());
  findings.error({}, "a", "m");
  CHECK(findings.has_error());
}

TEST_CASE("an error is not lost among a thousand warnings") {
  const SourceFile f = file(1);
  Findings findings;
  for (int i = 1; i <= 2000; ++i) findings.warning({&f, i, 1}, "w", "m");
  findings.error({&f, 3000, 1}, "e", "m");
  const auto all = findings.take();
  REQUIRE(all.size() == rules::kFindingsMax + 2);
  CHECK(all[rules::kFindingsMax].code == "e");
  CHECK(all.back().code == "too-many");
}

TEST_CASE("a finding carries the line it stands on") {
  const SourceFile f = file(1, "a: 1\n词: [过期]\r\nc: 3");
  Findings findings;
  findings.error({&f, 2, 5}, "x", "m");
  findings.error({&f, 3, 1}, "y", "m");
  findings.error({&f, 9, 1}, "z", "m");
  const auto all = findings.take();
  CHECK(all[0].source_line == "词: [过期]\r");
  CHECK(rules::to_text(all[0]).ends_with("    词: [过期] \n         ^"));
  CHECK(all[1].source_line == "c: 3");
  CHECK(all[2].source_line == "");
}

TEST_CASE("a very long line is cut, in whole characters") {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "过";
  const SourceFile f = file(1, line);
  Findings findings;
  findings.error({&f, 1, 900}, "x", "m");
  const std::string text = rules::to_text(findings.take().at(0));
  CHECK(core::text::valid_utf8(text));
  CHECK(text.size() < 700);
  CHECK(text.find('^') == std::string::npos);
}

TEST_CASE("what is quoted cannot break the terminal") {
  CHECK(rules::quoted("a\x1b[31m\nb") == "`a [31m b`");
  CHECK(rules::quoted("坏\xff") == "`坏\uFFFD`");
  CHECK(core::text::count_code_points(rules::quoted(std::string(500, 'x'))) == 62);
}

TEST_CASE("a typo finds its word, a stranger finds none") {
  const std::vector<std::string_view> known = {"except", "any", "all", "none", "near", "from"};
  CHECK(rules::nearest("exept", known) == "did you mean `except`?");
  CHECK(rules::nearest("execpt", known) == "did you mean `except`?");
  CHECK(rules::nearest("form", known) == "did you mean `from`?");
  CHECK(rules::nearest("non", known) == "did you mean `none`?");
  CHECK(rules::nearest("colour", known) == "");
  CHECK(rules::nearest("", known) == "");
  CHECK(rules::nearest("any", {}) == "");
  CHECK(rules::nearest("质检", {"质检部", "公关部"}) == "did you mean `质检部`?");
  CHECK(rules::nearest(std::string(5000, 'a'), known) == "");
}
