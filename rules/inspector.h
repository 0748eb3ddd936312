#pragma once
// Inspector: what a Book sees in a message, as values that people can read: for `qingyu match`,
// `explain`, `draft`, `tune` and their like. Slower than a Judge, the same answers.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/level.h"
#include "core/signal.h"
#include "rules/book.h"

namespace rules {

// Something found in the text. `start` and `end` are code points of the masked text, end exclusive
// (DESIGN 11.10); `pattern` is the folded word, or the expression.
struct WordSeen {
  std::string pattern;
  uint32_t start = 0, end = 0;
  uint16_t tricks = 0;  // how it is written: tricks_text() of trick.h; 0: as it is
};

struct RuleSeen {
  std::string rule, name, issue;
  core::Level level = core::Level::Blue;
  bool shadow = false;
  int32_t weight_permille = 0;
  std::vector<WordSeen> words;  // of `any`, `all`, `near` and `count`, not masked; in order
};

struct FamilySeen {
  std::string family;
  bool named = false;                                      // the text names it
  std::vector<core::Vote> votes;                           // at most 8, heaviest first
  std::vector<std::string> rules;                          // ids of the rules whose hits fall to it
  core::SubjectSource source = core::SubjectSource::Name;  // how the message came to it
};

struct Seen {
  std::string text, folded;     // masked; folded
  std::vector<WordSeen> words;  // every match of a word or an expression
  std::vector<RuleSeen> rules;  // those that fire, by id; valid, active ones and shadows
  std::vector<FamilySeen> families;
};

// Whether rules in shadow count too.
enum class Shadows : uint8_t { No, Yes };

// Owned by one thread; keeps the Book alive.
class Inspector {
 public:
  virtual ~Inspector() = default;
  // `event.text` need not be masked. The answer holds until the next call.
  virtual const Seen& look(const core::Event& event) = 0;

  // Many messages in one go, twice as fast where most hold no word of a rule: add() each, which
  // masks its text, scan_added(), then ask of message i, counted from begin_adding(), whether any
  // rule takes it, and look at it if one does. REQUIRES: the event is what add() left of it.
  virtual void begin_adding() = 0;
  virtual void add(core::Event& event) = 0;
  virtual void scan_added() = 0;
  virtual bool takes(size_t i, const core::Event& event, Shadows shadows) = 0;
  virtual const Seen& look_at_taken(const core::Event& event) = 0;  // what takes() was asked last

  // The folded text with 。 for every character of a catalogue name: words inside names are no
  // rule's.
  virtual std::string without_names(const std::string& text) = 0;

  // Whether a rule's conditions hold on a text, whatever it looks at and when it is valid; false
  // when there is no such rule.
  virtual bool fires(std::string_view rule, const std::string& text) = 0;
};
std::unique_ptr<Inspector> make_inspector(std::shared_ptr<const Book> book);

// A rule as its author wrote it, for lists.
struct RuleFacts {
  std::string id, name, owner, runbook, issue, ladder;
  std::string mode;  // active shadow off
  core::Level level = core::Level::Blue;
  std::string file;
  int line = 0;
  std::vector<std::string> hits, misses;  // its examples
};
std::vector<RuleFacts> facts_of(const Book& book);  // by id

}  // namespace rules
