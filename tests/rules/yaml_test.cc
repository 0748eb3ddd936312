// YAML as a tree with places, and the values read from it.
#include "rules/yaml.h"

#include <doctest/doctest.h>

#include "rules/reading.h"
#include "rules/yaml_hint.h"

using rules::Findings;
using rules::Node;
using rules::Reading;

namespace {

struct Parsed {
  explicit Parsed(std::string text) {
    file.name = "t.yaml";
    file.bytes = std::move(text);
    root = rules::parse_yaml(file, findings);
  }
  const Node& at(std::string_view key) {
    REQUIRE(root.has_value());
    const Node* node = root->value(key);
    REQUIRE(node != nullptr);
    return *node;
  }
  std::string codes() {
    std::string all;
    for (const rules::Finding& f : findings.take()) all += f.code + " ";
    return all;
  }

  rules::SourceFile file;
  Findings findings;
  std::optional<Node> root;
};

// One value through one reader.
template <typename Read>
auto value_of(const std::string& text, Read read) {
  Parsed parsed("v: " + text + "\n");
  Reading reading(parsed.file, parsed.findings);
  return read(reading, parsed.at("v"));
}

struct Pair {
  std::string left, right;
};

constexpr rules::Field<Pair> kPair[] = {
    {{"left", rules::Shape::Text, rules::Presence::Required, "left"},
     [](Reading& r, const Node& n, Pair& o) { rules::keep(r.text(n), o.left); }},
    {{"right", rules::Shape::Text, rules::Presence::Optional, "right"},
     [](Reading& r, const Node& n, Pair& o) { rules::keep(r.text(n), o.right); }},
    {{"middle", rules::Shape::Text, rules::Presence::Later, "later"}, nullptr},
};

}  // namespace

TEST_CASE("a tree has maps, lists and scalars, each at its place in code points") {
  Parsed p("规则: {名字: 甲, 词: [过期, \"123\"]}\nb:\n  - x\n");
  REQUIRE(p.root.has_value());
  CHECK(p.root->kind == Node::Kind::Map);
  const Node& rule = p.at("规则");
  CHECK(rule.line == 1);
  CHECK(rule.column == 5);
  const Node* words = rule.value("词");
  REQUIRE(words != nullptr);
  CHECK(words->kind == Node::Kind::List);
  REQUIRE(words->items.size() == 2);
  CHECK(words->items[0].text == "过期");
  CHECK(words->items[0].column == 17);
  CHECK(words->items[0].plain);
  CHECK_FALSE(words->items[1].plain);
  CHECK(p.at("b").items.at(0).line == 3);
  CHECK(rule.value("nothing") == nullptr);
}

TEST_CASE("an empty file is a null node, a broken one is none") {
  CHECK(Parsed("").root->kind == Node::Kind::Null);
  CHECK(Parsed("# only a comment\n").root->kind == Node::Kind::Null);
  CHECK_FALSE(Parsed("a: [\n").root.has_value());
  CHECK(Parsed("a: ~\nb:\n").at("b").kind == Node::Kind::Null);
}

TEST_CASE("aliases are expanded where they stand") {
  Parsed p("a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n");
  CHECK(p.at("b").value("k")->items.size() == 2);
  CHECK(p.at("c").items.at(1).value("k")->items.at(1).text == "2");
  CHECK(p.codes() == "");
}

TEST_CASE("what the library takes silently is refused") {
  CHECK(Parsed("a: 1\nb: 2\na: 3\n").codes() == "duplicate-key ");
  CHECK(Parsed("a: {x: 1, x: {y: [1]}}\n").codes() == "duplicate-key ");
  CHECK(Parsed("a: &x [1, *x]\n").codes() == "alias-loop ");
  CHECK(Parsed("a: &x {b: {c: *x}}\n").codes() == "alias-loop ");
  CHECK(Parsed("a: 1\n...\n---\nb: 2\n").codes() == "second-document ");
  CHECK(Parsed("? [a, b]\n: 1\n").codes() == "wrong-type ");
  CHECK(Parsed("a: \x01\n").codes() == "control-character ");
}

TEST_CASE("a duplicate key keeps its first value") {
  Parsed p("a: 1\na: {b: 2}\nc: 3\n");
  CHECK(p.at("a").text == "1");
  CHECK(p.at("c").text == "3");
}

TEST_CASE("too many keys, too many nodes and too much depth end the reading") {
  std::string keys;
  for (size_t i = 0; i <= rules::kYamlKeysMax; ++i)
    keys.append("k").append(std::to_string(i)).append(": 1\n");
  CHECK(Parsed(keys).codes() == "too-large ");
  std::string deep = "a: ";
  for (size_t i = 0; i <= rules::kYamlDepthMax; ++i) deep += "[";
  CHECK(Parsed(deep + "1").codes() == "too-deep ");
  std::string wide = "a: [";
  for (size_t i = 0; i <= rules::kYamlNodesMax; ++i) wide += "1,";
  CHECK(Parsed(wide + "]").codes() == "too-large ");
}

