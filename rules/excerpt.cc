#include "rules/excerpt.h"

#include <algorithm>

#include "core/text/utf8.h"

namespace rules {

namespace {

bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

size_t byte_of(std::string_view utf8, uint32_t code_point) {
  size_t i = 0;
  for (uint32_t n = 0; n < code_point && i < utf8.size(); ++n) core::text::decode_at(utf8, i);
  return i;
}

}  // namespace

std::string excerpt(std::string_view utf8, uint32_t around) {
  if (utf8.size() <= kExcerptBytesMax) return std::string(utf8);
  const size_t hit = byte_of(utf8, around);
  size_t begin = hit - std::min(hit, kExcerptBytesMax / 3);
  begin = std::min(begin, utf8.size() - kExcerptBytesMax);  // a text that ends soon: begin earlier
  while (begin < utf8.size() && !begins_code_point(utf8[begin])) ++begin;
  return std::string(core::text::prefix_of(utf8.substr(begin), kExcerptBytesMax));
}

}  // namespace rules
