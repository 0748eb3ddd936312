#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "core/text/utf8.h"
#include "ingest/decoders/qingyu_names.h"
#include "ingest/json_string.h"
#include "ingest/json_token.h"
#include "ingest/json_tree.h"

namespace {

using ingest::Fault;

// A JSON string's inside, mostly valid: escapes of every kind between plain characters.
std::string random_inside(std::mt19937& random) {
  static const char* const kPieces[] = {
      "a",       "过期",           "\\n", "\\\"", "\\\\",    "\\/",     "\\u0041", "\\u8fc7",
      "\\u0000", "\\ud83d\\ude00", "😀",   " ",    "\\ud83d", "\\udc00", "\\u12",   "\\x"};
  std::string inside;
  const size_t pieces = random() % 8;
  for (size_t i = 0; i < pieces; ++i) {
    const bool risky = random() % 6 == 0;
    inside += kPieces[random() % (risky ? std::size(kPieces) : 12)];
  }
  return random() % 20 == 0 ? inside + "\\" : inside;
}

std::string random_number(std::mt19937& random) {
  static const char* const kPieces[] = {"-", "0", "1", "12", ".", "5", "e", "E+", "e-", "99", "00"};
  std::string number;
  const size_t pieces = 1 + random() % 5;
  for (size_t i = 0; i < pieces; ++i) number += kPieces[random() % std::size(kPieces)];
  return number;
}

}  // namespace

TEST_CASE("strings are unescaped as another JSON library does, and refused where it refuses") {
  std::mt19937 random(1);
  size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string inside = random_inside(random);
    const auto obvious = nlohmann::json::parse('"' + inside + '"', nullptr, false);
    std::string out;
    const bool ours = ingest::unescape(inside, out) == ingest::Unescaped::Ok;
    REQUIRE_MESSAGE(ours == !obvious.is_discarded(), inside);
    if (ours) REQUIRE_MESSAGE(out == obvious.get<std::string>(), inside);
    refused += ours ? 0 : 1;
    const bool worst = ingest::worst_escape('"' + inside + "\"\\n\"") == ingest::Unescaped::Ok;
    const bool swallows_its_quote = !ours && inside.ends_with('\\');
    if (!swallows_its_quote) REQUIRE_MESSAGE(worst == ours, inside);
  }
  CHECK(refused > 1000);
  CHECK(refused < 15'000);
}

TEST_CASE("half a character is told apart from a broken escape") {
  std::string out;
  CHECK(ingest::unescape("\\ud83d", out) == ingest::Unescaped::LoneSurrogate);
  CHECK(ingest::unescape("\\ude00", out) == ingest::Unescaped::LoneSurrogate);
  CHECK(ingest::unescape("\\ud83dx", out) == ingest::Unescaped::LoneSurrogate);
  CHECK(ingest::unescape("\\ud83d\\u0041", out) == ingest::Unescaped::LoneSurrogate);
  CHECK(ingest::unescape("\\ud83", out) == ingest::Unescaped::Broken);
  CHECK(ingest::unescape("\\q", out) == ingest::Unescaped::Broken);
  CHECK(ingest::worst_escape("{\"\\ud83d\":\"\\q\"}") == ingest::Unescaped::Broken);
}

TEST_CASE("numbers are read as another JSON library does, and refused where it refuses") {
  std::mt19937 random(2);
  size_t accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string token = random_number(random);
    const auto obvious = nlohmann::json::parse(token, nullptr, false);
    int64_t number = 0;
    if (std::isinf(std::strtod(token.c_str(), nullptr))) {  // the other library refuses these
      CHECK(ingest::read_number(token, "n", number).stops());
      continue;
    }
    const bool ours = !ingest::check_scalar(token).stops();
    REQUIRE_MESSAGE(ours == !obvious.is_discarded(), token);
    if (!ours) continue;
    ++accepted;
    const double value = obvious.get<double>();
    const Fault fault = ingest::read_number(token, "n", number);
    REQUIRE_MESSAGE((fault.what == Fault::None) == (std::abs(value) <= 9.0e15), token);
    if (!fault.stops()) REQUIRE_MESSAGE(number == static_cast<int64_t>(value), token);
  }
  CHECK(accepted > 1000);
}

