#include "rules/likelihood.h"

#include <algorithm>

#include "core/text/fold.h"

namespace rules {

namespace {

constexpr size_t kWordMax = 4;
constexpr int32_t kRareCharacter = 208;            // 26 bits: once in the dictionary's corpus
constexpr int32_t kToken = 48, kTokenLetter = 28;  // of Latin letters: 6 bits, 3.5 for each
constexpr int32_t kSymbol = 40, kPictureCost = 80;
constexpr int32_t kNever = 1 << 28;

bool is_latin(char32_t c) { return c >= U'a' && c <= U'z'; }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_character(char32_t c) { return c >= 0x2E80 && c != U'　' && !(c >= 0xE000 && c < 0xF900); }

}  // namespace

int32_t cost_alone(std::span<const Unit> units, size_t i) {
  const Unit& unit = units[i];
  if (unit.picture) return kPictureCost;
  if (is_latin(unit.c)) {
    const bool first = i == 0 || unit.apart || !is_latin(units[i - 1].c);
    return first ? kToken + kTokenLetter : kTokenLetter;
  }
  if (is_digit(unit.c)) return kSymbol;
  const uint8_t cost = core::text::word_cost(std::u32string_view(&unit.c, 1));
  if (cost != core::text::kUnknownWord) return cost;
  return is_character(unit.c) && unit.c < 0x10000 ? kRareCharacter : kSymbol;
}

void Likelihood::read(std::span<const Unit> units) {
  const size_t n = units.size();
  chars_.resize(n);
  for (size_t i = 0; i < n; ++i) chars_[i] = units[i].c;
  before_.assign(n + 1, kNever);
  behind_.assign(n + 1, kNever);
  words_.assign(n * kWordMax, core::text::kUnknownWord);
  const std::u32string_view chars = chars_;
  before_[0] = 0;
  for (size_t i = 0; i < n; ++i) {
    before_[i + 1] = std::min(before_[i + 1], before_[i] + cost_alone(units, i));
    if (units[i].picture || !is_character(units[i].c)) continue;
    for (size_t length = 2; length <= kWordMax && i + length <= n; ++length) {
      const Unit& last = units[i + length - 1];
      if (last.apart || last.picture || !is_character(last.c)) break;
      const uint8_t cost = core::text::word_cost(chars.substr(i, length));
      words_[i * kWordMax + length - 1] = cost;
      if (cost != core::text::kUnknownWord)
        before_[i + length] = std::min(before_[i + length], before_[i] + cost);
    }
  }
  behind_[n] = 0;
  for (size_t i = n; i-- > 0;) {
    behind_[i] = behind_[i + 1] + cost_alone(units, i);
    for (size_t length = 2; length <= kWordMax && i + length <= n; ++length) {
      const uint8_t cost = words_[i * kWordMax + length - 1];
      if (cost != core::text::kUnknownWord)
        behind_[i] = std::min(behind_[i], behind_[i + length] + cost);
    }
  }
}

int32_t likelihood_of(std::u32string_view word) {
  std::vector<Unit> units;
  for (const char32_t c : word)
    units.push_back({c, static_cast<uint32_t>(units.size()), false, false});
  Likelihood likelihood;
  likelihood.read(units);
  return likelihood.whole();
}

}  // namespace rules
