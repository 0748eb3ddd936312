// The matcher and the verdict against a reference that is obviously right: it looks for every word
// at every place of the folded text and reads the conditions off the rule as they are written.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "core/text/utf8.h"
#include "rules/matcher.h"
#include "rules/stands.h"
#include "rules/verdict.h"

using core::text::Folded;
using rules::Match;
using rules::PatternSet;
using rules::Rule;

namespace {

// Few characters, so that words overlap, contain each other and repeat.
constexpr std::u32string_view kCharacters = U"过期没用待了牛奶护照ab12";
constexpr std::u32string_view kBetween = U" *.，！　";

template <typename T>
T pick(std::mt19937& random, T low, T high) {
  return low + static_cast<T>(random() % static_cast<uint32_t>(high - low + 1));
}

std::u32string random_word(std::mt19937& random) {
  std::u32string word;
  for (size_t n = pick<size_t>(random, 2, 4); word.size() < n;)
    word += kCharacters[random() % kCharacters.size()];
  return word;
}

std::string random_text(std::mt19937& random, const std::vector<std::u32string>& words) {
  std::u32string text;
  for (size_t n = pick<size_t>(random, 1, 12); n > 0; --n) {
    if (random() % 3 == 0)
      text += kCharacters[random() % kCharacters.size()];
    else
      text += words[random() % words.size()];
    if (random() % 4 == 0) text.insert(random() % (text.size() + 1), 1, kBetween[random() % 6]);
  }
  return core::text::to_utf8(text);
}

// ---- the reference ----

bool same_token(char32_t a, char32_t b) {
  const auto digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };
  const auto letter = [](char32_t c) { return c >= U'a' && c <= U'z'; };
  return (digit(a) && digit(b)) || (letter(a) && letter(b));
}

std::vector<Match> raw_matches(const Folded& text, const std::vector<std::u32string>& words) {
  std::vector<Match> all;
  for (uint32_t at = 0; at < text.chars.size(); ++at)
    for (uint32_t w = 0; w < words.size(); ++w)
      if (text.chars.compare(at, words[w].size(), words[w]) == 0)
        all.push_back({at, at + static_cast<uint32_t>(words[w].size()), w});
  return all;
}

bool obviously_stands(const Folded& text, const Match& m, const std::vector<Match>& raw) {
  const auto glued = [&](size_t i) {
    return i > 0 && i < text.chars.size() && text.joined[i] == core::text::kAdjacent &&
           same_token(text.chars[i - 1], text.chars[i]);
  };
  if (glued(m.begin) || glued(m.end)) return false;
  for (uint32_t i = m.begin + 1; i < m.end; ++i) {
    if (text.joined[i] != core::text::kSpaced) continue;
    bool beyond = core::text::known_word_begins(text.chars, i);
    bool within = core::text::known_word_begins(text.chars.substr(0, m.end), i);
    for (const Match& other : raw) {
      beyond = beyond || (other.begin == i && other.end > m.end);
      within = within || (other.begin == i && other.end <= m.end);
    }
    if (beyond && !within) return false;
  }
  return true;
}

std::vector<Match> obvious_matches(const Folded& text, const std::vector<std::u32string>& words) {
  const std::vector<Match> raw = raw_matches(text, words);
  std::vector<Match> standing;
  for (const Match& m : raw)
    if (obviously_stands(text, m, raw)) {
      standing.push_back(m);
      for (uint32_t i = m.begin + 1; i < m.end; ++i)
        if (text.joined[i] != core::text::kAdjacent) standing.back().tricks |= rules::kRemoved;
      for (uint32_t i = m.begin; i < m.end; ++i)
        if (std::count(text.look_alikes.begin(), text.look_alikes.end(), i) != 0)
          standing.back().tricks |= rules::kLetters;
    }
  std::sort(standing.begin(), standing.end());
  return standing;
}

bool contains(const PatternSet& set, uint32_t id) {
  return std::find(set.begin(), set.end(), id) != set.end();
}

std::vector<Match> of(const std::vector<Match>& matches, const PatternSet& set) {
  std::vector<Match> some;
  for (const Match& m : matches)
    if (contains(set, m.pattern)) some.push_back(m);
  return some;
}

bool obviously_fires(const Rule& rule, const std::vector<Match>& matches) {
  std::vector<Match> unmasked;
  for (const Match& m : matches) {
    bool masked = false;
    for (const Match& phrase : of(matches, rule.except))
      masked = masked || (phrase.begin <= m.begin && m.end <= phrase.end);
    if (!masked) unmasked.push_back(m);
  }
  bool near = false;
  for (const Match& a : of(unmasked, rule.near_words))
    for (const Match& b : of(unmasked, rule.near_of)) {
      if (a.end <= b.begin && b.begin - a.end <= rule.near_within) near = true;
      if (b.end <= a.begin && a.begin - b.end <= rule.near_within) near = true;
    }
  bool all = true;
  for (const PatternSet& set : rule.all) all = all && !of(unmasked, set).empty();
  const bool asks = !rule.any.empty() || !rule.near_words.empty();
  const bool triggered = !of(unmasked, rule.any).empty() || near || !asks;
  return triggered && all && of(unmasked, rule.none).empty();
}

