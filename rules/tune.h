#pragma once
// Tune: from messages that a rule rightly and wrongly hit, the change of the rule that leaves out
// false alarms and keeps every right one. What it proposes has been loaded and asked: the rule's
// own examples hold, every right message that fired still fires, and no more of the wrong ones do.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/book.h"

namespace rules {

struct TuneTask {
  static constexpr size_t kTextsMax = 2'000;  // of each kind; later ones are not looked at

  std::string rule;
  std::vector<std::string> right, wrong;
};

// One step of a proposal.
struct TuneStep {
  enum class Kind : uint8_t { Except, None, Within, Drop };
  Kind kind = Kind::Except;
  std::string word;     // the phrase, or the word dropped
  uint32_t within = 0;  // of Within
  int64_t removed = 0;  // false alarms that it leaves out
};

struct Tuning {
  std::vector<TuneStep> steps;  // empty: nothing is proposed, `refused` says why
  std::string refused;
  std::string file, before, after;  // the pack

  int64_t right = 0, wrong = 0;  // different messages that the rule hits now
  int64_t wrong_left = 0;        // of the wrong ones, by the proposal
  // The same of the third of the wrong ones that no phrase was taken from.
  int64_t held_out = 0, held_out_left = 0;
  // Messages that the rule does not hit now: cut short, or the rule was another one.
  int64_t unused_right = 0, unused_wrong = 0;
  int64_t left_out = 0;  // beyond kTextsMax
};

// A step must leave out this many different false alarms: nothing is learnt from a single one.
inline constexpr int64_t kTuneRemovesMin = 2;

inline constexpr int64_t kDropRemovesMin = 3;  // for leaving a word out, which costs most

Tuning tune(const std::shared_ptr<const Book>& book, const TuneTask& task);

}  // namespace rules
