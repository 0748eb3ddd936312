#pragma once
// Fingerprints of a folded text, by which copies and near copies of a message are found (ALGORITHMS
// 4): winnowing over character 4-grams, window 4, after URLs, @names, [emoji], punctuation and
// spaces are left out.
#include <cstdint>
#include <vector>

#include "core/text/fold.h"

namespace core::text {

inline constexpr size_t kFingerprintsMax = 24;  // the smallest ones are kept
inline constexpr size_t kCopyCharsMin = 8;      // shorter texts are no copies of each other

// The copy hash of the kept characters, 0 when there are fewer than kCopyCharsMin; and their
// fingerprints, ascending, unique, at most kFingerprintsMax, none when it is 0. Any thread.
uint64_t copy_marks(const Folded& text, std::vector<uint64_t>& fingerprints);

// Whether two messages are near copies: shared >= min(3, max(2, m/2)) and shared >= m/4, m = the
// smaller size.
bool near_copies(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b);

}  // namespace core::text
