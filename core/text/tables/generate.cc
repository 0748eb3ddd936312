// Writes the tables of tables.h at build time: the only place that knows ICU and OpenCC's and
// jieba's files. What a code point becomes is decided in fold_of(), what it is in class_of().
//
//   generate_text_tables TSCharacters.txt dict.txt OUT
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "core/hash.h"
#include "core/text/fold.h"
#include "core/text/tables/known_words.h"
#include "core/text/tables/tables.h"
#include "core/text/utf8.h"

namespace core::text {
namespace {

constexpr char32_t kCodePoints = 0x110000;

// What people put inside a word to hide it, and what looks the same. U+2014 and U+2015 are not
// among them: a dash of that length ends a clause.
constexpr std::u32string_view kSeparators =
    U"*_-\u00B7\u066D\u2010\u2012\u2013\u2022\u2027\u203F\u2040\u2043\u204E\u2212\u2217"
    U"\u2219\u22C5\u2500\u2E31\u30FB";
// A cheerful "~" and a full stop end sentences as often as they hide words.
constexpr std::u32string_view kEndMarks = U".~\u223C\u223D\u301C";

// Letters that are meant as another of the same script (pinyin fonts, Turkish), everywhere; others
// only inside mixed tokens.
const std::map<char32_t, char32_t> kSameLetter = {{U'ɑ', U'a'}, {U'ɡ', U'g'}, {U'ı', U'i'}};
const std::map<char32_t, char> kLookAlikes = {
    {U'а', 'a'}, {U'в', 'b'}, {U'е', 'e'}, {U'к', 'k'}, {U'м', 'm'}, {U'н', 'h'}, {U'о', 'o'},
    {U'р', 'p'}, {U'с', 'c'}, {U'т', 't'}, {U'у', 'y'}, {U'х', 'x'}, {U'ѕ', 's'}, {U'і', 'i'},
    {U'ј', 'j'}, {U'ԁ', 'd'}, {U'ԛ', 'q'}, {U'ԝ', 'w'}, {U'һ', 'h'}, {U'ӏ', 'l'}, {U'є', 'e'},
    {U'ү', 'y'}, {U'α', 'a'}, {U'β', 'b'}, {U'ε', 'e'}, {U'η', 'n'}, {U'ι', 'i'}, {U'κ', 'k'},
    {U'ν', 'v'}, {U'ο', 'o'}, {U'ρ', 'p'}, {U'τ', 't'}, {U'υ', 'u'}, {U'χ', 'x'}, {U'γ', 'y'},
    {U'ω', 'w'}, {U'μ', 'u'}, {U'ζ', 'z'}};

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "generate_text_tables: %s\n", message.c_str());
  std::exit(2);
}

const icu::Normalizer2& normalizer(const char* name, UNormalization2Mode mode) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* n = icu::Normalizer2::getInstance(nullptr, name, mode, code);
  if (U_FAILURE(code)) fail(std::string("ICU has no ") + name);
  return *n;
}

icu::UnicodeString normalized(const icu::Normalizer2& by, const icu::UnicodeString& s) {
  UErrorCode code = U_ZERO_ERROR;
  icu::UnicodeString out = by.normalize(s, code);
  if (U_FAILURE(code)) fail("ICU cannot normalise");
  return out;
}

bool is_space(char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); }

bool is_boundary(char32_t c) {
  return is_space(c) && u_charType(static_cast<UChar32>(c)) != U_SPACE_SEPARATOR;
}

