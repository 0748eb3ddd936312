// A change of a pack changes what was meant and no other byte.
#include "rules/pack_edit.h"

#include <doctest/doctest.h>

using rules::RuleInPack;

namespace {

const std::string kFlow =
    "# 质检  的规则\npack: p\nowner: qa\nrules:\n"
    "  - {id: a, name: 甲, issue: expiry, level: red, mode: 'shadow', when: {any: [过期, 发霉]}}\n"
    "  - id: b\n    name: 乙   # 中文，注释\n    mode: shadow # 试用\n    issue: expiry\n"
    "    when:\n      any: [过期, \"it's\", 霉变]\n"
    "      near: {words: [日期], of: [只剩], within: 12}\n"
    "      except:\n        - 没过期\n        - 未过期\n";

std::string edited(const core::Result<std::string>& text) {
  REQUIRE_MESSAGE(text.ok(), text.error().message);
  return rules::line_diff("p.yaml", kFlow, *text);
}

}  // namespace

TEST_CASE("pack edit: a rule leaves the shadow by one word") {
  CHECK(edited(rules::with_mode_active({"p.yaml", kFlow, "b"})) ==
        "--- p.yaml\n+++ p.yaml\n@@ -8,1 +8,1 @@\n-    mode: shadow # 试用\n+    mode: active # "
        "试用\n");
  CHECK(edited(rules::with_mode_active({"p.yaml", kFlow, "a"})).find("mode: 'active'") !=
        std::string::npos);
  CHECK_FALSE(rules::with_mode_active({"p.yaml", kFlow, "c"}).ok());
  CHECK_FALSE(rules::with_mode_active({"p.yaml", "pack: [", "a"}).ok());
}

TEST_CASE("pack edit: phrases join a list however it is written, or begin one") {
  CHECK(edited(rules::with_words({"p.yaml", kFlow, "b"}, "except", {"不会过期", "a'b"})) ==
        "--- p.yaml\n+++ p.yaml\n@@ -13,0 +14,2 @@\n+        - 不会过期\n+        - 'a''b'\n");
  CHECK(edited(rules::with_words({"p.yaml", kFlow, "b"}, "none", {"广告"})) ==
        "--- p.yaml\n+++ p.yaml\n@@ -10,0 +11,1 @@\n+      none: [广告]\n");
  CHECK(edited(rules::with_words({"p.yaml", kFlow, "a"}, "except", {"没过期"}))
            .find("when: {except: [没过期], any: [过期, 发霉]}}") != std::string::npos);
  CHECK(edited(rules::with_words({"p.yaml", kFlow, "b"}, "any", {"坏了"}))
            .find("+      any: [坏了, 过期, ") != std::string::npos);
}

TEST_CASE("pack edit: a distance is narrowed and a word taken out") {
  CHECK(edited(rules::with_within({"p.yaml", kFlow, "b"}, 4)).find("within: 4}") !=
        std::string::npos);
  CHECK_FALSE(rules::with_within({"p.yaml", kFlow, "a"}, 4).ok());
  CHECK(edited(rules::without_word({"p.yaml", kFlow, "b"}, "过期"))
            .find("+      any: [\"it's\", 霉变]") != std::string::npos);
  CHECK(edited(rules::without_word({"p.yaml", kFlow, "b"}, "it's"))
            .find("+      any: [过期, 霉变]") != std::string::npos);
  CHECK(edited(rules::without_word({"p.yaml", kFlow, "b"}, "霉变"))
            .find("+      any: [过期, \"it's\"]") != std::string::npos);
  CHECK(edited(rules::without_word({"p.yaml", kFlow, "a"}, "发霉")).find("any: [过期]}}") !=
        std::string::npos);
  CHECK_FALSE(rules::without_word({"p.yaml", kFlow, "a"}, "没有").ok());
}
