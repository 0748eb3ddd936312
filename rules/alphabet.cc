#include "rules/alphabet.h"

#include <algorithm>

namespace rules {

namespace {

constexpr uint16_t code_of(size_t n) {
  const size_t first = 0x80 + n / 126;
  const size_t rest = n % 126;
  const size_t second = rest + (rest < 9 ? 1 : 2);  // 1..9, 11..127
  return static_cast<uint16_t>(first | second << 8);
}

constexpr uint16_t kOther = code_of(0);

}  // namespace

Alphabet::Alphabet() : plane0_(0x10000, kOther) {}

bool Alphabet::add(std::u32string_view word) {
  for (const char32_t c : word) {
    const bool known = c < 0x10000 ? plane0_[c] != kOther : code_beyond(c) != kOther;
    if (known) continue;
    if (used_ > kCharsMax) return false;
    const uint16_t code = code_of(used_++);
    if (c < 0x10000) {
      plane0_[c] = code;
    } else {
      const auto at = std::ranges::lower_bound(beyond_, c, {}, &Beyond::c);
      beyond_.insert(at, {c, code});
    }
  }
  return true;
}

uint16_t Alphabet::code_beyond(char32_t c) const {
  const auto it = std::ranges::lower_bound(beyond_, c, {}, &Beyond::c);
  return it != beyond_.end() && it->c == c ? it->code : kOther;
}

}  // namespace rules
