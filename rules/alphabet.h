#pragma once
// Alphabet: every character that occurs in a pattern gets a two-byte code of its own, all others
// share one. Scanning these codes is three to four times faster than scanning UTF-8, and an offset
// divided by two is a character. First byte 0x80..0xFE, second 0x01..0x7F without '\n': no code
// begins in the middle of another, and no byte is 0.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

class Alphabet {
 public:
  static constexpr size_t kCharsMax = 127 * 126 - 1;  // one code is for all other characters

  Alphabet();

  // Gives the characters of `word` codes. False when there are no codes left.
  bool add(std::u32string_view word);
  size_t size() const { return used_ - 1; }

  // Writes one code for each character to `out`, which must have room for them.
  void encode(std::u32string_view text, uint16_t* out) const {
    for (const char32_t c : text) *out++ = c < 0x10000 ? plane0_[c] : code_beyond(c);
  }

 private:
  struct Beyond {
    char32_t c;
    uint16_t code;
  };
  uint16_t code_beyond(char32_t c) const;

  std::vector<uint16_t> plane0_;  // by code point; little-endian pairs of bytes
  std::vector<Beyond> beyond_;    // the rest, sorted
  size_t used_ = 1;
};

}  // namespace rules
