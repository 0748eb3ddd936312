#include "core/text/look_alike.h"

#include <algorithm>
#include <string>

#include "core/text/tables/tables.h"

namespace core::text {
namespace {

constexpr size_t kZerosMax = 2;        // g00gle; longer runs are numbers
constexpr size_t kLettersBefore1 = 2;  // x1carbon is a model, he1lo is not

Class kind_of(char32_t c) { return entry_of(c).kind(); }
bool is_latin(char32_t c) { return kind_of(c) == Class::Latin; }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

void unify_letters(char32_t* begin, char32_t* end) {
  for (char32_t* p = begin; p != end; ++p) {
    if (*p >= Tables::kLookAlikes) continue;
    const uint8_t latin = qingyu_text_tables.look_alike[*p];
    if (latin != 0) *p = latin;
  }
}

// From left to right, so that a letter made from a digit counts as a letter for the next digit:
// what is left over would not change if it were looked at again.
void unify_digits(char32_t* begin, char32_t* end) {
  size_t letters_before = 0;
  for (char32_t* p = begin; p != end;) {
    if (!is_digit(*p)) {
      letters_before = is_latin(*p) ? letters_before + 1 : 0;
      ++p;
      continue;
    }
    char32_t* const after = std::find_if_not(p, end, is_digit);
    const auto digits = static_cast<size_t>(after - p);
    const bool inside = letters_before > 0 && after != end && is_latin(*after);
    if (inside && digits <= kZerosMax && std::count(p, after, U'0') == after - p) {
      std::fill(p, after, U'o');
      letters_before += digits;
    } else if (inside && digits == 1 && *p == U'1' && letters_before >= kLettersBefore1) {
      *p = U'l';
      ++letters_before;
    } else {
      letters_before = 0;
    }
    p = after;
  }
}

// `at` is the place of `begin` in the text.
void unify_token(char32_t* begin, char32_t* end, uint32_t at, std::vector<uint32_t>& changed) {
  const auto has = [&](Class kind) {
    return std::any_of(begin, end, [&](char32_t c) { return kind_of(c) == kind; });
  };
  const bool digits = has(Class::Digit);
  const int scripts = has(Class::Latin) + has(Class::Greek) + has(Class::Cyrillic);
  if (scripts + digits < 2) return;
  const std::u32string before(begin, end);
  unify_letters(begin, end);
  if (digits) unify_digits(begin, end);
  for (size_t i = 0; i < before.size(); ++i)
    if (begin[i] != before[i]) changed.push_back(at + static_cast<uint32_t>(i));
}

}  // namespace

void unify_look_alikes(char32_t* chars, size_t n, std::vector<uint32_t>& changed) {
  const auto in_token = [](char32_t c) { return is_token(kind_of(c)); };
  char32_t* const end = chars + n;
  for (char32_t* p = std::find_if(chars, end, in_token); p != end;) {
    char32_t* const after = std::find_if_not(p, end, in_token);
    unify_token(p, after, static_cast<uint32_t>(p - chars), changed);
    p = std::find_if(after, end, in_token);
  }
}

}  // namespace core::text
