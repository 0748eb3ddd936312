#pragma once
// Program: the rules of all packs with their lists, issues and ladders looked up: what verdict.h
// runs on the matches of a message.
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/level.h"
#include "rules/pack.h"
#include "rules/policy_files.h"
#include "rules/vocabulary.h"

namespace rules {

using PatternSet = std::vector<uint32_t>;  // pattern ids, ascending

struct Rule {
  std::string id, name, issue, department, stage, ladder, owner, runbook;
  core::Level level = core::Level::Blue;
  Subject subject = Subject::Product;
  bool exposure_threat = false;
  Fold fold = Fold::Standard;
  Mode mode = Mode::Active;
  core::Time valid_from = core::kTimeMin, valid_to = core::kTimeMax;  // [from, to), by event time
  uint32_t kinds = ~0u;                          // bit 1 << Kind: the kinds of messages it looks at
  std::vector<std::string> platforms, channels;  // it looks at; empty: all
  Weigh weigh;

  // It fires on: (a match of `any`, or a pair of `near`, or enough different words of `count`) and
  // one match of each set of `all` and none of `none`; matches inside a match of `except` do not
  // count. With neither `any` nor `near` nor `count`, `all` alone decides.
  PatternSet any, none, except, near_words, near_of, count;
  std::vector<PatternSet> all;
  uint32_t near_within = 0, count_at_least = 0;

  std::vector<Example> tests;
  Place place;
};

// A courier's name and its short forms, the first one names the family.
struct Courier {
  std::vector<std::string> names;
};

struct Program {
  std::vector<Rule> rules;  // sorted by id
  PatternSet advertising;   // shared list `advertising`
  std::vector<Courier> couriers;

  // The rules that a match of a word or an expression can make fire.
  std::vector<std::vector<uint32_t>> word_rules, expression_rules;
  std::map<uint32_t, std::vector<uint32_t>> guise_rules;  // the same of guises, by pattern id
  PatternSet guise_words;  // words of rules with `fold: aggressive`, scanned for in disguise too

  // Names that would make a rule fire by themselves (a shop called 临期特卖店): the rule does not
  // count what lies inside such a name. Word id -> rules. Filled by the loader.
  std::map<uint32_t, std::vector<uint32_t>> name_masks;
};

struct ProgramSources {
  const std::vector<Pack>& packs;
  const std::vector<WordList>& shared_lists;
  // By pack id, "" for the shared lists: file as written -> its words.
  const std::map<std::string, std::map<std::string, std::vector<Item>, std::less<>>, std::less<>>&
      word_files;
  const Taxonomy& taxonomy;
  const std::map<std::string, core::Ladder, std::less<>>& ladders;
};

// Looks everything up, folds the words into `vocabulary` and reports what is wrong; a rule with an
// error is left out.
Program link(const ProgramSources& sources, Vocabulary& vocabulary, Findings& findings);

// Fills word_rules and expression_rules. REQUIRES: no rule or word is added afterwards.
void index_triggers(Program& program, const Vocabulary& vocabulary);

}  // namespace rules
