#pragma once
// UTF-8 by hand: small, total functions. Offsets in this project are code points unless a name says
// bytes.
#include <cstdint>
#include <string>
#include <string_view>

namespace core::text {

// Whether `s` is well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
bool valid_utf8(std::string_view s);

// Decodes the code point at `i` and moves `i` behind it; U+FFFD and one byte for a bad one.
// REQUIRES: i < s.size().
char32_t decode_at(std::string_view s, size_t& i);

void append_utf8(std::string& out, char32_t c);
std::string to_utf8(std::u32string_view chars);
std::u32string to_utf32(std::string_view utf8);
size_t count_code_points(std::string_view utf8);

// The longest prefix of at most `bytes` bytes that ends between code points.
std::string_view prefix_of(std::string_view utf8, size_t bytes);
// The substring of code points [begin, end).
std::string_view slice(std::string_view utf8, uint32_t begin, uint32_t end);

}  // namespace core::text