// Marks are dropped after decomposition, so that pinyin with tones and precomposed letters fold to
// the bare letter.
bool is_dropped(char32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  const int8_t type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || u_getCombiningClass(c) != 0 ||
         type == U_FORMAT_CHAR || (type == U_CONTROL_CHAR && !is_space(code_point)) ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

// Digits of other scripts, and the white-on-black digits and letters that NFKC leaves alone.
std::u32string plain_of_ornament(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  if (c < 0x80) return U"";
  if (u_charType(code_point) == U_DECIMAL_DIGIT_NUMBER) {
    return {U'0' + static_cast<char32_t>(u_charDigitValue(code_point))};
  }
  if ((c >= 0x2776 && c <= 0x2793) || (c >= 0x24EB && c <= 0x24FF) || c == 0x1F10B ||
      c == 0x1F10C) {
    return to_utf32(std::to_string(static_cast<int>(u_getNumericValue(code_point))));
  }
  if (c >= 0x1F150 && c <= 0x1F169) return {U'a' + (c - 0x1F150)};
  if (c >= 0x1F170 && c <= 0x1F189) return {U'a' + (c - 0x1F170)};
  return U"";
}

class Mapping {
 public:
  explicit Mapping(const char* traditional_to_simplified) {
    std::ifstream in(traditional_to_simplified);
    if (!in) fail(std::string("cannot read ") + traditional_to_simplified);
    for (std::string line; std::getline(in, line);) {
      const std::u32string chars = to_utf32(line);
      if (chars.size() < 3 || chars[1] != U'\t') fail("not a character table: " + line);
      simplified_[chars[0]] = chars[2];
    }
    if (simplified_.size() < 3000) fail("the traditional-simplified table is too short");
  }

  // Applied until nothing changes: closes OpenCC's chains, and makes folding a folded text safe.
  std::u32string fold_of(char32_t c) const {
    std::u32string out(1, c);
    for (int round = 0; round < 8; ++round) {
      std::u32string next;
      for (const char32_t part : out) next += once(part);
      if (next == out) return out;
      out = std::move(next);
    }
    fail("no end of folding a code point");
  }

 private:
  std::u32string once(char32_t c) const {
    if (is_boundary(c)) return U"\n";
    if (std::u32string plain = plain_of_ornament(c); !plain.empty()) return plain;
    if (const auto same = kSameLetter.find(c); same != kSameLetter.end()) return {same->second};
    icu::UnicodeString s(static_cast<UChar32>(c));
    s = normalized(decomposed_, normalized(casefold_, s));
    icu::UnicodeString kept;
    for (int32_t i = 0; i < s.length(); i = s.moveIndex32(i, 1)) {
      if (!is_dropped(static_cast<char32_t>(s.char32At(i)))) kept.append(s.char32At(i));
    }
    kept = normalized(composed_, kept);
    std::u32string out;
    for (int32_t i = 0; i < kept.length(); i = kept.moveIndex32(i, 1)) {
      const auto part = static_cast<char32_t>(kept.char32At(i));
      const auto simple = simplified_.find(part);
      out.push_back(simple == simplified_.end() ? part : simple->second);
    }
    return out;
  }

  const icu::Normalizer2& casefold_ = normalizer("nfkc_cf", UNORM2_COMPOSE);
  const icu::Normalizer2& decomposed_ = normalizer("nfc", UNORM2_DECOMPOSE);
  const icu::Normalizer2& composed_ = normalizer("nfc", UNORM2_COMPOSE);
  std::map<char32_t, char32_t> simplified_;
};

// Pictures: what Unicode calls pictographic, and the symbols of the blocks people decorate with.
// Private use holds the emoji of old phones.
bool is_emoji(char32_t c) {
  const auto code_point = static_cast<UChar32>(c);
  const int8_t type = u_charType(code_point);
  const bool symbol = type == U_OTHER_SYMBOL || type == U_MATH_SYMBOL || type == U_MODIFIER_SYMBOL;
  const bool block = (c >= 0x2190 && c < 0x2200) || (c >= 0x2300 && c < 0x2400) ||
                     (c >= 0x2500 && c < 0x27C0) || (c >= 0x2B00 && c < 0x2C00) ||
                     (c >= 0x1F000 && c < 0x1FB00);
  return (c >= 0xE000 && c < 0xF900) || (symbol && block) ||
         (c >= 0x80 && u_hasBinaryProperty(code_point, UCHAR_EXTENDED_PICTOGRAPHIC)) ||
         u_hasBinaryProperty(code_point, UCHAR_EMOJI_MODIFIER) ||
         u_hasBinaryProperty(code_point, UCHAR_REGIONAL_INDICATOR);
}

Class letter_class(char32_t c) {
  UErrorCode code = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &code)) {
    case USCRIPT_HAN:
      return Class::Han;
    case USCRIPT_LATIN:
      return Class::Latin;
    case USCRIPT_GREEK:
      return Class::Greek;
    case USCRIPT_CYRILLIC:
      return Class::Cyrillic;
    default:
      return Class::Word;
  }
}

// Of a folded character.
Class class_of(char32_t c) {
  if (c == U'\n') return Class::Boundary;
  if (c == U' ') return Class::Space;
  if (c == U'[') return Class::Open;
  if (c == U']') return Class::Close;
  if (c >= U'0' && c <= U'9') return Class::Digit;
  if (kSeparators.find(c) != kSeparators.npos) return Class::Separator;
  if (kEndMarks.find(c) != kEndMarks.npos) return Class::EndMark;
  if (is_emoji(c)) return Class::Emoji;
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER:
      return letter_class(c);
    case U_DECIMAL_DIGIT_NUMBER:
    case U_OTHER_NUMBER:
    case U_COMBINING_SPACING_MARK:
      return Class::Word;
    default:
      return Class::Other;
  }
}

class Generator {
 public:
  Generator(const Mapping& mapping, Tables& out) : mapping_(mapping), out_(out) {}

  void code_points() {
    std::map<std::vector<Entry>, uint16_t> pages;
    for (char32_t first = 0; first < kCodePoints; first += 256) {
      std::vector<Entry> page;
      for (char32_t c = first; c < first + 256; ++c) page.push_back(entry(c));
      if (first < 0x10000) {
        std::copy(page.begin(), page.end(), out_.plane0 + first);
        continue;
      }
      const auto [at, is_new] = pages.emplace(page, static_cast<uint16_t>(pages.size()));
      if (is_new) {
        if (pages.size() > Tables::kPagesMax) fail("raise Tables::kPagesMax");
        std::copy(page.begin(), page.end(), out_.pages[at->second]);
      }
      out_.page_of[(first - 0x10000) >> 8] = at->second;
    }
  }

