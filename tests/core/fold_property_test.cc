// Folding against ICU and OpenCC as they are, and what must hold for any text.
#include <doctest/doctest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unistd.h>
#include <opencc/SimpleConverter.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>

#include "core/text/fold.h"
#include "core/text/tables/tables.h"
#include "core/text/utf8.h"

namespace text = core::text;
using text::Class;

namespace {

text::Folded fold(std::string_view utf8) {
  text::Folded out;
  text::fold(utf8, out);
  return out;
}

// OpenCC with its character table alone: what it does without knowing phrases.
class Simplifier {
 public:
  Simplifier() {
    // Tests run side by side: each process has a file of its own.
    const auto path = std::filesystem::temp_directory_path() /
                      ("qingyu_fold_test_" + std::to_string(getpid()) + ".json");
    const std::string dictionary = R"({"type": "ocd2", "file": "TSCharacters.ocd2"})";
    std::ofstream(path) << R"({"name": "characters", "segmentation": {"type": "mmseg", "dict": )"
                        << dictionary << R"(}, "conversion_chain": [{"dict": )" << dictionary
                        << "}]}";
    converter_ = std::make_unique<opencc::SimpleConverter>(path.string());
    std::filesystem::remove(path);
  }
  // Until nothing changes, because the table has a chain.
  std::string operator()(std::string s) const {
    for (std::string next; (next = converter_->Convert(s)) != s;) s = next;
    return s;
  }

 private:
  std::unique_ptr<opencc::SimpleConverter> converter_;
};

class Reference {
 public:
  // Compatibility case folding, decomposition, no marks, simplified.
  std::string operator()(std::string_view utf8) const {
    icu::UnicodeString s = icu::UnicodeString::fromUTF8({utf8.data(), int(utf8.size())});
    s = normalized("nfc", UNORM2_DECOMPOSE, normalized("nfkc_cf", UNORM2_COMPOSE, s));
    icu::UnicodeString kept;
    for (int32_t i = 0; i < s.length(); i = s.moveIndex32(i, 1)) {
      if (stays(s.char32At(i))) kept.append(s.char32At(i));
    }
    std::string out;
    normalized("nfc", UNORM2_COMPOSE, kept).toUTF8String(out);
    return decomposed(simplified_(out));
  }
  // Precomposed Hangul and single Jamo are the same text.
  static std::string decomposed(const std::string& utf8) {
    std::string out;
    normalized("nfc", UNORM2_DECOMPOSE, icu::UnicodeString::fromUTF8(utf8)).toUTF8String(out);
    return out;
  }

 private:
  static bool stays(UChar32 c) {
    const int8_t type = u_charType(c);
    return type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK && type != U_FORMAT_CHAR &&
           (type != U_CONTROL_CHAR || u_isUWhiteSpace(c)) && u_getCombiningClass(c) == 0;
  }
  static icu::UnicodeString normalized(const char* name, UNormalization2Mode mode,
                                       const icu::UnicodeString& s) {
    UErrorCode code = U_ZERO_ERROR;
    return icu::Normalizer2::getInstance(nullptr, name, mode, code)->normalize(s, code);
  }

