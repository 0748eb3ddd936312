#include "rules/stands.h"

#include <algorithm>

namespace rules {

namespace {

using core::text::Folded;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

// Letters of scripts that write words apart: Latin with its accents, Greek, Cyrillic.
bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= 0xc0 && c <= 0x52f); }

// Whether the characters at i-1 and i belong to one word or number.
bool one_token(const Folded& text, size_t i) {
  if (i == 0 || i >= text.chars.size() || text.joined[i] != core::text::kAdjacent) return false;
  const char32_t a = text.chars[i - 1], b = text.chars[i];
  return (is_digit(a) && is_digit(b)) || (is_letter(a) && is_letter(b));
}

// Whether a word begins at `i` that ends behind `end` while none ends at or before it.
bool word_reaches_beyond(const Folded& text, size_t i, size_t end, std::span<const Match> all) {
  const std::u32string_view chars = text.chars;
  bool beyond = core::text::known_word_begins(chars, i);
  bool within = core::text::known_word_begins(chars.substr(0, end), i);
  const auto from = std::ranges::lower_bound(all, i, {}, &Match::begin);
  for (auto it = from; it != all.end() && it->begin == i; ++it)
    (it->end > end ? beyond : within) = true;
  return beyond && !within;
}

}  // namespace

bool stands(const Folded& text, const Match& match, std::span<const Match> all) {
  if (one_token(text, match.begin) || one_token(text, match.end)) return false;
  for (size_t i = match.begin + 1; i < match.end; ++i)
    if (text.joined[i] == core::text::kSpaced && word_reaches_beyond(text, i, match.end, all))
      return false;
  return true;
}

uint16_t tricks_of(const Folded& text, const Match& match) {
  uint16_t tricks = 0;
  for (size_t i = match.begin + 1; i < match.end; ++i)
    if (text.joined[i] != core::text::kAdjacent) tricks |= kRemoved;
  const auto changed = std::ranges::lower_bound(text.look_alikes, match.begin);
  if (changed != text.look_alikes.end() && *changed < match.end) tricks |= kLetters;
  return tricks;
}

}  // namespace rules
