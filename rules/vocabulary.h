#pragma once
// Vocabulary: the folded words of a Book, each one with a number: rule words and catalogue names
// alike, so that what is both is scanned for once. Also collects the expressions. Filled while a
// Book loads, by one thread; the numbers follow the order of the files, so they are the same in
// every process that loads the same files.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/expression.h"
#include "rules/matcher.h"
#include "rules/sources.h"

namespace rules {

inline constexpr size_t kWordCharsMin = 2;    // folded; one character is in half of all messages
inline constexpr size_t kWordCharsMax = 100;  // also how far `near` has to look for a long word

inline constexpr uint32_t kNoWord = ~0u;

class Vocabulary {
 public:
  // The number of `folded`, a new one when it is new. REQUIRES: not empty.
  uint32_t word(const std::u32string& folded) {
    const auto [it, added] = ids_.emplace(folded, static_cast<uint32_t>(words_.size()));
    if (added) words_.push_back(folded);
    return it->second;
  }
  // The same when it is known; kNoWord when it is not.
  uint32_t find(const std::u32string& folded) const {
    const auto it = ids_.find(folded);
    return it != ids_.end() ? it->second : kNoWord;
  }
  // Where a rule or a list has the word first; of names alone there is no place.
  void note_place(uint32_t word, const Place& place) { word_places_.emplace(word, place); }
  const std::map<uint32_t, Place>& word_places() const { return word_places_; }

  // The number of an expression, kFirstExpression and up; `place` is where it stands first.
  uint32_t expression(Expression expression, const Place& place) {
    const auto next = static_cast<uint32_t>(kFirstExpression + expressions_.size());
    const auto [it, added] = expression_ids_.emplace(expression.pattern, next);
    if (added) {
      expressions_.push_back(std::move(expression));
      places_.push_back(place);
    }
    return it->second;
  }

  const std::vector<std::u32string>& words() const { return words_; }
  const std::vector<Expression>& expressions() const { return expressions_; }
  // For findings about an expression that does not compile.
  const Place& place_of_expression(size_t i) const { return places_[i]; }

 private:
  std::map<std::u32string, uint32_t> ids_;
  std::map<std::string, uint32_t> expression_ids_;
  std::vector<std::u32string> words_;
  std::vector<Expression> expressions_;
  std::vector<Place> places_;  // of expressions
  std::map<uint32_t, Place> word_places_;
};

}  // namespace rules