  void look_alikes() {
    for (const auto& [from, to] : kLookAlikes) {
      if (from >= Tables::kLookAlikes || mapping_.fold_of(from) != std::u32string(1, from)) {
        fail("a look-alike is no folded letter");
      }
      out_.look_alike[from] = static_cast<uint8_t>(to);
    }
  }

  void known_words(const char* dictionary) {
    std::ifstream in(dictionary);
    if (!in) fail(std::string("cannot read ") + dictionary);
    std::map<uint64_t, double> words;  // by hash, and how often they are seen
    std::map<char32_t, double> characters;
    double total = 0;
    for (std::string line; std::getline(in, line);) {
      std::istringstream fields(line);
      std::string text;
      double frequency = 0;
      fields >> text >> frequency;
      total += frequency;
      std::u32string word;
      for (const char32_t c : to_utf32(text)) word += mapping_.fold_of(c);
      if (word.size() == 1) characters[word[0]] += frequency;
      if (word.size() < kKnownWordMin || word.size() > kKnownWordMax) continue;
      words[known_word_hash(word)] += frequency;
    }
    if (words.size() < 100'000) fail("the dictionary is too short");
    if (words.size() > Tables::kKnownWordsMax) fail("raise Tables::kKnownWordsMax");
    uint32_t n = 0, range = 0;
    for (const auto& [hash, frequency] : words) {
      while (range <= hash >> 32) out_.words_from[range++] = n;
      out_.words[n] = static_cast<uint32_t>(hash);
      out_.word_costs[n++] = cost_of(frequency, total);
    }
    while (range <= 0x10000) out_.words_from[range++] = n;
    std::fill_n(out_.character_costs, 0x10000, kUnknownWord);
    for (const auto& [c, frequency] : characters)
      if (c < 0x10000) out_.character_costs[c] = cost_of(frequency, total);
  }

 private:
  static uint8_t cost_of(double frequency, double total) {
    return static_cast<uint8_t>(
        std::clamp(std::lround(8 * std::log2(total / std::max(frequency, 1.0))), 0L, 254L));
  }

  static Entry make(Class kind, uint32_t value) {
    const uint32_t flag = kind == Class::Latin                              ? Entry::kLatin
                          : kind == Class::Digit                            ? Entry::kDigit
                          : kind == Class::Greek || kind == Class::Cyrillic ? Entry::kForeign
                                                                            : 0;
    static constexpr std::u32string_view kPersonal = U"@号栋幢座单";
    const bool personal = kPersonal.find(static_cast<char32_t>(value)) != kPersonal.npos;
    return Entry{static_cast<uint32_t>(kind) << 24 | flag | value |
                 (personal && kind != Class::Expansion ? Entry::kPersonal : 0)};
  }

  Entry entry(char32_t c) {
    // No code points: not plain, so that the quick way of fold.cc leaves such bytes to the careful
    // one.
    if (c >= 0xD800 && c < 0xE000) return make(Class::Deleted, 0);
    const std::u32string folded = mapping_.fold_of(c);
    if (folded.empty()) return make(Class::Deleted, c);
    if (folded.size() > 1) return make(Class::Expansion, expansion(folded));
    const bool itself = folded[0] == c && c >= 0x10000;
    return make(class_of(folded[0]), itself ? 0 : folded[0]);
  }

  uint32_t expansion(const std::u32string& folded) {
    if (folded.size() >= 1U << Entry::kLengthBits) fail("an expansion is too long");
    const auto [at, is_new] = places_.emplace(folded, used_);
    if (is_new) {
      if (used_ + folded.size() > Tables::kExpansionsMax) fail("raise Tables::kExpansionsMax");
      std::copy(folded.begin(), folded.end(), out_.expansions + used_);
      used_ += static_cast<uint32_t>(folded.size());
    }
    return at->second << Entry::kLengthBits | static_cast<uint32_t>(folded.size());
  }

  const Mapping& mapping_;
  Tables& out_;
  std::map<std::u32string, uint32_t> places_;
  uint32_t used_ = 0;
};

}  // namespace
}  // namespace core::text

int main(int argc, char** argv) {
  using namespace core::text;
  if (argc != 4) fail("usage: generate_text_tables TSCharacters.txt dict.txt OUT");
  const auto tables = std::make_unique<Tables>();
  const Mapping mapping(argv[1]);
  Generator generator(mapping, *tables);
  std::strncpy(tables->unicode_version, U_UNICODE_VERSION, sizeof tables->unicode_version - 1);
  generator.code_points();
  generator.look_alikes();
  generator.known_words(argv[2]);
  std::ofstream out(argv[3], std::ios::binary);
  out.write(reinterpret_cast<const char*>(tables.get()), sizeof *tables);
  if (!out.flush()) fail(std::string("cannot write ") + argv[3]);
  return 0;
}
