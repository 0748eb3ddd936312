// What is explained is what is judged: the traced verdict equals the verdict on thousands of random
// rules and messages, and every remedy that is told makes its condition hold.
#include "rules/remedy.h"
#include "rules/trick.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "rules/vocabulary.h"

using rules::ConditionTrace;
using rules::MaskedName;
using rules::Match;
using rules::Part;
using rules::PatternSet;
using rules::Remedy;
using rules::Rule;
using What = rules::Remedy::What;

namespace {

constexpr uint32_t kPatterns = 14, kTextChars = 40;

uint32_t length_of(uint32_t pattern) { return 2 + pattern % 3; }

// A rule, a message, and what was found in it.
struct Case {
  Rule rule;
  core::Event event;
  std::vector<Match> matches;
  std::vector<MaskedName> names;
};

uint32_t below(std::mt19937& random, uint32_t n) { return static_cast<uint32_t>(random() % n); }

PatternSet random_set(std::mt19937& random, uint32_t most) {
  PatternSet set;
  for (uint32_t n = 1 + below(random, most); n > 0; --n) set.push_back(below(random, kPatterns));
  std::ranges::sort(set);
  set.erase(std::unique(set.begin(), set.end()), set.end());
  return set;
}

void restrict_looks(std::mt19937& random, Rule& rule) {
  if (below(random, 4) == 0) rule.kinds = 1u << below(random, 4);
  if (below(random, 6) == 0) rule.valid_from = core::from_ms(below(random, 100));
  if (below(random, 6) == 0) rule.valid_to = core::from_ms(below(random, 100));
  if (below(random, 6) == 0) rule.platforms = {"wechat"};
  if (below(random, 6) == 0) rule.channels = {"g1", "g2"};
  if (below(random, 5) == 0) rule.mode = rules::Mode::Shadow;
}

Rule random_rule(std::mt19937& random) {
  Rule rule;
  rule.id = "r";
  if (below(random, 2) == 0) rule.any = random_set(random, 3);
  if (below(random, 2) == 0) rule.except = random_set(random, 3);
  if (below(random, 3) == 0) rule.none = random_set(random, 2);
  if (below(random, 3) == 0) {
    rule.near_words = random_set(random, 3);
    rule.near_of = random_set(random, 3);
    rule.near_within = below(random, 8);
  }
  if (below(random, 3) == 0) {
    rule.count = random_set(random, 6);
    rule.count_at_least = 2 + below(random, 3);
  }
  const bool needs_all = rule.any.empty() && rule.near_words.empty() && rule.count.empty();
  for (uint32_t n = below(random, 3) + (needs_all ? 1 : 0); n > 0; --n)
    rule.all.push_back(random_set(random, 3));
  if (below(random, 4) == 0) rule.fold = rules::Fold::Strict;
  restrict_looks(random, rule);
  return rule;
}

Case random_case(std::mt19937& random) {
  static const std::vector<uint32_t> kThisRule = {0};
  Case c;
  c.rule = random_rule(random);
  c.event.kind = static_cast<core::Kind>(below(random, 4));
  c.event.at = core::from_ms(below(random, 100));
  c.event.platform = below(random, 2) == 0 ? "wechat" : "weibo";
  c.event.channel_id = "g" + std::to_string(below(random, 4));
  for (uint32_t n = below(random, 9); n > 0; --n) {
    const uint32_t begin = below(random, kTextChars), pattern = below(random, kPatterns);
    c.matches.push_back({begin, begin + length_of(pattern), pattern});
    if (below(random, 3) == 0) c.matches.back().tricks = rules::kRemoved;
  }
  std::ranges::sort(c.matches);
  c.matches.erase(std::unique(c.matches.begin(), c.matches.end()), c.matches.end());
  if (below(random, 4) == 0) {
    const uint32_t begin = below(random, kTextChars);
    c.names.push_back({begin, begin + 6, &kThisRule});
  }
  return c;
}

rules::Firing traced(const Case& c, rules::RuleTrace& trace) {
  return rules::trace_rule(c.rule, 0, c.event, c.matches, c.names, trace);
}

// Whether the condition that `failed` is holds now; one that the rule no longer has holds.
bool holds_now(const Case& c, const ConditionTrace& failed) {
  rules::RuleTrace trace;
  traced(c, trace);
  for (const ConditionTrace& now : trace.conditions)
    if (now.part == failed.part && now.item == failed.item) return now.holds;
  return true;
}

uint32_t end_of(const Case& c) {
  uint32_t end = kTextChars;
  for (const Match& m : c.matches) end = std::max(end, m.end);
  for (const MaskedName& n : c.names) end = std::max(end, n.end);
  return end;
}

void add_match(Case& c, uint32_t begin, uint32_t pattern) {
  c.matches.push_back({begin, begin + length_of(pattern), pattern});
  std::ranges::sort(c.matches);
}

// Makes room for `n` characters at `at`, or takes them out (n < 0); what reached across is gone.
void move_text(Case& c, uint32_t at, int64_t n) {
  const uint32_t cut = n < 0 ? static_cast<uint32_t>(-n) : 0;
  const auto broken = [&](const auto& m) { return m.begin < at + cut && m.end > at; };
  const auto move = [&](auto& m) {
    if (m.begin < at + cut) return;
    m.begin = static_cast<uint32_t>(m.begin + n);
    m.end = static_cast<uint32_t>(m.end + n);
  };
  std::erase_if(c.matches, broken);
  std::erase_if(c.names, broken);
  std::ranges::for_each(c.matches, move);
  std::ranges::for_each(c.names, move);
}

void take_out(PatternSet& set, uint32_t pattern) { std::erase(set, pattern); }

void apply(const Remedy& remedy, const ConditionTrace& failed, Case& c) {
  switch (remedy.what) {
    case What::NotOff:
      c.rule.mode = rules::Mode::Active;
      break;
    case What::ValidEarlier:
      c.rule.valid_from = c.event.at;
      break;
    case What::ValidLater:
      c.rule.valid_to = c.event.at + core::Millis(1);
      break;
    case What::TakeKind:
      c.rule.kinds |= 1u << static_cast<unsigned>(c.event.kind);
      break;
    case What::TakePlatform:
      c.rule.platforms.push_back(c.event.platform);
      break;
    case What::TakeChannel:
      c.rule.channels.push_back(c.event.channel_id);
      break;
    case What::WithoutVeto:
      take_out(c.rule.none, remedy.pattern);
      break;
    case What::WithoutPhrase:
      take_out(c.rule.except, remedy.pattern);
      break;
    case What::WithoutName:
      std::erase_if(c.names, [&](const MaskedName& n) {
        return n.begin == remedy.begin && n.end == remedy.end;
      });
      break;
    case What::LessStrict:
      c.rule.fold = rules::Fold::Standard;
      break;
    case What::WithWord:
      add_match(c, end_of(c) + 1, remedy.pattern);
      break;
    case What::WithWordBeside: {
      uint32_t at = remedy.end;
      if (at == 0) at = c.matches.back().end;  // beside the word that was just added
      move_text(c, at, length_of(remedy.pattern));
      add_match(c, at, remedy.pattern);
      break;
    }
    case What::Within:
      c.rule.near_within = static_cast<uint32_t>(remedy.number);
      break;
    case What::Closer: {
      const ConditionTrace::Pair& pair = *failed.closest;
      move_text(c, std::min(pair.word.end, pair.of.end), remedy.number - pair.gap);
      break;
    }
    case What::AtLeast:
      c.rule.count_at_least = static_cast<uint32_t>(remedy.number);
      break;
  }
}

bool judged(const Case& c) {
  rules::Vocabulary vocabulary;
  for (uint32_t i = 0; i < kPatterns; ++i)
    vocabulary.word({static_cast<char32_t>(U'一' + i), U'字'});
  rules::Program program;
  program.rules = {c.rule};
  rules::index_triggers(program, vocabulary);
  std::vector<uint8_t> seen;
  std::vector<rules::Fired> fired;
  rules::judge_rules(program, c.event, c.matches, c.names, seen, fired);
  return !fired.empty();
}

}  // namespace

