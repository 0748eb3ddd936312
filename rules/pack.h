#pragma once
// A rule pack as its author wrote it: what stands in the file, with places, before lists, issues
// and ladders are looked up (program.h does that). Read by one thread while a Book loads; the
// places point into the files, which live as long as the Book.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/level.h"
#include "core/time.h"
#include "rules/reading.h"

namespace rules {

inline constexpr size_t kRulesMax = 20'000;     // of a Book
inline constexpr size_t kItemsMax = 20'000;     // of one word list
inline constexpr size_t kExamplesMax = 200;     // of one rule
inline constexpr int64_t kNearWithinMax = 100;  // folded characters
inline constexpr int64_t kWeighPermilleMax = 2000;
inline constexpr size_t kCountLeast = 2, kCountMax = 20;  // of `at_least`
inline constexpr size_t kFromNamesMax = 1000;             // platforms or channels of a rule

// One entry of a word list: a word, `$list`, {re: ...}, or {file: ...} with a word a line.
struct Item {
  enum class Kind : uint8_t { Word, List, Expression, File };
  Kind kind = Kind::Word;
  std::string text;  // without the `$`
  Place place;
};

// A named list, of a pack or of lists.yaml. Its items are words, other lists and files of words.
struct WordList {
  std::string name;
  std::vector<Item> items;
  Place place;
};

// Two words with at most `within` characters between them.
struct Near {
  std::vector<Item> words, of;
  int64_t within = 0;
  Place place;
};

// At least so many different ones of these words.
struct Count {
  std::vector<Item> words;
  int64_t at_least = 0;
  Place place;
};

// The conditions of a rule; what they mean is said in verdict.h.
struct When {
  std::vector<Item> any, all, none, except;
  std::optional<Near> near;
  std::optional<Count> count;
  std::vector<core::Kind> kinds;                 // empty: every kind
  std::vector<std::string> platforms, channels;  // empty: all
};

// How far a word may differ from how it is written here.
enum class Fold : uint8_t { Strict, Standard, Aggressive };

// Shadow: counted, never told. Off: read and tested, but not judged.
enum class Mode : uint8_t { Active, Shadow, Off };

// What a rule is about; decides which families its hits fall to.
enum class Subject : uint8_t { Product, Brand, Merchant, Store, Courier, Order, Customer };

struct Weigh {  // permille added to a hit's weight of 1000
  int64_t image = 0, group_leader = 0, own_staff = 0, forward = 0;
};

// A text that the rule must hit or must miss.
struct Example {
  std::string text;
  bool hit = false;
  Place place;
};

// One rule. `department` and `stage` replace the issue's, `owner` the pack's when they are not
// empty. It holds for events taken at valid_from and later, up to but without valid_to.
struct RuleText {
  std::string id, name, issue, department, stage, ladder, owner, runbook;
  core::Level level = core::Level::Blue;
  Subject subject = Subject::Product;
  Fold fold = Fold::Standard;
  Mode mode = Mode::Active;
  core::Time valid_from = core::kTimeMin, valid_to = core::kTimeMax;
  When when;
  Weigh weigh;
  std::vector<Example> tests;
  bool broken = false;  // something in it could not be read
  Place place;          // of the id
  Place issue_place, department_place, stage_place, ladder_place, when_place, valid_place;
  Place mode_place;  // without a file when it is not said
};

struct Pack {
  std::string id, owner;
  std::vector<WordList> lists;
  std::vector<RuleText> rules;
  Place place;
};

// What is good of the file; every mistake is in `findings`.
Pack read_pack(const SourceFile& file, Findings& findings);
std::vector<WordList> read_lists(const SourceFile& file, Findings& findings);  // lists.yaml

Schema pack_schema();  // the keys of every object of a pack
Schema lists_schema();

// The words of a file of words: one a line; what follows a # and empty lines do not count.
std::vector<Item> read_word_file(const SourceFile& file, Findings& findings);

}  // namespace rules