// ---- random rules ----

PatternSet random_set(std::mt19937& random, size_t words, size_t most) {
  PatternSet set;
  for (size_t n = pick<size_t>(random, 1, most); n > 0; --n)
    set.push_back(static_cast<uint32_t>(random() % words));
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

Rule random_rule(std::mt19937& random, size_t words) {
  Rule rule;
  if (random() % 4 != 0) rule.any = random_set(random, words, 4);
  if (random() % 2 == 0) rule.except = random_set(random, words, 3);
  if (random() % 3 == 0) rule.none = random_set(random, words, 2);
  if (random() % 3 == 0) {
    rule.near_words = random_set(random, words, 3);
    rule.near_of = random_set(random, words, 3);
    rule.near_within = pick<uint32_t>(random, 0, 6);
  }
  const bool needs_all = rule.any.empty() && rule.near_words.empty();
  for (size_t n = pick<size_t>(random, needs_all ? 1 : 0, 2); n > 0; --n)
    rule.all.push_back(random_set(random, words, 3));
  return rule;
}

std::vector<std::u32string> random_words(std::mt19937& random) {
  std::vector<std::u32string> words = {U"过期", U"没过期", U"期待", U"ab", U"12"};
  while (words.size() < 14) {
    const std::u32string word = random_word(random);
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  return words;
}

}  // namespace

TEST_CASE("10,000 random texts and rules: matches and verdicts are those of the naive reference") {
  std::mt19937 random(20260310);
  size_t fired = 0, matched = 0;
  std::optional<rules::Scanner> scanner;
  std::vector<std::u32string> words;
  for (int round = 0; round < 10'000; ++round) {
    if (round % 100 == 0) {
      words = random_words(random);
      rules::CompileError error;
      const auto matcher = rules::Matcher::create(words, {}, error);
      REQUIRE_MESSAGE(matcher != nullptr, error.message);
      scanner.emplace(matcher);
    }
    const std::string text = random_text(random, words);
    const Rule rule = random_rule(random, words.size());
    Folded folded;
    core::text::fold(text, folded);
    std::vector<Match> matches;
    scanner->scan(folded, matches);
    const std::vector<Match> expected = obvious_matches(folded, words);
    REQUIRE_MESSAGE(matches == expected, "round " << round << ": " << text);
    const bool fires = rules::judge_rule(rule, 0, matches, {}).fires;
    REQUIRE_MESSAGE(fires == obviously_fires(rule, expected), "round " << round << ": " << text);
    fired += fires ? 1 : 0;
    matched += matches.empty() ? 0 : 1;
  }
  CHECK(matched > 5'000);  // the test is about something
  CHECK(fired > 1'000);
  CHECK(fired < 9'000);
}

TEST_CASE("rules found through the index of triggers are those found by asking every rule") {
  std::mt19937 random(20260311);
  for (int round = 0; round < 200; ++round) {
    rules::Vocabulary vocabulary;
    for (const std::u32string& word : random_words(random)) vocabulary.word(word);
    const size_t words = vocabulary.words().size();
    rules::Program program;
    for (int i = 0; i < 20; ++i) program.rules.push_back(random_rule(random, words));
    rules::index_triggers(program, vocabulary);
    rules::CompileError error;
    rules::Scanner scanner(rules::Matcher::create(vocabulary.words(), {}, error));
    Folded folded;
    core::text::fold(random_text(random, vocabulary.words()), folded);
    std::vector<Match> matches;
    scanner.scan(folded, matches);
    std::vector<uint8_t> seen;
    std::vector<rules::Fired> fired;
    core::Event event;
    rules::judge_rules(program, event, matches, {}, seen, fired);
    std::vector<uint32_t> found, expected;
    for (const rules::Fired& f : fired) found.push_back(f.rule);
    for (uint32_t i = 0; i < program.rules.size(); ++i)
      if (obviously_fires(program.rules[i], matches)) expected.push_back(i);
    REQUIRE_MESSAGE(found == expected, "round " << round);
    CHECK(std::count(seen.begin(), seen.end(), 0) == std::ssize(seen));
  }
}

TEST_CASE("a message with more matches than the limit keeps the first ones and counts the rest") {
  rules::CompileError error;
  const auto matcher = rules::Matcher::create({U"过期", U"期过"}, {}, error);
  rules::Scanner scanner(matcher);
  std::string text;
  for (int i = 0; i < 500; ++i) text += "过期";
  Folded folded;
  core::text::fold(text, folded);
  std::vector<Match> matches;
  scanner.scan(folded, matches);
  CHECK(matches.size() == rules::kMatchesMax);
  CHECK(matches.back() == Match{255, 257, 1});
  CHECK(scanner.dropped() == 999 - rules::kMatchesMax);
}