  Simplifier simplified_;
};

// What this project adds to Unicode's own folding, tested in fold_test.cc.
bool is_our_own(char32_t c) {
  return (c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER) ||
         (c >= 0x2776 && c <= 0x2793) || (c >= 0x24EB && c <= 0x24FF) ||
         (c >= 0x1F10B && c <= 0x1F10C) || (c >= 0x1F150 && c <= 0x1F189) || c == U'ɑ' ||
         c == U'ɡ' || c == U'ı' || c == U'㏂' || c == U'㏘';
}

bool is_code_point(char32_t c) { return c < 0xD800 || (c >= 0xE000 && c <= 0x10FFFF); }

// Whether a code point folds to nothing that depends on what stands around it: no separators, no
// letters or digits that could look like Latin ones.
bool is_all_plain(char32_t c) {
  const std::u32string folded = fold(text::to_utf8({&c, 1})).chars;
  return !folded.empty() && std::all_of(folded.begin(), folded.end(), [](char32_t part) {
    const Class kind = text::entry_of(part).kind();
    return text::entry_of(part).is_plain() && (kind == Class::Latin || !text::is_token(kind));
  });
}

// The pieces that the rules of folding are about, and everything else now and then.
std::string random_text(std::mt19937& random, size_t pieces) {
  static constexpr std::u32string_view kAlphabet =
      U"过期變質无霉异物待了aoplр0101235οеcИ.*·_-~～ "
      U"　\n\t😂🤮[]［］微笑图片，。！\u200B\u0301\uFE0F…㎏½"
      U"がガ\u3099한ᄒ㏂①";
  std::string out;
  for (size_t i = 0; i < pieces; ++i) {
    char32_t c = kAlphabet[random() % kAlphabet.size()];
    if (random() % 8 == 0) c = static_cast<char32_t>(random() % (random() % 2 ? 0x110000 : 0x3000));
    text::append_utf8(out, c);
  }
  return out;
}

void check_map(const std::string& utf8) {
  CAPTURE(utf8);
  const text::Folded folded = fold(utf8);
  REQUIRE(folded.original_length == text::count_code_points(utf8));
  REQUIRE(folded.begin.size() == folded.chars.size());
  REQUIRE(folded.end.size() == folded.chars.size());
  REQUIRE(folded.joined.size() == folded.chars.size());
  for (size_t i = 0; i < folded.chars.size(); ++i) {
    REQUIRE(folded.begin[i] < folded.end[i]);
    REQUIRE(folded.end[i] <= folded.original_length);
    REQUIRE(folded.joined[i] <= text::kSpaced);
    if (i == 0) continue;
    REQUIRE(folded.begin[i] >= folded.begin[i - 1]);
    REQUIRE(folded.end[i] >= folded.end[i - 1]);
    const bool apart = folded.begin[i] > folded.end[i - 1] && folded.chars[i] != U'\n';
    if (apart) REQUIRE(folded.joined[i] != text::kAdjacent);
  }
}

}  // namespace

TEST_CASE("every code point alone folds as ICU and OpenCC say") {
  const Reference reference;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (!is_code_point(c) || is_our_own(c)) continue;
    const std::string utf8 = text::to_utf8({&c, 1});
    const auto code_point = static_cast<UChar32>(c);
    const bool boundary =
        u_isUWhiteSpace(code_point) && u_charType(code_point) != U_SPACE_SEPARATOR;
    std::string expected = boundary ? std::string(1, '\n') : reference(utf8);
    std::erase(expected, ' ');
    if (text::to_utf32(expected).find_first_of(U"ɡɑıμω") != std::u32string::npos) continue;
    const text::Folded folded = fold(utf8);
    if (Reference::decomposed(text::to_utf8(folded.chars)) != expected) {
      FAIL_CHECK("U+" << std::hex << static_cast<uint32_t>(c) << " gives "
                      << text::to_utf8(folded.chars) << ", not " << expected);
    }
    for (size_t i = 0; i < folded.chars.size(); ++i) REQUIRE(folded.end[i] == 1);
  }
}

TEST_CASE("texts without separators fold as ICU and OpenCC say") {
  const Reference reference;
  std::vector<char32_t> alphabet;
  for (char32_t c = 0; c < 0x30000; ++c) {
    if (!is_code_point(c) || is_our_own(c) || !is_all_plain(c)) continue;
    const std::string utf8 = text::to_utf8({&c, 1});
    if (reference(utf8) == Reference::decomposed(text::to_utf8(fold(utf8).chars))) {
      alphabet.push_back(c);
    }
  }
  REQUIRE(alphabet.size() > 150'000);
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    std::u32string chars;
    for (size_t i = random() % 40; i > 0; --i) {
      const bool common = random() % 2 == 0;
      const char32_t han = 0x4E00 + static_cast<char32_t>(random() % 0x5200);
      chars.push_back(common ? han : alphabet[random() % alphabet.size()]);
    }
    const std::string utf8 = text::to_utf8(chars);
    REQUIRE(Reference::decomposed(text::to_utf8(fold(utf8).chars)) == reference(utf8));
  }
}

TEST_CASE("folding a folded text changes nothing, and the map is in order") {
  std::mt19937 random(5);
  for (int round = 0; round < 200'000; ++round) {
    const std::string utf8 = random_text(random, random() % 24);
    const text::Folded once = fold(utf8);
    check_map(utf8);
    const std::string again = text::to_utf8(once.chars);
    if (fold(again).chars != once.chars) {
      FAIL(utf8 << " folds to " << again << ", which folds to "
                << text::to_utf8(fold(again).chars));
    }
  }
}

TEST_CASE("bytes that are no text are folded without harm") {
  std::mt19937 random(9);
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = random_text(random, random() % 12);
    for (size_t i = random() % 6; i > 0; --i) {
      bytes.insert(random() % (bytes.size() + 1), 1, static_cast<char>(random()));
    }
    check_map(bytes);
  }
}
