#pragma once
// Expression: an author's `re`, made ready for the matcher: folded like the texts it runs on, its
// cost estimated before anything is compiled, and with the words that any match must hold, so that
// the slow scan runs only on messages that have one.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rules {

// Of one expression and of all of a Book. A unit is about one state of the automaton: a character
// 1,
// `.` or a class 6, \\p{L} 160, times the upper bound of every repeat around it. `.{0,30}` costs
// 180; the library refuses 34 and more as too large. All of a Book compile in some seconds.
inline constexpr int64_t kExpressionCostMax = 200;
inline constexpr int64_t kExpressionCostSoft = 170;  // a warning above it
inline constexpr int64_t kExpressionsCostMax = 60'000;
inline constexpr size_t kExpressionCharsMax = 200;
inline constexpr int kUnboundedMax = 2;  // `*`, `+`, `{n,}` in one expression

struct Expression {
  std::string pattern;                // folded, UTF-8
  std::vector<std::u32string> gates;  // every match holds one of these; empty: none are known
  int64_t cost = 0;
};

// The error says what is too dear. Syntax is the matcher's business.
core::Result<Expression> prepare_expression(std::string_view pattern);

}  // namespace rules
