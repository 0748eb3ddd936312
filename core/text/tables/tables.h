#pragma once
// The baked tables: what becomes of every code point, which words are known. generate.cc fills one
// Tables value at build time and writes its bytes; tables.cc puts them into the program as they
// are. Little-endian, like the rest of the house.
#include <compare>
#include <cstddef>
#include <cstdint>

namespace core::text {

// What a code point is to the folder. Of plain classes one character stays; the order matters:
// plain ones first, words among them together.
enum class Class : uint8_t {
  Other,      // punctuation, symbols, what is unassigned: stays, and nothing joins across it
  Word,       // letters, digits, marks of scripts not named below
  Han,        //
  Latin,      //
  Greek,      //
  Cyrillic,   //
  Digit,      // 0..9
  Separator,  // * _ - and their relatives: up to three inside a word vanish
  EndMark,    // . ~ and their relatives: the same, but in chat they may also end a sentence
  Space,
  Boundary,  // newline, tab and their like
  Emoji,     // pictures
  Deleted,   // zero-width, combining marks, controls
  Open,      // '[': the beginning of [微笑] perhaps
  Close,     // ']'
  Expansion  // more than one character: see Tables::expansions
};

constexpr bool is_word(Class c) { return c >= Class::Word && c <= Class::Digit; }
constexpr bool is_token(Class c) { return c >= Class::Latin && c <= Class::Digit; }

// A flag, the class in four bits, three flags, then the folded character (0 in `pages`: the code
// point itself), or for an Expansion its place << kLengthBits | its length.
struct Entry {
  static constexpr uint32_t kLengthBits = 5;
  static constexpr uint32_t kLatin = 1 << 21, kDigit = 1 << 22, kForeign = 1 << 23;
  static constexpr uint32_t kPersonal = 1 << 28;  // '@', or a unit of a door: 号 栋 幢 座 单
  static constexpr uint32_t kClass = 0x0F00'0000;

  uint32_t bits;

  constexpr Class kind() const { return static_cast<Class>((bits & kClass) >> 24); }
  constexpr bool is_plain() const {
    return (bits & kClass) < static_cast<uint32_t>(Class::Separator) << 24;
  }
  constexpr uint32_t value() const { return bits & 0x1FFFFF; }
  auto operator<=>(const Entry&) const = default;
};

struct Tables {
  static constexpr size_t kPagesMax = 400;
  static constexpr size_t kExpansionsMax = 8192;
  static constexpr size_t kKnownWordsMax = 400'000;
  static constexpr char32_t kLookAlikes = 0x530;  // the end of Cyrillic

  char unicode_version[16];
  Entry plane0[0x10000];
  uint16_t page_of[0x1000];  // of the code points from 0x10000, 256 each
  Entry pages[kPagesMax][256];
  char32_t expansions[kExpansionsMax];
  uint8_t look_alike[kLookAlikes];  // the Latin letter a Greek or Cyrillic one looks like, or 0
  // 48-bit hashes of the known words: the high 16 bits choose a range of `words`, which holds the
  // low 32 in ascending order.
  uint32_t words_from[0x10001];
  uint32_t words[kKnownWordsMax];
  // How rare they are, and the single characters: word_cost() of fold.h.
  uint8_t word_costs[kKnownWordsMax];
  uint8_t character_costs[0x10000];
};

extern "C" const Tables qingyu_text_tables;

inline Entry entry_of(char32_t c) {
  if (c < 0x10000) return qingyu_text_tables.plane0[c];
  const Entry e =
      qingyu_text_tables.pages[qingyu_text_tables.page_of[(c - 0x10000) >> 8]][c & 0xFF];
  return e.value() == 0 ? Entry{e.bits | static_cast<uint32_t>(c)} : e;
}

}  // namespace core::text
