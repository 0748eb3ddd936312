// A word is found in a message whatever trick hides it (DOMAIN: people dodge filters).
#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "core/text/utf8.h"

namespace text = core::text;

namespace {

constexpr const char* kWords[] = {"过期",          "吃出异物", "发霉变质", "假货",
                                  "12315",         "食物中毒", "weixin",   "paypal",
                                  "保质期只剩3天", "nike正品", "拉肚子"};

std::u32string full_width(std::u32string word) {
  for (char32_t& c : word) {
    if (c > U' ' && c < 0x7F) c += 0xFEE0;
  }
  return word;
}

std::u32string upper_case(std::u32string word) {
  for (char32_t& c : word) {
    if (c >= U'a' && c <= U'z') c -= 32;
  }
  return word;
}

std::u32string replaced(std::u32string word, std::u32string_view from, std::u32string_view to) {
  for (char32_t& c : word) {
    const size_t at = from.find(c);
    if (at != from.npos) c = to[at];
  }
  return word;
}

std::u32string traditional(std::u32string word) {
  return replaced(std::move(word), U"过发变质货异", U"過發變質貨異");
}

// Only the vowels: a token that is Cyrillic from end to end is Russian.
std::u32string cyrillic(std::u32string word) { return replaced(std::move(word), U"aeio", U"аеіо"); }

// `what` between two characters of the word, at a place that `random` chooses or at every place.
std::u32string interrupted(const std::u32string& word, std::u32string_view what,
                           std::mt19937* random) {
  const size_t chosen = random == nullptr ? 0 : 1 + (*random)() % (word.size() - 1);
  std::u32string out;
  for (size_t i = 0; i < word.size(); ++i) {
    if (i > 0 && (random == nullptr || i == chosen)) out += what;
    out.push_back(word[i]);
  }
  return out;
}

}  // namespace

TEST_CASE("a word is found in a message that holds it disguised by any trick") {
  std::mt19937 random(3);
  for (const char* word : kWords) {
    const std::u32string plain = text::to_utf32(word);
    std::vector<std::u32string> disguised = {plain,
                                             full_width(plain),
                                             upper_case(plain),
                                             traditional(plain),
                                             cyrillic(plain),
                                             full_width(upper_case(traditional(plain)))};
    for (const char32_t* inside : {U"*",
                                   U"·",
                                   U"_",
                                   U"-",
                                   U"~",
                                   U"～",
                                   U"＊",
                                   U" ",
                                   U"　",
                                   U"**",
                                   U"*-*",
                                   U"\u200B",
                                   U"\u200D\uFEFF",
                                   U"\u0336",
                                   U"😂",
                                   U"🤮🤮",
                                   U"[微笑]",
                                   U"\uFE0F",
                                   U"\u202E",
                                   U"•",
                                   U"★"}) {
      disguised.push_back(interrupted(plain, inside, nullptr));
      disguised.push_back(interrupted(plain, inside, &random));
      disguised.push_back(interrupted(traditional(full_width(plain)), inside, &random));
    }
    for (const std::u32string& trick : disguised) {
      for (const char* around : {"", "，", "我买的", "。\n"}) {
        const std::string message = around + text::to_utf8(trick) + around;
        CAPTURE(message);
        text::Folded folded;
        text::fold(message, folded);
        const size_t at = folded.chars.find(text::fold_word(word));
        REQUIRE(at != folded.chars.npos);
        const size_t last = at + text::fold_word(word).size() - 1;
        const auto found = text::slice(message, folded.begin[at], folded.end[last]);
        REQUIRE(text::to_utf8(trick).starts_with(found));
      }
    }
  }
}

TEST_CASE("a dot hides a word too, but not between digits") {
  CHECK(text::fold_word("过.期") == U"过期");
  CHECK(text::fold_word("w.e.i") == U"wei");
  CHECK(text::fold_word("1.2") == U"1.2");
}

TEST_CASE("a word cut in two by a sentence's end is not found") {
  for (const char* message :
       {"没用过，期待下次", "没用过。期待", "没用过\n期待", "没用过！期待", "没用过  期待",
        "没用过****期待", "没用过；期待", "没用过？期待", "没用过、期待", "没用过——期待",
        "没用过[图片]期待", "没用过\t期待", "没用过：期待", "没用过……期待"}) {
    CAPTURE(message);
    text::Folded folded;
    text::fold(message, folded);
    CHECK(folded.chars.find(U"过期") == folded.chars.npos);
  }
}

TEST_CASE("across a space, an emoji or a tilde the next known word speaks against a hit") {
  for (const char* message :
       {"没用过 期待下次", "没用过😂期待下次", "没用过~期待下次", "没用过[偷笑]期待"}) {
    CAPTURE(message);
    text::Folded folded;
    text::fold(message, folded);
    const size_t second = folded.chars.find(U"过期") + 1;
    CHECK(folded.joined[second] == text::kSpaced);
    CHECK(text::known_word_begins(folded.chars, second));
  }
  text::Folded folded;
  text::fold("过 期了", folded);
  CHECK_FALSE(text::known_word_begins(folded.chars, 1));
}
