#include "core/text/mask.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string_view>

#include "core/text/mask_parts.h"
#include "core/text/tables/tables.h"
#include "core/text/utf8.h"

// How it works: a quick look at the bytes finds most texts free of anything to mask. Of the others
// the hunters read a view: the text as folding writes it, without what is invisible, so that
// neither a zero-width character nor an unusual digit hides anything from them. What they find is
// then starred in the original.
namespace core::text {
namespace {

constexpr size_t kDigitsMin = 5;      // 3-2-501
constexpr size_t kDigitsDashMin = 3;  // a-501
// Hiding one thing can uncover another (a number may not be an address because of what follows it),
// so it is repeated until nothing is found; twice is the rule.
constexpr int kRoundsMax = 16;

struct Suspicion {
  size_t digits = 0;  // at most so many
  uint8_t at = 0;     // an '@'
  uint8_t dash = 0;   // a '-'
  bool door = false;  // a unit that ends or begins a door, 号 栋 幢 座 单, behind a number

  explicit operator bool() const {
    return digits >= kDigitsMin || at != 0 || door || (digits >= kDigitsDashMin && dash != 0);
  }
};

constexpr size_t kBlock = 32;

constexpr uint8_t within(uint8_t low, uint8_t high, uint8_t byte) {
  return static_cast<uint8_t>(byte - low) <= static_cast<uint8_t>(high - low);
}

// Whether a code point that begins with these bytes may fold to digits, wide and ASCII digits
// aside: superscripts, ① ❶ ⑴ ½ 𝟏, digits of other scripts. Others begin with the same bytes and
// cost a closer look; what is frequent in chat (punctuation, kana, most emoji) is not among them.
constexpr uint8_t maybe_digits(uint8_t a, uint8_t b, uint8_t c) {
  const uint8_t e2 = (a == 0xE2) & (within(0x81, 0x93, b) | within(0x9D, 0x9E, b));
  const uint8_t e3 = (a == 0xE3) & (b >= 0x89);
  const uint8_t f0 = (a == 0xF0) & ((b != 0x9F) | (c == 0x84) | (c == 0xAF));
  return within(0xC2, 0xE1, a) | e2 | e3 | (a == 0xEA) | f0;
}
constexpr uint8_t kMaybeDigits = 3;  // at most: ⅒ is 1⁄10

// Whether these are the last two bytes of a unit: the few strangers that share them cost a closer
// look.
constexpr uint8_t ends_unit(uint8_t b, uint8_t c) {
  const auto is = [=](uint8_t y, uint8_t z) -> uint8_t { return (b == y) & (c == z); };
  return is(0x8F, 0xB7) | is(0x99, 0x9F) | is(0xA0, 0x8B) |  // 号號栋
         is(0xA3, 0x9F) | is(0xB9, 0xA2) | is(0xBA, 0xA7) |  // 棟幢座
         is(0x8D, 0x95) | is(0x96, 0xAE);                    // 单單
}

// Looks at the characters that begin in s[0..kBlock), reading two bytes more: no branches and a
// fixed length, which the compiler turns into vector instructions. Returns whether there is a unit.
uint8_t look(const uint8_t* s, Suspicion& out) {
  uint8_t digits = 0, at = 0, dash = 0, unit = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const uint8_t a = s[i], b = s[i + 1], c = s[i + 2];
    const uint8_t wide = (a == 0xEF) & (b == 0xBC), small = (a == 0xEF) & (b == 0xB9);
    const uint8_t digit = within('0', '9', a) | (wide & within(0x90, 0x99, c));
    digits = static_cast<uint8_t>(digits + digit + kMaybeDigits * maybe_digits(a, b, c));
    at |= static_cast<uint8_t>((a == '@') | (wide & (c == 0xA0)) | (small & (c == 0xAB)));
    dash |= static_cast<uint8_t>((a == '-') | (wide & (c == 0x8D)) | (small & (c == 0xA3)));
    unit |= ends_unit(b, c);
  }
  out.digits += digits;
  out.at |= at;
  out.dash |= dash;
  return unit;
}

// Whether a number may end in front of utf8[at].
bool behind_number(std::string_view utf8, size_t at) {
  if (at == 0) return false;
  do --at;
  while (at > 0 && (static_cast<uint8_t>(utf8[at]) & 0xC0) == 0x80);
  const Entry before = entry_of(decode_at(utf8, at));
  switch (before.kind()) {
    case Class::Han:
      return is_chinese_digit(static_cast<char32_t>(before.value()));
    case Class::Digit:
    case Class::Latin:  // A座
    case Class::Expansion:
    case Class::Deleted:  // what is in front of it is left to the hunters
      return true;
    default:
      return false;
  }
}

// Whether one of the units that begin in the block at `from` stands behind a number: most texts
// that hold one of these characters speak of an order (订单) or a seat (座位).
bool has_door(std::string_view utf8, size_t from) {
  const size_t end = std::min(utf8.size(), from + kBlock + 2);
  for (size_t i = from + 2; i < end; ++i) {
    const auto b = static_cast<uint8_t>(utf8[i - 1]), c = static_cast<uint8_t>(utf8[i]);
    if (ends_unit(b, c) && behind_number(utf8, i - 2)) return true;
  }
  return false;
}

// Most texts have nothing to mask, and this is all that is done to them.
Suspicion suspect(std::string_view utf8) {
  Suspicion out;
  const auto* const s = reinterpret_cast<const uint8_t*>(utf8.data());
  size_t from = 0;
  for (; utf8.size() - from >= kBlock + 2; from += kBlock)
    if (look(s + from, out) != 0 && !out.door) out.door = has_door(utf8, from);
  const size_t left = utf8.size() - from;
  uint8_t rest[kBlock + 2] = {};
  std::memcpy(rest, s + from, left);
  if (look(rest, out) != 0 && !out.door) out.door = has_door(utf8, from);
  out.digits += left > kBlock && is_ascii_digit(rest[kBlock]);
  return out;
}

// A text as the hunters read it, and the way back.
struct View {
  std::u32string chars;
  bool is_straight = true;     // chars[i] is the i-th code point of the original;
  std::vector<uint32_t> from;  // if not, it is the from[i]-th
  uint32_t original_length = 0;
};

// Of a code point that folds to several characters, without what stands around a word: ⑴ is a
// digit, not brackets. One without a word stays as it is.
void append_expansion(char32_t c, Entry entry, std::u32string& out) {
  const char32_t* begin = qingyu_text_tables.expansions + (entry.value() >> Entry::kLengthBits);
  const char32_t* end = begin + (entry.value() & ((1U << Entry::kLengthBits) - 1));
  const auto in_word = [](char32_t part) { return is_word(entry_of(part).kind()); };
  begin = std::find_if(begin, end, in_word);
  if (begin == end) return out.push_back(c);
  while (!in_word(end[-1])) --end;
  out.append(begin, end);
}

View view_of(std::string_view utf8) {
  View view;
  std::u32string& chars = view.chars;
  chars.reserve(utf8.size() / 2);
  for (size_t i = 0; i < utf8.size(); ++view.original_length) {
    const char32_t c = decode_at(utf8, i);
    const Entry entry = entry_of(c);
    const size_t before = chars.size();
    if (entry.kind() == Class::Expansion) {
      append_expansion(c, entry, chars);
    } else if (entry.kind() != Class::Deleted) {
      chars.push_back(static_cast<char32_t>(entry.value()));
    }
    if (view.is_straight && chars.size() != before + 1) {
      view.is_straight = false;
      view.from.resize(before);
      std::iota(view.from.begin(), view.from.end(), 0);
    }
    if (!view.is_straight) view.from.resize(chars.size(), view.original_length);
  }
  return view;
}

// What is hidden of the original, with the invisible between two hidden characters.
Hidden hidden_in_original(const View& view, Hidden hidden) {
  if (view.is_straight) return hidden;
  Hidden out(view.original_length, 0);
  for (size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i] == 0) continue;
    const uint32_t begin = i > 0 && hidden[i - 1] != 0 ? view.from[i - 1] : view.from[i];
    std::fill(out.begin() + begin, out.begin() + view.from[i] + 1, 1);
  }
  return out;
}

std::string starred(std::string_view utf8, const Hidden& hidden) {
  std::string out;
  out.reserve(utf8.size());
  size_t begin = 0;
  for (const uint8_t hide : hidden) {
    size_t end = begin;
    decode_at(utf8, end);
    if (hide) {
      out.push_back('*');
    } else {
      out.append(utf8.substr(begin, end - begin));
    }
    begin = end;
  }
  return out;
}

bool mask_once(std::string& utf8) {
  const Suspicion suspicion = suspect(utf8);
  if (!suspicion) return false;
  const View view = view_of(utf8);
  Hidden hidden(view.chars.size(), 0);
  if (suspicion.at != 0) hide_emails(view.chars, hidden);
  if (suspicion.digits >= kDigitsMin) hide_numbers(view.chars, hidden);
  hide_addresses(view.chars, hidden);
  if (std::find(hidden.begin(), hidden.end(), 1) == hidden.end()) return false;
  utf8 = starred(utf8, hidden_in_original(view, std::move(hidden)));
  return true;
}

}  // namespace

bool mask(std::string& utf8) {
  int rounds = 0;
  while (rounds < kRoundsMax && mask_once(utf8)) ++rounds;
  return rounds > 0;
}

}  // namespace core::text