TEST_CASE("20,000 random rules and messages: the traced verdict is the verdict") {
  std::mt19937 random(20261130);
  size_t fires = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Case c = random_case(random);
    rules::RuleTrace trace;
    const rules::Firing firing = traced(c, trace);
    REQUIRE_MESSAGE(firing.fires == judged(c), "round " << round);
    // What the conditions say adds up to the same answer.
    REQUIRE_MESSAGE(firing.fires == rules::failures(trace).empty(), "round " << round);
    if (firing.fires)
      REQUIRE(firing.begin == rules::judge_rule(c.rule, 0, c.matches, c.names).begin);
    fires += firing.fires ? 1 : 0;
  }
  CHECK(fires > 1'000);  // the test is about something
  CHECK(fires < 19'000);
}

TEST_CASE("20,000 random rules and messages: every remedy told makes its condition hold") {
  std::mt19937 random(20261131);
  size_t tried[static_cast<size_t>(What::AtLeast) + 1] = {};
  for (int round = 0; round < 20'000; ++round) {
    const Case c = random_case(random);
    rules::RuleTrace trace;
    traced(c, trace);
    for (const ConditionTrace& condition : trace.conditions) {
      const rules::Ways ways = rules::remedies(c.rule, condition);
      REQUIRE((ways.empty() || !condition.holds));
      for (const std::vector<Remedy>& way : ways) {
        REQUIRE_FALSE(way.empty());
        Case mended = c;
        for (const Remedy& remedy : way) {
          apply(remedy, condition, mended);
          ++tried[static_cast<size_t>(remedy.what)];
        }
        REQUIRE_MESSAGE(holds_now(mended, condition),
                        "round " << round << ", " << static_cast<int>(condition.part) << " by "
                                 << static_cast<int>(way.front().what));
      }
    }
  }
  for (size_t what = 1; what < std::size(tried); ++what) {  // no rule is off here
    CAPTURE(what);
    CHECK(tried[what] > 20);
  }
}

TEST_CASE("one remedy after the other makes a rule fire, or it says that nothing helps") {
  std::mt19937 random(20261132);
  size_t mended = 0, hopeless = 0;
  for (int round = 0; round < 5'000; ++round) {
    Case c = random_case(random);
    for (int step = 0; step < 12; ++step) {
      rules::RuleTrace trace;
      if (traced(c, trace).fires) break;
      const auto failed = rules::failures(trace);
      REQUIRE_FALSE(failed.empty());
      const ConditionTrace& first = *failed.front().conditions.front();
      const rules::Ways ways = rules::remedies(c.rule, first);
      if (ways.empty()) break;
      const ConditionTrace copy = first;
      for (const Remedy& remedy : ways.front()) apply(remedy, copy, c);
    }
    rules::RuleTrace trace;
    (traced(c, trace).fires ? mended : hopeless) += 1;
  }
  CHECK(mended > 4'000);
  CHECK(hopeless < 1'000);
}
