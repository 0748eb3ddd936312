#pragma once
// Hygiene: what loads and fires, and is hardly what its author meant: words that can never count,
// that add nothing, or cost much; and rules that repeat others. Told when files are checked, never
// of a stored Book, which must load as it did.
#include <cstddef>
#include <vector>

#include "rules/pack.h"
#include "rules/program.h"

namespace rules {

inline constexpr size_t kOverlapStepsMax = 20'000'000;  // pattern ids compared; then it is said
inline constexpr int64_t kOverlapPermille = 800;        // of the words of both, in common

// dead-word, redundant-word, near-overlap, costly-expression; contradiction (an error).
void check_words(const std::vector<Pack>& packs, const Program& program,
                 const Vocabulary& vocabulary, Findings& findings);

// overlapping-rule: names the nearest rule before it (by id) of the same subject.
void check_overlaps(const Program& program, Findings& findings);

}  // namespace rules
