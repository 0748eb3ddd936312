#include "core/text/utf8.h"

namespace core::text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// The code point at `i` and its length; length 0 when the bytes there are not well-formed. The
// second byte's range is what excludes overlong forms, surrogates and what lies above U+10FFFF
// (Unicode, table 3-7).
struct Sequence {
  char32_t c;
  size_t length;
};

bool continues(uint8_t b) { return (b & 0xC0) == 0x80; }

Sequence read(std::string_view s, size_t i) {
  const auto at = [&](size_t k) { return static_cast<uint8_t>(s[i + k]); };
  const uint8_t lead = at(0);
  const size_t left = s.size() - i;
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4 || left < 2) return {kReplacement, 0};
  const uint8_t second = at(1);
  if (lead < 0xE0) {
    if (!continues(second)) return {kReplacement, 0};
    return {static_cast<char32_t>((lead & 0x1F) << 6 | (second & 0x3F)), 2};
  }
  if (left < 3 || !continues(at(2))) return {kReplacement, 0};
  if (lead < 0xF0) {
    const uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    if (second < low || second > high) return {kReplacement, 0};
    return {static_cast<char32_t>((lead & 0x0F) << 12 | (second & 0x3F) << 6 | (at(2) & 0x3F)), 3};
  }
  const uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
  if (left < 4 || second < low || second > high || !continues(at(3))) return {kReplacement, 0};
  return {static_cast<char32_t>((lead & 0x07) << 18 | (second & 0x3F) << 12 | (at(2) & 0x3F) << 6 |
                                (at(3) & 0x3F)),
          4};
}

}  // namespace

bool valid_utf8(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    const size_t length = read(s, i).length;
    if (length == 0) return false;
    i += length;
  }
  return true;
}

char32_t decode_at(std::string_view s, size_t& i) {
  const Sequence sequence = read(s, i);
  i += sequence.length == 0 ? 1 : sequence.length;
  return sequence.c;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = kReplacement;
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

std::string to_utf8(std::u32string_view chars) {
  std::string out;
  out.reserve(chars.size() * 3);
  for (const char32_t c : chars) append_utf8(out, c);
  return out;
}

std::u32string to_utf32(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) out.push_back(decode_at(utf8, i));
  return out;
}

size_t count_code_points(std::string_view utf8) {
  size_t n = 0;
  for (size_t i = 0; i < utf8.size(); ++n) decode_at(utf8, i);
  return n;
}

std::string_view prefix_of(std::string_view utf8, size_t bytes) {
  if (utf8.size() <= bytes) return utf8;
  // A byte that does not continue a character begins one, so looking back at most 3 bytes suffices.
  for (size_t back = 0; back <= 3 && back <= bytes; ++back) {
    const size_t begin = bytes - back;
    if (continues(static_cast<uint8_t>(utf8[begin]))) continue;
    if (begin + read(utf8, begin).length > bytes) return utf8.substr(0, begin);
    break;
  }
  return utf8.substr(0, bytes);
}

std::string_view slice(std::string_view utf8, uint32_t begin, uint32_t end) {
  size_t i = 0;
  uint32_t n = 0;
  for (; n < begin && i < utf8.size(); ++n) decode_at(utf8, i);
  const size_t from = i;
  for (; n < end && i < utf8.size(); ++n) decode_at(utf8, i);
  return utf8.substr(from, i - from);
}

}  // namespace core::text
