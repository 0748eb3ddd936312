#include "alerting/message_text.h"

#include <doctest/doctest.h>

#include <random>

#include "core/text/utf8.h"
#include "tests/fakes/fake_clock.h"

using alerting::clipped;
using alerting::decimal;
using alerting::defanged;
using alerting::one_line;
using alerting::with_separators;

namespace {

size_t graphemes_in(std::string_view text) {
  size_t count = 0;
  for (size_t i = 0; i < text.size(); i = alerting::grapheme_end(text, i)) ++count;
  return count;
}

// Chinese, emoji sequences, flags, skin tones, combining marks, controls, and broken bytes.
std::string strange_text(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces = {
      "过期",
      "洗衣液",
      "a",
      "<@all>",
      "\n",
      "\r\n",
      "\t",
      "👨‍👩‍👧‍👦",
      "🇨🇳",
      "👍🏽",
      "e\u0301",
      "o\u0308\u0323",
      "\u200b",
      "\u202e",
      "\u200d",
      "\ufeff",
      "\x01",
      "\x7f",
      "\xff",
      "\xe8\xbf",
      "http://a.cn/x",
      "☎\ufe0f",
      "。",
      "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030d\u030e"
      "\u030f\u0310\u0311\u0312\u0313\u0314\u0315"};
  std::string text;
  for (size_t n = random() % 200; n > 0; --n) text += kPieces[random() % kPieces.size()];
  return text;
}

}  // namespace

TEST_CASE("numbers have thousands separators and never an exponent") {
  CHECK(with_separators(0) == "0");
  CHECK(with_separators(999) == "999");
  CHECK(with_separators(1000) == "1,000");
  CHECK(with_separators(1'234'567) == "1,234,567");
  CHECK(with_separators(-1'000) == "-1,000");
  CHECK(with_separators(-999) == "-999");
  CHECK(with_separators(INT64_MAX) == "9,223,372,036,854,775,807");
  CHECK(with_separators(INT64_MIN) == "-9,223,372,036,854,775,808");
}

TEST_CASE("decimals leave out trailing zeros") {
  CHECK(decimal(3990, 2) == "39.9");
  CHECK(decimal(3900, 2) == "39");
  CHECK(decimal(3905, 2) == "39.05");
  CHECK(decimal(123'456'789, 3) == "123,456.789");
  CHECK(decimal(-5, 1) == "-0.5");
  CHECK(decimal(-15, 1) == "-1.5");
}

TEST_CASE("times carry their date and zones their name") {
  using alerting::Language;
  CHECK(alerting::moment(fakes::kStart, 480) == "2026-03-10 16:00");
  CHECK(alerting::utc(fakes::kStart) == "2026-03-10T08:00:00Z");
  CHECK(alerting::zone_name(480, Language::Chinese) == "北京时间");
  CHECK(alerting::zone_name(480, Language::English) == "UTC+8");
  CHECK(alerting::zone_name(-210, Language::Chinese) == "UTC-3:30");
  CHECK(alerting::zone_name(345, Language::English) == "UTC+5:45");
}

TEST_CASE("what people see as one character is one") {
  for (const std::string one :
       {"过", "e\u0301", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "☎\ufe0f"})
    CHECK(graphemes_in(one) == 1);
  CHECK(graphemes_in("🇨🇳🇯🇵") == 2);
  CHECK(graphemes_in("过期") == 2);
}

TEST_CASE("a cut falls between characters and shows") {
  CHECK(clipped("过期了", {3, 100}) == "过期了");
  CHECK(clipped("过期了吗", {3, 100}) == "过期…");
  CHECK(clipped("过期了吗", {10, 9}) == "过期…");
  CHECK(clipped("过期了吗", {10, 12}) == "过期了吗");
  CHECK(clipped("过期了吗", {10, 11}) == "过期…");
  CHECK(clipped("a👨‍👩‍👧‍👦b", {10, 20}) == "a…");
  CHECK(clipped("ab", {10, 1}).empty());
}

TEST_CASE("one line has no controls, no hidden characters and no broken bytes") {
  CHECK(one_line("一\n\n二\r\n三\n") == "一 / 二 / 三");
  CHECK(one_line("过\u200b期\u202e了\ufeff") == "过期了");
  CHECK(one_line("a\x01\x7f\xff"
                 "b") == "ab");
  CHECK(one_line("全家👨‍👩‍👧‍👦好") == "全家👨‍👩‍👧‍👦好");
  CHECK(one_line("过\u200d期") == "过期");  // a joiner that joins nothing
}

TEST_CASE("addresses are defanged and prices are not") {
  CHECK(defanged("看 http://evil.com/a 和 HTTPS://Evil.cn") ==
        "看 hxxp://evil[.]com/a 和 hxxpS://Evil[.]cn");
  CHECK(defanged("www.evil.com.cn") == "www[.]evil[.]com[.]cn");
  CHECK(defanged("39.9元，第3.5版。") == "39.9元，第3.5版。");
  CHECK(defanged("http") == "http");
  CHECK(defanged("http:") == "http:");
}

TEST_CASE("any bytes become valid text within the room") {
  std::mt19937_64 random(20260310);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = strange_text(random);
    const alerting::Room room = {random() % 60, random() % 300};
    const std::string quote = alerting::quotable(text, room);
    REQUIRE(core::text::valid_utf8(quote));
    REQUIRE(quote.size() <= room.bytes);
    REQUIRE(graphemes_in(quote) <= room.graphemes);
    REQUIRE(quote.find_first_of("\n\r\t\x01\x7f") == std::string::npos);
    REQUIRE(quote.find("http:") == std::string::npos);
    REQUIRE(one_line(one_line(text)) == one_line(text));
  }
}
