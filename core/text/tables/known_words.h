#pragma once
// How a known word is hashed: the same by the generator that stores it and by fold.cc that asks.
#include <string_view>

#include "core/hash.h"

namespace core::text {

inline constexpr size_t kKnownWordMin = 2, kKnownWordMax = 4;  // characters

// 48 bits: among the 330,000 words a stranger is mistaken for one of them once in 10^9.
inline uint64_t known_word_hash(std::u32string_view word) {
  return hash64({reinterpret_cast<const char*>(word.data()), word.size() * sizeof(char32_t)}) >> 16;
}

}  // namespace core::text
