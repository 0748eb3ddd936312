#pragma once
// WordLists: the named lists of one file, ready for use: other lists and files of words in them are
// looked up, words are folded into the vocabulary. Read by one thread while a Book loads.
#include <map>
#include <string>
#include <vector>

#include "rules/findings.h"
#include "rules/pack.h"
#include "rules/program.h"

namespace rules {

inline constexpr size_t kListDepthMax = 8;  // of lists in lists

// Lists that the program itself looks at; they need no rule that uses them.
inline constexpr std::string_view kAdvertising = "advertising";
inline constexpr std::string_view kCouriers = "couriers";

// The words of files that lists name: file as written -> its words.
using WordFiles = std::map<std::string, std::vector<Item>, std::less<>>;

// The id of a word, folded; ~0u with a finding when it is too short or too long.
uint32_t add_word(const std::string& text, const Place& place, Vocabulary& vocabulary,
                  Findings& findings);

void sort_unique(PatternSet& set);
std::vector<std::string> split_bars(const std::string& text);  // "a|b" -> a, b

class WordLists {
 public:
  // A list that is not here is looked for in `shared` (null: nowhere). All arguments outlive this.
  WordLists(const std::vector<WordList>& lists, const WordFiles& files, WordLists* shared,
            Vocabulary& vocabulary, Findings& findings);

  // The words of the list that `item` refers to, and marks it as used; nullptr with a finding when
  // there is none.
  const PatternSet* find(const Item& item);
  // The same by name, without a finding.
  const PatternSet* find(std::string_view name);
  // The entries as written of a list of this file; nullptr when there is none.
  const WordList* text(std::string_view name) const;
  void report_unused() const;

 private:
  struct Linked {
    const WordList* list = nullptr;
    PatternSet patterns;
    enum class State : uint8_t { Untouched, BeingRead, Ready } state = State::Untouched;
    bool used = false;
  };

  Linked* linked(std::string_view name);
  const PatternSet& patterns(Linked& linked, size_t depth);
  void add(Linked& linked, const Item& item, size_t depth, PatternSet& out);
  void add_list(const Item& item, size_t depth, PatternSet& out);
  void add_words(const WordList& list, const Item& item, PatternSet& out);

  const WordFiles& files_;
  WordLists* shared_;
  Vocabulary& vocabulary_;
  Findings& findings_;
  std::map<std::string, Linked, std::less<>> lists_;
};

}  // namespace rules
