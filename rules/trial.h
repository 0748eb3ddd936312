#pragma once
// Trial: a rule as it would be after some changes, asked on known messages without loading a Book
// for each try. It answers as the changed Book would but for words that a new phrase makes known at
// a removed space (stands.h): whoever uses it asks the real Book in the end. Owned by one thread.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/text/fold.h"
#include "rules/loaded_book.h"
#include "rules/look.h"
#include "rules/verdict.h"

namespace rules {

class Trial {
 public:
  // `book` outlives it.
  Trial(const LoadedBook& book, uint32_t rule);

  // Adds a message, and gives its number; none of those that fold to the same text as one before.
  std::optional<size_t> add(const std::string& text);
  size_t size() const { return texts_.size(); }
  const std::string& text(size_t i) const { return texts_[i].text; }  // masked
  const core::text::Folded& folded(size_t i) const { return texts_[i].folded; }
  // The words that make the rule, as it is loaded, fire on it.
  std::vector<Match> counting(size_t i) const;

  // A word that a change may bring in; its number.
  uint32_t phrase(const std::u32string& folded);
  const std::u32string& word(uint32_t phrase) const { return phrases_[phrase].word; }
  bool holds(size_t i, uint32_t phrase) const;  // whether the message has it

  // The rule now. Changes of it are undone in any order.
  void put(PatternSet Rule::*set, uint32_t phrase);
  void take(PatternSet Rule::*set, uint32_t phrase);
  void put_word(uint32_t pattern);  // of `any`, by its id in the Book
  void take_word(uint32_t pattern);
  uint32_t within() const { return rule_.near_within; }
  void set_within(uint32_t within) { rule_.near_within = within; }
  const Rule& rule() const { return rule_; }

  bool fires(size_t i) const;

 private:
  struct Message {
    std::string text;
    core::text::Folded folded;
    std::vector<Match> matches;
    std::vector<MaskedName> names;
  };
  struct Phrase {
    std::u32string word;
    uint32_t pattern = 0;
    std::vector<std::vector<Match>> found;  // by message
  };

  void find(Phrase& phrase, size_t i) const;

  const LoadedBook& book_;
  const uint32_t index_;
  Look look_;
  Rule rule_;
  std::vector<Message> texts_;
  std::vector<Phrase> phrases_;
  std::vector<uint32_t> in_use_;  // phrases that the rule has now
};

}  // namespace rules
