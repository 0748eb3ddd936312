#include "rules/trial.h"

#include <algorithm>

#include "core/check.h"
#include "rules/stands.h"

namespace rules {

namespace {

void insert(PatternSet& set, uint32_t pattern) {
  const auto place = std::ranges::lower_bound(set, pattern);
  if (place == set.end() || *place != pattern) set.insert(place, pattern);
}

}  // namespace

Trial::Trial(const LoadedBook& book, uint32_t rule)
    : book_(book), index_(rule), look_(book), rule_(book.program_.rules[rule]) {}

std::optional<size_t> Trial::add(const std::string& text) {
  look_.at(text);
  for (const Message& known : texts_)
    if (known.folded.chars == look_.folded().chars) return std::nullopt;
  texts_.push_back({look_.text(), look_.folded(), look_.matches(), look_.naming().masks});
  for (Phrase& phrase : phrases_) {
    phrase.found.emplace_back();
    find(phrase, texts_.size() - 1);
  }
  return texts_.size() - 1;
}

std::vector<Match> Trial::counting(size_t i) const {
  const Message& m = texts_[i];
  return counting_matches(book_.program_.rules[index_], index_, m.matches, m.names);
}

uint32_t Trial::phrase(const std::u32string& folded) {
  const auto known = std::ranges::find(phrases_, folded, &Phrase::word);
  if (known != phrases_.end()) return static_cast<uint32_t>(known - phrases_.begin());
  Phrase phrase;
  phrase.word = folded;
  phrase.pattern = static_cast<uint32_t>(book_.words_.size() + phrases_.size());
  phrase.found.resize(texts_.size());
  for (size_t i = 0; i < texts_.size(); ++i) find(phrase, i);
  phrases_.push_back(std::move(phrase));
  return static_cast<uint32_t>(phrases_.size() - 1);
}

void Trial::find(Phrase& phrase, size_t i) const {
  const Message& m = texts_[i];
  const std::u32string& chars = m.folded.chars;
  for (size_t at = chars.find(phrase.word); at != std::u32string::npos;
       at = chars.find(phrase.word, at + 1)) {
    const Match match{static_cast<uint32_t>(at), static_cast<uint32_t>(at + phrase.word.size()),
                      phrase.pattern};
    if (stands(m.folded, match, m.matches)) phrase.found[i].push_back(match);
  }
}

bool Trial::holds(size_t i, uint32_t phrase) const { return !phrases_[phrase].found[i].empty(); }

void Trial::put(PatternSet Rule::*set, uint32_t phrase) {
  insert(rule_.*set, phrases_[phrase].pattern);
  in_use_.push_back(phrase);
}

void Trial::take(PatternSet Rule::*set, uint32_t phrase) {
  std::erase(rule_.*set, phrases_[phrase].pattern);
  const auto used = std::ranges::find(in_use_, phrase);
  INVARIANT(used != in_use_.end());
  in_use_.erase(used);
}

void Trial::put_word(uint32_t pattern) { insert(rule_.any, pattern); }
void Trial::take_word(uint32_t pattern) { std::erase(rule_.any, pattern); }

bool Trial::fires(size_t i) const {
  const Message& m = texts_[i];
  std::vector<Match> matches;
  for (const uint32_t phrase : in_use_)
    matches.insert(matches.end(), phrases_[phrase].found[i].begin(),
                   phrases_[phrase].found[i].end());
  if (matches.empty()) return judge_rule(rule_, index_, m.matches, m.names).fires;
  matches.insert(matches.end(), m.matches.begin(), m.matches.end());
  std::ranges::sort(matches);
  if (matches.size() > kMatchesMax) matches.resize(kMatchesMax);
  return judge_rule(rule_, index_, matches, m.names).fires;
}

}  // namespace rules
