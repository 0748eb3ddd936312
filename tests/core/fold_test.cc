#include "core/text/fold.h"

#include <doctest/doctest.h>

#include "core/text/tables/tables.h"
#include "core/text/utf8.h"

namespace text = core::text;

namespace {

std::string folded(std::string_view utf8) {
  text::Folded out;
  text::fold(utf8, out);
  return text::to_utf8(out.chars);
}

// How the last character was joined to the one before it.
int joined(std::string_view utf8) {
  text::Folded out;
  text::fold(utf8, out);
  return out.joined.back();
}

// The part of the original that the characters [first, last] came from.
std::string origin(std::string_view utf8, size_t first, size_t last) {
  text::Folded out;
  text::fold(utf8, out);
  return std::string(text::slice(utf8, out.begin[first], out.end[last]));
}

}  // namespace

TEST_CASE("width, case, compatibility forms and traditional characters have one spelling") {
  CHECK(folded("ＡＢＣ１２３，！") == "abc123,!");
  CHECK(folded("過期變質發黴") == "过期变质发霉");
  CHECK(folded("薴") == "苎");  // a chain in OpenCC's table
  CHECK(folded("⼀㊗️㎏㏂点") == "一祝kgam点");
  CHECK(folded("①②③⑴❶") == "123(1)1");
  CHECK(folded("🅰🅱🅐") == "aba");
  CHECK(folded("ＷｅＣｈａｔ") == "wechat");
}

TEST_CASE("tones and other marks on letters are gone, composed or not") {
  CHECK(folded("guòqī") == "guoqi");
  CHECK(folded("guo\u0300qi\u0304") == "guoqi");
  CHECK(folded("过\u0336期\u0336") == "过期");
  CHECK(folded("ɡuɑn") == "guan");
}

TEST_CASE("zero-width characters, controls and variation selectors vanish") {
  CHECK(folded("过\u200B期\u2060了\uFEFF") == "过期了");
  CHECK(folded("过\u202E期\uFE0F") == "过期");
  CHECK(folded(std::string_view("过\0期", 7)) == "过期");
  CHECK(joined("过\u200B期") == text::kSeparated);
}

TEST_CASE("up to three separators inside a word vanish") {
  for (const char* separators : {"*", "·", "_", "-", "**", "***", "＊", "－", "•", "*-_", "・"}) {
    CAPTURE(separators);
    const std::string disguised = std::string("过") + separators + "期";
    CHECK(folded(disguised) == "过期");
    CHECK(joined(disguised) == text::kSeparated);
  }
}

TEST_CASE("what may also end a sentence vanishes too, but is told apart") {
  for (const char* end : {" ", "　", ".", "...", "…", "~", "～", "😂", "😂😂😂", "[微笑]", " * "}) {
    CAPTURE(end);
    const std::string disguised = std::string("过") + end + "期";
    CHECK(folded(disguised) == "过期");
    CHECK(joined(disguised) == text::kSpaced);
  }
}

TEST_CASE("masked runs, newlines, tabs and two spaces are one boundary") {
  for (const char* boundary : {"****", "***********", "\n", "\r\n", "\t", "  ", "　　", "……",
                               "~~~~", "\n\n*", "* * *", " \u200B ", "😂*😂*😂"}) {
    CAPTURE(boundary);
    CHECK(folded(std::string("过") + boundary + "期") == "过\n期");
  }
}

TEST_CASE("sentence punctuation stays and nothing joins across it") {
  CHECK(folded("无差**异，物**流") == "无差异,物流");
  CHECK(folded("过，期。过；期：过！期？过、期") == "过,期。过;期:过!期?过、期");
  CHECK(folded("过——期") == "过——期");
  CHECK(folded("过(期)") == "过(期)");
  CHECK(folded("好, 期待") == "好,期待");
  CHECK(folded("-5度，*期") == "-5度,*期");
}

TEST_CASE("a dot between digits stays, between other characters it vanishes") {
  CHECK(folded("12.5元") == "12.5元");
  CHECK(folded("１２．５元") == "12.5元");
  CHECK(folded("过.期") == "过期");
  CHECK(folded("5.过期") == "5过期");
  CHECK(folded("1..2") == "12");
}

TEST_CASE("emoji in words are emoji, placeholders of chat programs are not") {
  CHECK(folded("过[微笑]期") == "过期");
  CHECK(folded("过[旺柴][旺柴]期") == "过期");
  CHECK(folded("过*［微笑］期") == "过期");
  CHECK(folded("过[图片]期") == "过[图片]期");
  CHECK(folded("过[圖片]期") == "过[图片]期");
  CHECK(folded("过[一二三四五]期") == "过[一二三四五]期");
  CHECK(folded("过[1]期") == "过[1]期");
  CHECK(folded("过期[微笑]，") == "过期[微笑],");
  CHECK(folded("过*[微[偷笑]笑]期") == "过*[微笑\n]期");
}

