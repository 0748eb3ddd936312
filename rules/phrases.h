#pragma once
// Phrases: what examples say in common, and in which of them and of other texts each phrase stands:
// the candidates of draft.h. Pure; one thread.
#include <cstdint>
#include <string>
#include <vector>

#include "core/text/fold.h"

namespace rules {

inline constexpr size_t kPhraseCharsMin = 2, kPhraseCharsMax = 8;
inline constexpr size_t kPhrasesMax = 20'000;  // candidates; those of the smallest support go first

// A text as rules see it. Copies (the same characters but for punctuation) share a group.
struct DraftText {
  std::u32string chars;
  uint32_t group = 0;  // ascending from 0 in order of appearance
};

// Masked and folded.
std::vector<DraftText> prepare_texts(const std::vector<std::string>& texts);
size_t groups_of(const std::vector<DraftText>& texts);

struct Phrase {
  std::u32string chars;
  std::vector<uint32_t> hits;     // groups of the examples that hold it, ascending
  std::vector<uint32_t> strange;  // other texts that hold it, ascending
};

struct PhraseAt {
  uint32_t phrase = 0, begin = 0, end = 0;
};

// Runs of 2 to 8 characters, and Latin words, that stand in at least `support` groups of
// `examples`, begin and end where words of everyday language do, and are no part of a longer one
// that stands in the same examples but adds nothing. `strange` is filled from `others`.
std::vector<Phrase> find_phrases(const std::vector<DraftText>& examples,
                                 const std::vector<DraftText>& others, size_t support);

// Every place where one of `phrases` stands in each text.
std::vector<std::vector<PhraseAt>> places_of(const std::vector<std::u32string>& phrases,
                                             const std::vector<DraftText>& texts);

}  // namespace rules
