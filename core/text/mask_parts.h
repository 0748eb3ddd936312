#pragma once
// The three hunters behind mask(): each marks what it finds. They read the text as folding writes
// it: full width, case, traditional characters and digits unified, and nothing invisible in it.
#include <cstdint>
#include <string_view>
#include <vector>

namespace core::text {

using Hidden = std::vector<uint8_t>;  // 1 for each character to mask

inline bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
inline bool is_han(char32_t c) { return c >= 0x4E00 && c < 0xA000; }
inline bool is_chinese_digit(char32_t c) {
  return std::u32string_view(U"〇零一二三四五六七八九十百").find(c) != std::u32string_view::npos;
}

void hide_numbers(std::u32string_view text, Hidden& hidden);
void hide_emails(std::u32string_view text, Hidden& hidden);
void hide_addresses(std::u32string_view text, Hidden& hidden);

}  // namespace core::text
