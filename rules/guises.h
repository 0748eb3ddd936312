#pragma once
// Guises: the words of rules with `fold: aggressive`, ready to be found where they are disguised.
// A message is read as a row of units (characters and removed emoji); each unit, or some in a row,
// may stand for a letter of the words: a character for all that sound or look like it, Latin
// letters for a syllable, parts for the whole, an emoji for what it shows. The words are a trie
// that GuiseScanner walks along the row. Immutable, shared by all lanes; made only when some rule
// is aggressive.
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/trick.h"

namespace rules {

class Writing;

inline constexpr size_t kGuiseWordsMax = 20'000;  // further words stand undisguised only
inline constexpr size_t kShufflesMax = 20;        // orders of one word
inline constexpr size_t kGuiseLettersMax = 12'000;

using Letter = uint16_t;  // a character of the words, numbered

// What one unit, or some units in a row, may stand for.
struct Stand {
  Letter letter = 0;
  uint16_t trick = 0;  // 0: it is the letter
};

class Guises {
 public:
  struct Word {
    uint32_t id = 0;
    std::u32string chars;
  };
  // With those of `tricks` only; all of kGuises in a Book, one at a time when they are measured.
  static std::shared_ptr<const Guises> create(std::span<const Word> words, uint16_t tricks);

  size_t left_out() const { return left_out_; }  // words beyond the limits

 private:
  friend class GuiseMaker;
  friend class GuiseScanner;
  Guises() : single_(0x10001, 0) {}

  static constexpr uint32_t kNone = ~0u;
  struct Child {
    Letter letter = 0;
    uint32_t node = 0;
  };
  struct End {              // a word that ends at a node
    uint32_t word = 0;      // in words_
    bool shuffled = false;  // not in its own order
    auto operator<=>(const End&) const = default;
  };
  struct Known {
    uint32_t id = 0, letters = 0;
    int32_t cost = 0;  // likelihood_of() it
  };
  struct Node {
    uint32_t first_child = 0, last_child = 0, first_end = 0, last_end = 0;
  };
  struct Parts {
    std::u32string parts;
    Letter letter = 0;
    auto operator<=>(const Parts&) const = default;
  };

  std::span<const Stand> stands_of(char32_t c) const;
  std::span<const Child> children(const Node& node) const {
    return {children_.data() + node.first_child, children_.data() + node.last_child};
  }
  std::span<const End> ends(const Node& node) const {
    return {ends_.data() + node.first_end, ends_.data() + node.last_end};
  }

  std::vector<uint32_t> single_;  // plane 0: where the stands of a character begin
  std::map<char32_t, std::vector<Stand>> single_beyond_;
  std::vector<Stand> stands_;  // ascending by letter, of each character
  std::map<std::string, std::vector<Stand>, std::less<>> syllables_;  // that the words have
  std::vector<std::string> all_syllables_;                            // ascending
  std::vector<Parts> parts_;                                          // ascending
  std::vector<bool> begins_parts_;                                    // plane 0
  std::map<std::string, std::vector<uint32_t>, std::less<>> initials_;

  std::vector<Node> nodes_;     // the first one is the root
  std::vector<uint32_t> root_;  // child of the root by letter, or kNone
  std::vector<Child> children_;
  std::vector<End> ends_;
  std::vector<Known> words_;
  size_t left_out_ = 0;
};

}  // namespace rules
