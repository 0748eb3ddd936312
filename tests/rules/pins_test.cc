// PINs in the ladder file are never shown, however the file is broken.
#include "rules/pins.h"

#include <doctest/doctest.h>

#include <random>

#include "rules/policy_files.h"

namespace {

// Of no PIN: the salt and the hash are words.
const std::string kHash =
    "$argon2id$v=19$m=65536,t=3,p=1$c2VjcmV0c2FsdHNhbHQ$c2VjcmV0aGFzaHNlY3JldGhhc2g";
constexpr const char* kBefore =
    "ladders: {default: {rungs: [{name: duty, who: {person: a}, enter: {always: true}, "
    "authority: 0}]}}\n";

std::string shown(const std::string& line) { return rules::line_without_pins(line, 1); }

std::string findings_of(const std::string& text) {
  rules::SourceFile file;
  file.role = rules::Role::Ladders;
  file.name = "ladders.yaml";
  file.bytes = text;
  rules::Findings findings;
  rules::Zones zones;
  rules::read_ladders(file, zones, findings);
  std::string printed;
  for (const rules::Finding& f : findings.take()) printed += rules::to_text(f) + "\n";
  return printed;
}

bool leaks(const std::string& text) {
  return text.find("c2VjcmV0") != std::string::npos || text.find("918273") != std::string::npos;
}

}  // namespace

TEST_CASE("the hash of a PIN is argon2id with the console's costs") {
  CHECK(rules::is_pin_hash(kHash));
  const auto changed = [](std::string from, const std::string& to) {
    std::string hash = kHash;
    return hash.replace(hash.find(from), from.size(), to);
  };
  CHECK_FALSE(rules::is_pin_hash(""));
  CHECK_FALSE(rules::is_pin_hash("918273"));
  CHECK_FALSE(rules::is_pin_hash(changed("argon2id", "argon2i")));
  CHECK_FALSE(rules::is_pin_hash(changed("m=65536", "m=9999999")));
  CHECK_FALSE(rules::is_pin_hash(changed("v=19", "v=16")));
  CHECK_FALSE(rules::is_pin_hash(changed("c2VjcmV0c2FsdHNhbHQ$", "c2Vj$")));
  CHECK_FALSE(rules::is_pin_hash(kHash.substr(0, kHash.size() - 20)));
  CHECK_FALSE(rules::is_pin_hash(changed("hc2g", "hc2g=")));
  CHECK_FALSE(rules::is_pin_hash(kHash + "\n"));
  CHECK_FALSE(rules::is_pin_hash(kHash + std::string(256, 'a')));
}

TEST_CASE("a shown line ends where the value of a PIN begins") {
  CHECK(shown("    pin: 918273") == "    pin: ***");
  CHECK(shown("  a: {name: x, pin: \"918273\", zone: y}") == "  a: {name: x, pin: ***");
  CHECK(shown("\"PIN-code\" :918273") == "\"PIN-code\" :***");
  CHECK(shown("x: " + kHash) == "x: ***");
  CHECK(shown("  name: pin") == "  name: pin");
  CHECK(shown("  mypin: 918273") == "  mypin: ***");
  CHECK(shown("  pink: 3") == "  pink: ***");  // better one word too many
  CHECK(shown("  pin:") == "  pin:");
  CHECK(rules::line_without_pins("a:\n  pin: |\n    91\n\n    8273\n  b: 1\n", 3) == "    ***");
  CHECK(rules::line_without_pins("a:\n  pin: |\n    91\n\n    8273\n  b: 1\n", 5) == "    ***");
  CHECK(rules::line_without_pins("a:\n  pin: |\n    91\n\n    8273\n  b: 1\n", 6) == "  b: 1");
  CHECK(rules::line_without_pins("{pin:\n918273}\n", 2) == "***");
  CHECK(rules::line_without_pins("a\n", 7).empty());
}

TEST_CASE("a message about the ladder file shows nothing behind a dollar sign") {
  CHECK(
      rules::message_without_pins("没有 `p=1$c2Vj$c2g` 这个键 (unknown key `p=1$c2Vj$c2g` in x)") ==
      "没有 `p=1***` 这个键 (unknown key `p=1***` in x)");
  CHECK(rules::message_without_pins("`a, pin: 918273 b` and `PINs:1`") ==
        "`a, pin:***` and `PINs:***`");
  CHECK(rules::message_without_pins("lacks `pin`") == "lacks `pin`");
}

TEST_CASE("no finding shows a PIN or its hash, wherever the file is broken") {
  std::mt19937 dice(7);
  const std::string values[] = {kHash, "\"" + kHash + "\"", "918273", "'918273'"};
  const std::string junk[] = {"\n", "  ", ":",  "{",     "}",      "\"",
                              ", ", "- ", "\t", "pin: ", "zone: x"};
  size_t broken = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string& value = values[dice() % std::size(values)];
    std::string text =
        i % 2 == 0 ? "people:\n  a: {name: n, channels: [terminal], pin: " + value + ", oops: 1}\n"
                   : "people:\n  a:\n    name: n\n    pin: " + value + "\n    channels: [9, X Y]\n";
    // Anywhere but inside the key or the value, of which nobody knows then what it is.
    const size_t key = text.find("pin: "), end = key + 5 + value.size();
    const size_t at = dice() % 2 == 0 ? dice() % (key + 1) : end + dice() % (text.size() - end);
    text.insert(at, junk[dice() % std::size(junk)]);
    const std::string printed = findings_of(kBefore + text);
    broken += printed.find(": error: ") != std::string::npos ? 1 : 0;
    CHECK_MESSAGE(!leaks(printed), text << "\n" << printed);
  }
  CHECK(broken > 2000);
}
