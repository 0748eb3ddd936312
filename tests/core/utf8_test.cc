#include "core/text/utf8.h"

#include <doctest/doctest.h>
#include <unicode/ustring.h>

#include <random>

namespace text = core::text;

namespace {

// Strings that are mostly UTF-8, with single bytes damaged.
std::string damaged(std::mt19937& random) {
  std::string s;
  const size_t n = random() % 12;
  for (size_t i = 0; i < n; ++i) {
    const uint32_t limit[] = {0x80, 0x800, 0x10000, 0x110000};
    text::append_utf8(s, static_cast<char32_t>(random() % limit[random() % 4]));
  }
  if (!s.empty() && random() % 2 == 0) s[random() % s.size()] = static_cast<char>(random());
  if (!s.empty() && random() % 4 == 0) s.erase(random() % s.size(), 1);
  return s;
}

}  // namespace

TEST_CASE("every code point survives the way to UTF-8 and back") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string s;
    text::append_utf8(s, c);
    size_t i = 0;
    if (text::decode_at(s, i) != c || i != s.size() || !text::valid_utf8(s)) {
      FAIL("code point " << static_cast<uint32_t>(c));
    }
  }
}

TEST_CASE("what is no code point is written as U+FFFD") {
  CHECK(text::to_utf8(std::u32string{0xD800}) == "\xEF\xBF\xBD");
  CHECK(text::to_utf8(std::u32string{0x110000}) == "\xEF\xBF\xBD");
}

TEST_CASE("well-formedness agrees with ICU on damaged strings") {
  std::mt19937 random(20260310);
  for (int round = 0; round < 200'000; ++round) {
    const std::string s = damaged(random);
    UChar units[64];
    int32_t length = 0;
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(units, 64, &length, s.data(), static_cast<int32_t>(s.size()), &code);
    const bool well_formed = U_SUCCESS(code);
    REQUIRE(text::valid_utf8(s) == well_formed);
    if (well_formed)
      REQUIRE(text::count_code_points(s) == static_cast<size_t>(u_countChar32(units, length)));
    if (well_formed) REQUIRE(text::to_utf8(text::to_utf32(s)) == s);
  }
}

TEST_CASE("a bad byte is one U+FFFD and the next character is not eaten") {
  CHECK(text::to_utf32("\xE4\xB8过") == U"\uFFFD\uFFFD过");
  CHECK(text::to_utf32("\xC0\xAF") == U"\uFFFD\uFFFD");
  CHECK(text::to_utf32("\xED\xA0\x80") == U"\uFFFD\uFFFD\uFFFD");
  CHECK(text::to_utf32("\xF4\x90\x80\x80") == U"\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(text::to_utf32("a\xF0\x9F\x98") == U"a\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("prefix_of cuts between characters, as cutting by decoding from the start does") {
  std::mt19937 random(7);
  for (int round = 0; round < 50'000; ++round) {
    const std::string s = damaged(random);
    for (size_t bytes = 0; bytes <= s.size() + 1; ++bytes) {
      size_t end = 0;
      for (size_t i = 0; i < s.size();) {
        text::decode_at(s, i);
        if (i <= bytes) end = i;
      }
      REQUIRE(text::prefix_of(s, bytes) == s.substr(0, end));
    }
  }
}

TEST_CASE("slice counts code points and stops at the end") {
  CHECK(text::slice("a过期b", 1, 3) == "过期");
  CHECK(text::slice("a过期b", 3, 9) == "b");
  CHECK(text::slice("a过期b", 5, 9) == "");
  CHECK(text::slice("过\xFF期", 1, 2) == "\xFF");
}
