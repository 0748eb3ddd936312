#pragma once
// Draft: from messages that a rule should take, and traffic that it should not, to the conditions
// of a rule. A greedy search over phrases that several different examples share; what it proposes
// is to be loaded and measured before anybody sees it (engine/draft_command.cc does). Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace rules {

inline constexpr size_t kDraftExamplesMin = 3;  // different ones: from one example nobody learns
inline constexpr size_t kDraftWordsMax = 30;    // proposed for `any`
inline constexpr size_t kDraftExceptMax = 12;

struct DraftTexts {
  std::vector<std::string> hits;      // the rule should take these
  std::vector<std::string> misses;    // look alike, and it should not
  std::vector<std::string> ordinary;  // what else is said
};

struct DraftedNear {
  std::vector<std::string> words, of;
  uint32_t within = 0;
};

struct DraftedWhen {
  std::vector<std::string> any, except;  // folded words, the best one first
  std::optional<DraftedNear> near;
  size_t examples = 0, covered = 0;  // different hits, and how many of them the words take
};

// BadInput: too few different examples, or no phrase tells them from the rest.
core::Result<DraftedWhen> draft(const DraftTexts& texts);

// The words an author would take first: the most frequent everyday words of the hits that are rare
// elsewhere. The measure that a draft has to beat.
std::vector<std::string> first_words(const DraftTexts& texts, size_t count);

}  // namespace rules
