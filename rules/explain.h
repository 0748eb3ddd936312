#pragma once
// Explanation: everything that was found in a message and why each rule took it or not, as plain
// values for `qingyu explain`. The conditions come from the verdict's own trace.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/signal.h"
#include "rules/inspector.h"
#include "rules/remedy.h"

namespace rules {

// A stretch of the message and what folding made of it; `start`, `end` as in WordSeen.
struct TextPiece {
  std::string original, folded;
  uint32_t start = 0, end = 0;
  bool changed = false;
};

struct MaskedWord {
  WordSeen word;
  std::vector<std::string> phrases, names;  // that mask it
  bool written_otherwise = false;           // and the rule is strict
};

struct RemedyTold {
  Remedy::What what = Remedy::What::NotOff;
  std::string word, beside;
  int64_t number = 0;
  bool advertising = false;  // the word is of the shared list `advertising`
};

struct ConditionExplained {
  Part part = Part::Mode;
  uint32_t item = 0;  // of All
  bool holds = false;
  std::string actual, wanted;  // of Mode to Channel: the message's, and what the rule takes
  std::vector<WordSeen> words, of_words;  // as in ConditionTrace
  std::vector<MaskedWord> masked;
  std::optional<int64_t> figure, limit;  // of Near: characters between, within; of Count: how many
  std::vector<WordSeen> pair;            // of Near: the closest
  std::vector<std::string> different;    // of Count
  std::vector<std::vector<RemedyTold>> ways;  // as rules::Ways
};

struct RuleExplained {
  std::string rule, name, issue, mode;
  core::Level level = core::Level::Blue;
  bool fires = false;
  int32_t weight_permille = 0;                           // above 500 it counts
  std::vector<std::pair<std::string, int64_t>> weighed;  // what of `weigh` applied
  std::vector<ConditionExplained> conditions;
  std::vector<size_t> first_failed;  // of conditions; several: none of Any, Near and Count holds
  size_t failures = 0;
};

struct WordUse {
  std::string rule;
  std::vector<std::string> parts;  // "any" "all" "near" "none" "except" "count"
};

struct WordExplained {
  WordSeen word;
  std::vector<WordUse> uses;  // at most kUsesMax
  size_t more_uses = 0;
  std::string category;  // the product category that it is
};

struct NameExplained {
  WordSeen word;
  std::vector<std::string> families;  // that it names, at most kFamiliesMax
  size_t more_families = 0, products = 0;
  bool weak = false, counts = false;
  std::string evidence;  // "strong" "none" "marker" "seller" "category" "again" "piece" "brand"
};

struct Explanation {
  static constexpr size_t kUsesMax = 8, kFamiliesMax = 5, kNearlyMax = 5;

  std::string text, folded;  // masked; folded
  std::vector<TextPiece> pieces;
  std::vector<WordExplained> words;
  std::vector<RuleExplained> rules;   // those that fire, by id
  std::vector<RuleExplained> nearly;  // the nearest of those that do not, or the one asked for
  std::vector<NameExplained> names;
  std::vector<std::string> categories;
  std::vector<FamilySeen> families;
  std::vector<core::Signal> signals;  // what a lane would make of it
  uint64_t dropped_matches = 0;
};

// Owned by one thread; keeps the Book alive.
class Explainer {
 public:
  virtual ~Explainer() = default;
  // `rule`: explain this one only, "": see Explanation::nearly.
  virtual Explanation explain(const core::Event& event, std::string_view rule) = 0;
};
std::unique_ptr<Explainer> make_explainer(std::shared_ptr<const Book> book);

std::string_view name_of(Part part);  // "mode" "valid_from" ... "any" "near" "count"

}  // namespace rules
