#pragma once
// Verdict trace: what the verdict found at every condition of one rule, for `qingyu explain`. It is
// filled by the code that judges (verdict.cc), so that what is explained is what happened.
#include <cstdint>
#include <optional>
#include <vector>

#include "rules/verdict.h"

namespace rules {

// In the order in which they are judged. Of Any, Near and Count one is enough.
enum class Part : uint8_t {
  Mode,
  ValidFrom,
  ValidTo,
  Kind,
  Platform,
  Channel,
  None,
  All,
  Any,
  Near,
  Count,
};

// A match that does not count, and what masks it: phrases of `except`, names of the catalogue, or
// that the rule is strict.
struct Masking {
  Match match;
  std::vector<Match> phrases;
  std::vector<MaskedName> names;
  bool written_otherwise = false;
};

struct ConditionTrace {
  Part part = Part::Mode;
  uint32_t item = 0;  // of All: which, from 0
  bool holds = false;
  std::vector<Match> found;     // that count for it: of None the vetoes, of Near those of `words`
  std::vector<Match> found_of;  // of Near: those of `of`
  std::vector<Masking> masked;  // that would count for it; of Near both kinds
  struct Pair {
    Match word, of;
    uint32_t gap = 0;  // characters between them
  };
  std::optional<Pair> closest;      // of Near
  std::vector<uint32_t> different;  // of Count: patterns that count, up to kCountMax
};

// Characters between two matches in either order; nothing when they overlap.
std::optional<uint32_t> gap_between(const Match& a, const Match& b);

struct RuleTrace {
  std::vector<ConditionTrace> conditions;  // those that the rule has, in order of Part
};

// judge_rule() and looks_at() in one, of which every condition is told.
Firing trace_rule(const Rule& rule, uint32_t index, const core::Event& event,
                  std::span<const Match> matches, std::span<const MaskedName> names,
                  RuleTrace& trace);

}  // namespace rules