TEST_CASE("a scalar of the wrong type is a wrong field, null is none, letters are no JSON") {
  std::string text;
  uint32_t count = 7;
  bool yes = false;
  CHECK(ingest::read_string("true", "id", text).what == Fault::Wrong);
  CHECK(ingest::read_string("[", "id", text).what == Fault::Wrong);
  CHECK(ingest::read_string("null", "id", text).what == Fault::Absent);
  CHECK(ingest::read_string("tru", "id", text).what == Fault::Broken);
  CHECK(ingest::read_string("4711", "id", text).what == Fault::None);
  CHECK(text == "4711");
  CHECK(ingest::read_u32("-3", "n", count).what == Fault::None);
  CHECK(count == 0);
  CHECK(ingest::read_u32("99999999999", "n", count).what == Fault::None);
  CHECK(count == 4294967295u);
  CHECK(ingest::read_u32("\"12\"", "n", count).what == Fault::Wrong);
  CHECK(ingest::read_bool("true", "b", yes).what == Fault::None);
  CHECK(yes);
  CHECK(ingest::read_bool("1", "b", yes).what == Fault::Wrong);
}

TEST_CASE("a time is milliseconds of this century") {
  core::Time time{};
  CHECK(ingest::read_time("1773100000000", time).what == Fault::None);
  CHECK(core::to_ms(time) == 1773100000000);
  CHECK(ingest::read_time("1773100000000.0", time).what == Fault::None);
  for (const char* token :
       {"1773100000", "0", "-1", "1773100000000000", "\"2026\"", "9e99", "true"})
    CHECK_MESSAGE(ingest::read_time(token, time).what == Fault::Time, token);
  CHECK(ingest::read_time("null", time).what == Fault::Absent);
}

TEST_CASE("every field name is found by its letters and nothing else is") {
  using ingest::kNames;
  for (size_t i = 1; i < kNames.size(); ++i) {
    std::string raw = kNames[i];
    CHECK(raw.size() <= ingest::kNameBytesMax);
    raw.append("\"                ");
    CHECK(ingest::name_of(ingest::key_letters(raw.data())) == static_cast<ingest::Name>(i));
    raw[0] = static_cast<char>(raw[0] ^ 1);
    CHECK(ingest::name_of(ingest::key_letters(raw.data())) != static_cast<ingest::Name>(i));
  }
  CHECK(ingest::name_of(ingest::key_letters("\"               ")) == ingest::Name::Unknown);
  CHECK(ingest::name_of(ingest::key_letters("a_name_of_many_letters\"")) == ingest::Name::Unknown);
}

TEST_CASE("a tree gives what is there and nothing for what is not") {
  ingest::JsonTree tree;
  REQUIRE_FALSE(tree.parse(R"({"a":{"b":[1,"2",null]},"t":true,"n":"17","s":"文"})").stops());
  const ingest::JsonNode root = tree.root();
  CHECK(root.is_object());
  CHECK(root["s"].text() == "文");
  CHECK(root["n"].integer() == 17);
  CHECK(root["t"].truth());
  REQUIRE(root["a"]["b"].elements().size() == 3);
  CHECK(root["a"]["b"].elements()[0].integer() == 1);
  CHECK(root["a"]["b"].elements()[2].is_null());
  CHECK_FALSE(root["x"]);
  CHECK_FALSE(root["x"]["y"]);
  CHECK(root["x"]["y"].text().empty());
  CHECK_FALSE(root["s"].integer());
  CHECK(root["s"].elements().empty());
  CHECK(tree.parse("{\"a\":\"\\ud800\"}").what == Fault::Lone);
  CHECK(tree.parse("{\"a\":\"\\udc00\"}").what == Fault::Lone);
  CHECK(tree.parse("{\"a\":}").what == Fault::Broken);
  CHECK(tree.parse("").what == Fault::Broken);
}

TEST_CASE("any bytes become readable text") {
  CHECK(ingest::readable("\\u8fc7\\u671f\\ud83d\\ude00", 100) == "过期😀");
  CHECK(ingest::readable("a\xff\\ud800z", 100) == "a\xef\xbf\xbd\xef\xbf\xbdz");
  std::mt19937 random(3);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes;
    for (size_t n = random() % 40; n > 0; --n)
      bytes.push_back(random() % 3 == 0 ? "\\ud8"[random() % 4]
                                        : static_cast<char>(random() % 256));
    CHECK(core::text::valid_utf8(ingest::readable(bytes, 30)));
  }
}
