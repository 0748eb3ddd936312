#pragma once
// Estimate: what an expression costs to compile and which words its matches cannot do without, from
// just enough of its syntax. Whether it is valid is the matching library's business.
#include <cstdint>
#include <string>
#include <vector>

namespace rules {

inline constexpr size_t kGateWordsMax = 200;  // of one expression
inline constexpr size_t kGateCharsMin = 2;

struct Estimate {
  int64_t cost = 0;   // see kExpressionCostMax
  int unbounded = 0;  // `*`, `+`, `{n,}`
  bool too_deep = false;
  // Every match holds one of these words; empty: none are known.
  std::vector<std::u32string> gates;
};

Estimate estimate(const std::u32string& pattern);

}  // namespace rules
