#pragma once
// Likelihood: what a text reads like to someone who does not suspect it. Ordinary text falls apart
// into ordinary words; where a hidden word stands it does not, because a homophone or a split
// character makes no sense there. Costs are in eighths of a bit, from the dictionary of core/text
// (fold.h, word_cost).
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rules {

// A character of the folded text, or an emoji that was removed between two of them.
struct Unit {
  char32_t c = 0;
  uint32_t at = 0;       // in the folded text; of an emoji: the character behind it
  bool picture = false;  // an emoji that was removed
  bool apart = false;    // something was removed before it: no ordinary word goes across
};

class Likelihood {
 public:
  // Reads the units; the answers below are about them.
  void read(std::span<const Unit> units);

  // The cheapest way to read all of it, and all of it but [begin, end), as words.
  int32_t whole() const { return before_.back(); }
  int32_t around(size_t begin, size_t end) const { return before_[begin] + behind_[end]; }

 private:
  std::vector<int32_t> before_, behind_;  // cost of what is before or behind a place
  std::vector<uint8_t> words_;            // of each place: what words of 1, 2, 3, 4 units cost
  std::u32string chars_;
};

// What the unit at `i` costs by itself.
int32_t cost_alone(std::span<const Unit> units, size_t i);

// What a word costs that stands in a text as it is written.
int32_t likelihood_of(std::u32string_view word);

}  // namespace rules