TEST_CASE("whole numbers and fractions") {
  const auto integer = [](const std::string& text) {
    return value_of(text, [](Reading& r, const Node& n) {
      static constexpr rules::Form kRange = rules::in(-10, 100);
      r.read_as(&kRange);
      return r.integer(n);
    });
  };
  CHECK(integer("7") == 7);
  CHECK(integer("+7") == 7);
  CHECK(integer("-10") == -10);
  for (const char* bad : {"101", "-11", "1.5", "seven", "7x", "''", "[7]", "99999999999999999999"})
    CHECK_FALSE_MESSAGE(integer(bad).has_value(), std::string(bad));
  const auto real = [](const std::string& text) {
    return value_of(text, [](Reading& r, const Node& n) {
      static constexpr rules::Form kRange = rules::in(0, 1);
      r.read_as(&kRange);
      return r.real(n);
    });
  };
  CHECK(real("1.0e-6") == 1.0e-6);
  CHECK(real("0.5") == 0.5);
  for (const char* bad : {"2", "nan", ".inf", "half", "{}"})
    CHECK_FALSE_MESSAGE(real(bad).has_value(), std::string(bad));
}

TEST_CASE("durations have a unit") {
  const auto seconds = [](const std::string& text) -> int64_t {
    const auto d = value_of(text, [](Reading& r, const Node& n) { return r.duration(n); });
    return d ? d->count() / 1000 : -1;
  };
  CHECK(seconds("30s") == 30);
  CHECK(seconds("10m") == 600);
  CHECK(seconds("60m") == 3600);
  CHECK(seconds("4h") == 14400);
  CHECK(seconds("365d") == 31536000);
  for (const char* bad :
       {"10", "m", "0m", "-5m", "366d", "1.5h", "10 m", "10min", "[]", "9999999999999999999d"})
    CHECK_MESSAGE(seconds(bad) == -1, std::string(bad));
}

TEST_CASE("names, flags and levels") {
  const auto id = [](const std::string& text) {
    return value_of(text, [](Reading& r, const Node& n) { return r.id(n); });
  };
  CHECK(id("near-expiry_2") == "near-expiry_2");
  for (const char* bad : {"Near", "a b", "规则", "''", "[a]", "a.b"})
    CHECK_FALSE_MESSAGE(id(bad).has_value(), std::string(bad));
  CHECK_FALSE(id(std::string(65, 'a')).has_value());
  const auto flag = [](const std::string& text) {
    return value_of(text, [](Reading& r, const Node& n) { return r.flag(n); });
  };
  CHECK(flag("true") == true);
  CHECK(flag("false") == false);
  CHECK_FALSE(flag("yes").has_value());
  const auto level = [](const std::string& text) {
    return value_of(text, [](Reading& r, const Node& n) { return r.level(n); });
  };
  CHECK(level("orange") == core::Level::Orange);
  CHECK_FALSE(level("Orange").has_value());
}

TEST_CASE("an object is read by its table: unknown, missing and later keys are told") {
  const auto read = [](const std::string& text, std::string& codes) {
    Parsed p(text);
    Reading reading(p.file, p.findings);
    Pair pair;
    rules::read_object(reading, *p.root, "pair", kPair, pair);
    codes = p.codes();
    return pair;
  };
  std::string codes;
  CHECK(read("left: a\nright: b\n", codes).right == "b");
  CHECK(codes == "");
  read("right: b\n", codes);
  CHECK(codes == "missing-key ");
  read("left: a\nrihgt: b\n", codes);
  CHECK(codes == "unknown-key ");
  read("middle: b\n", codes);  // may stand for what is missing
  CHECK(codes == "not-in-this-version ");
  read("[left, right]\n", codes);
  CHECK(codes == "wrong-type ");
}

TEST_CASE("where reading stops, the guess that gets it further is told, and no other") {
  struct Row {
    std::string text;
    int line;
    std::string_view part;
  };
  const Row rows[] = {
      {"a:\n  when：\n    any: [x]\n", 3, "line 2): `：` → `:`"},
      {"a: 1\nb：2\nc: 3\n", 3, "line 2): `：` → `: `"},
      {"owner：q\na: 1\nb:\n\t- c: 1\n", 2, "line 1): `：` → `: `"},
      {"a:\n\t- b\n", 2, "line 2): 制表符 (tab) → 空格 (spaces)"},
      {"a:\n  any:[x]\n  all: [y]\n", 3, "line 2: a space is missing"},
      {"a: 注意: 临期\n", 1, "line 1: quote the value"},
      {"- hit: 他说: 过期\n- miss: 好\n", 1, "line 1: quote the value"},
      {"a: [x}\n", 1, ""},
      {"a: 'x\n", 2, ""},
      {"a：[x}\n", 1, ""},
      {"", 1, ""},
      {"a", 99, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string hint = rules::yaml_hint(row.text, row.line);
    CAPTURE(hint);
    CHECK(hint.empty() == row.part.empty());
    CHECK(hint.find(row.part) != std::string::npos);
  }
}

TEST_CASE("a complaint of the library is told in both languages, an unknown one too") {
  CHECK(rules::yaml_complaint("end of map flow not found") ==
        "YAML 写法有误：少一个 } (YAML syntax: end of map flow not found)");
  CHECK(rules::yaml_complaint("new one") == "YAML 写法有误 (YAML syntax: new one)");
}