TEST_CASE("look-alikes fold inside mixed tokens only") {
  CHECK(folded("раураl") == "paypal");  // Cyrillic with one Latin letter
  CHECK(folded("ρορ4") == "pop4");
  CHECK(folded("привет") == "привет");
  CHECK(folded("p0rn g00gle") == "porngoogle");
  CHECK(folded("he1lo") == "hello");
  CHECK(folded("过р期") == "过р期");  // Han ends a token
  CHECK(folded("μg") == folded("ug"));
}

TEST_CASE("numbers, units and models survive") {
  for (const char* text :
       {"12315",       "3个月",     "a4",       "5g",   "100ml", "0糖",      "0添加", "10kg",
        "iphone15pro", "mate10pro", "x1carbon", "h1n1", "b2b",   "12315app", "mp3",   "b12",
        "4s店",        "110",       "1001夜",   "v1.0", "24h",   "p10"}) {
    CAPTURE(text);
    CHECK(folded(text) == text);
  }
}

TEST_CASE("every character knows where it came from") {
  CHECK(origin("刚收到就过*期了", 4, 5) == "过*期");
  CHECK(origin("過😂期", 0, 1) == "過😂期");
  CHECK(origin("a㎏b", 1, 1) == "㎏");
  CHECK(origin("a㎏b", 2, 2) == "㎏");
  CHECK(origin("过****期", 1, 1) == "****");
}

TEST_CASE("bad bytes become U+FFFD and are counted one by one") {
  text::Folded out;
  text::fold("过\xFF\xE4\xB8期", out);
  CHECK(out.chars == U"过\uFFFD\uFFFD\uFFFD期");
  CHECK(out.original_length == 5);
  text::fold("\xED\xA0\x80\xC0\x80\xE0\x81\x81zz", out);  // a surrogate, overlong NUL and 'A'
  CHECK(out.chars == U"\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDzz");
}

TEST_CASE("a Folded value is used again") {
  text::Folded out;
  std::string long_text;
  for (int i = 0; i < 5000; ++i) long_text += "过*期";
  text::fold(long_text, out);
  CHECK(out.chars.size() == 10'000);
  CHECK(out.original_length == 15'000);
  text::fold("好", out);
  CHECK(out.chars == U"好");
  CHECK(out.begin.size() == 1);
  CHECK(out.joined == std::vector<uint8_t>{text::kAdjacent});
  out.clear();
  CHECK(out.chars.empty());
  CHECK(out.original_length == 0);
}

TEST_CASE("fold_word drops boundaries at its ends") {
  CHECK(text::fold_word("\t過期 \n") == U"过期");
  CHECK(text::fold_word("\n\n").empty());
}

TEST_CASE("known words are those of the dictionary, folded, of two to four characters") {
  const auto begins = [](std::u32string_view chars, size_t i = 0) {
    return text::known_word_begins(chars, i);
  };
  CHECK(begins(U"期待"));
  CHECK(begins(U"没用过期待", 3));
  CHECK(begins(U"异想天开"));
  CHECK_FALSE(begins(U"期了"));
  CHECK_FALSE(begins(U"期"));
  CHECK_FALSE(begins(U"期待", 2));
  CHECK_FALSE(begins(U""));
  CHECK_FALSE(begins(U"㐀㐁㐂㐃"));
}

TEST_CASE("the tables name the version of Unicode they were made from") {
  CHECK(text::unicode_version().substr(0, 3) >= "15.");
}

TEST_CASE("a removed emoji is told with the character it stood before, others are not removed") {
  text::Folded out;
  text::fold("🐘过🐘👊期🐘，期🐘", out);
  CHECK(text::to_utf8(out.chars) == "🐘过期🐘,期🐘");
  REQUIRE(out.pictures.size() == 2);
  CHECK(out.pictures[0].before == 2);
  CHECK(out.pictures[0].emoji == U'🐘');
  CHECK(out.pictures[1].before == 2);
  CHECK(out.pictures[1].emoji == U'👊');
  text::fold("过期", out);
  CHECK(out.pictures.empty());
}

TEST_CASE("of many removed emoji the first ones are told") {
  std::string many = "过";
  for (size_t i = 0; i < text::kPicturesMax + 5; ++i) many += "🐘过";
  text::Folded out;
  text::fold(many, out);
  CHECK(out.pictures.size() == text::kPicturesMax);
}

TEST_CASE("letters that were only made to look like others are told") {
  text::Folded out;
  text::fold("过sраm", out);
  CHECK(text::to_utf8(out.chars) == "过spam");
  CHECK(out.look_alikes == std::vector<uint32_t>{2, 3});
  text::fold("spam", out);
  CHECK(out.look_alikes.empty());
}

TEST_CASE("a rarer word costs more, and what is no word is unknown") {
  CHECK(text::word_cost(U"我们") < text::word_cost(U"过期"));
  CHECK(text::word_cost(U"的") < text::word_cost(U"霉"));
  CHECK(text::word_cost(U"果期") == text::kUnknownWord);
  CHECK(text::word_cost(U"") == text::kUnknownWord);
  CHECK(text::word_cost(U"人山人海人") == text::kUnknownWord);
}
