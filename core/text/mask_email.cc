#include <algorithm>

#include "core/text/mask_parts.h"

namespace core::text {
namespace {

constexpr size_t kNameMax = 64, kDomainMax = 255;  // RFC 5321, 4.5.3.1

bool is_letter(char32_t c) { return c >= U'a' && c <= U'z'; }
bool in_domain(char32_t c) { return is_letter(c) || is_ascii_digit(c) || c == U'-' || c == U'.'; }
bool in_name(char32_t c) { return in_domain(c) || c == U'_' || c == U'%' || c == U'+'; }

// Where the domain that begins at `begin` ends: at the end of its last label that may be a
// top-level domain; `begin` if there is no dot or no such label.
size_t domain_end(std::u32string_view text, size_t begin) {
  size_t end = begin, label = begin;
  bool letters = true;
  const size_t limit = std::min(text.size(), begin + kDomainMax);
  for (size_t i = begin; i <= limit; ++i) {
    if (i < limit && in_domain(text[i]) && text[i] != U'.') {
      letters = letters && is_letter(text[i]);
      continue;
    }
    if (label > begin && letters && i - label >= 2) end = i;
    if (i == label || i == limit || text[i] != U'.') break;
    label = i + 1;
    letters = true;
  }
  return end;
}

}  // namespace

void hide_emails(std::u32string_view text, Hidden& hidden) {
  for (size_t at = text.find(U'@'); at != text.npos; at = text.find(U'@', at + 1)) {
    size_t begin = at;
    while (begin > 0 && at - begin < kNameMax && in_name(text[begin - 1])) --begin;
    const size_t end = domain_end(text, at + 1);
    if (begin == at || end == at + 1) continue;
    std::fill(hidden.begin() + static_cast<std::ptrdiff_t>(begin),
              hidden.begin() + static_cast<std::ptrdiff_t>(end), 1);
  }
}

}  // namespace core::text
