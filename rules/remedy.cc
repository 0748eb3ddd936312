#include "rules/remedy.h"

#include <algorithm>

namespace rules {

namespace {

using What = Remedy::What;

bool in(const PatternSet& set, uint32_t pattern) {
  return std::ranges::binary_search(set, pattern);
}

Remedy simple(What what) {
  Remedy r;
  r.what = what;
  return r;
}

Remedy with_number(What what, int64_t number) {
  Remedy r = simple(what);
  r.number = number;
  return r;
}

Remedy with_pattern(What what, uint32_t pattern) {
  Remedy r = simple(what);
  r.pattern = pattern;
  return r;
}

// What has to go so that a masked match counts.
std::vector<Remedy> unmask(const Masking& masking) {
  std::vector<Remedy> all;
  for (const Match& phrase : masking.phrases) {
    if (std::ranges::find(all, phrase.pattern, &Remedy::pattern) != all.end()) continue;
    all.push_back(with_pattern(What::WithoutPhrase, phrase.pattern));
    all.back().begin = masking.match.begin;
    all.back().end = masking.match.end;
  }
  for (const MaskedName& name : masking.names) {
    all.push_back(simple(What::WithoutName));
    all.back().begin = name.begin;
    all.back().end = name.end;
  }
  if (masking.written_otherwise) all.push_back(simple(What::LessStrict));
  return all;
}

class Finder {
 public:
  Finder(const Rule& rule, const ConditionTrace& condition) : rule_(rule), c_(condition) {}

  Ways find() {
    switch (c_.part) {
      case Part::Mode:
        return {{simple(What::NotOff)}};
      case Part::ValidFrom:
        return {{simple(What::ValidEarlier)}};
      case Part::ValidTo:
        return {{simple(What::ValidLater)}};
      case Part::Kind:
        return {{simple(What::TakeKind)}};
      case Part::Platform:
        return {{simple(What::TakePlatform)}};
      case Part::Channel:
        return {{simple(What::TakeChannel)}};
      case Part::None:
        without_vetoes();
        break;
      case Part::All:
        with_one_of(rule_.all[c_.item]);
        break;
      case Part::Any:
        with_one_of(rule_.any);
        break;
      case Part::Near:
        nearer();
        break;
      case Part::Count:
        more();
        break;
    }
    return std::move(ways_);
  }

 private:
  void without_vetoes() {
    std::vector<Remedy> all;
    for (const Match& m : c_.found)
      if (std::ranges::find(all, m.pattern, &Remedy::pattern) == all.end())
        all.push_back(with_pattern(What::WithoutVeto, m.pattern));
    ways_.push_back(std::move(all));
  }

  // A word that is there and masked, else one that is not.
  void with_one_of(const PatternSet& set) {
    add_unmasked(set);
    if (const uint32_t word = sayable(set, {}); word != Remedy::kNoPattern)
      ways_.push_back({with_pattern(What::WithWord, word)});
  }

  // Of the masked matches of `set` the one that needs least.
  void add_unmasked(const PatternSet& set) {
    std::vector<Remedy> best;
    for (const Masking& masking : c_.masked) {
      if (!in(set, masking.match.pattern)) continue;
      std::vector<Remedy> way = unmask(masking);
      if (best.empty() || way.size() < best.size()) best = std::move(way);
    }
    if (!best.empty()) ways_.push_back(std::move(best));
  }

  // A word of the set that counts wherever it is said alone, and is none of `not_these`; rather a
  // word than an expression.
  uint32_t sayable(const PatternSet& set, const std::vector<uint32_t>& not_these) const {
    for (const uint32_t pattern : set)  // words have the smaller ids
      if (!in(rule_.except, pattern) && std::ranges::find(not_these, pattern) == not_these.end())
        return pattern;
    return Remedy::kNoPattern;
  }

  struct Candidate {
    Match match;
    const Masking* masking;  // null: it counts
  };
  std::vector<Candidate> candidates(const std::vector<Match>& counting,
                                    const PatternSet& set) const {
    std::vector<Candidate> all;
    for (const Match& m : counting) all.push_back({m, nullptr});
    for (const Masking& masking : c_.masked)
      if (in(set, masking.match.pattern)) all.push_back({masking.match, &masking});
    return all;
  }

  // The pair that is close enough and needs least to count.
  void add_unmasked_pair() {
    std::vector<Remedy> best;
    for (const Candidate& a : candidates(c_.found, rule_.near_words))
      for (const Candidate& b : candidates(c_.found_of, rule_.near_of)) {
        const auto gap = gap_between(a.match, b.match);
        if (!gap || *gap > rule_.near_within) continue;
        std::vector<Remedy> way;
        for (const Candidate* c : {&a, &b}) {
          if (c->masking == nullptr) continue;
          const std::vector<Remedy> more = unmask(*c->masking);
          way.insert(way.end(), more.begin(), more.end());
        }
        if (best.empty() || way.size() < best.size()) best = std::move(way);
      }
    if (!best.empty()) ways_.push_back(std::move(best));
  }

  void nearer() {
    add_unmasked_pair();
    const int64_t within = rule_.near_within;
    if (c_.closest && c_.closest->gap > within) {
      if (c_.closest->gap <= kNearWithinMax)
        ways_.push_back({with_number(What::Within, c_.closest->gap)});
      ways_.push_back({with_number(What::Closer, within)});
      return;
    }
    const bool words = !c_.found.empty(), of = !c_.found_of.empty();
    if (words) return beside(c_.found.front(), rule_.near_of);
    if (of) return beside(c_.found_of.front(), rule_.near_words);
    const uint32_t word = sayable(rule_.near_words, {}), other = sayable(rule_.near_of, {});
    if (word == Remedy::kNoPattern || other == Remedy::kNoPattern) return;
    Remedy second = with_pattern(What::WithWordBeside, other);
    second.beside = word;
    second.number = within;
    ways_.push_back({with_pattern(What::WithWord, word), second});
  }

  void beside(const Match& said, const PatternSet& other_side) {
    const uint32_t word = sayable(other_side, {});
    if (word == Remedy::kNoPattern) return;
    Remedy r = with_pattern(What::WithWordBeside, word);
    r.beside = said.pattern;
    r.begin = said.begin;
    r.end = said.end;
    r.number = rule_.near_within;
    ways_.push_back({r});
  }

  void more() {
    const size_t n = c_.different.size();
    if (n >= kCountLeast) ways_.push_back({with_number(What::AtLeast, static_cast<int64_t>(n))});
    std::vector<Remedy> words;
    std::vector<uint32_t> said = c_.different;
    while (said.size() < rule_.count_at_least) {
      const uint32_t word = sayable(rule_.count, said);
      if (word == Remedy::kNoPattern) return;
      words.push_back(with_pattern(What::WithWord, word));
      said.push_back(word);
    }
    ways_.push_back(std::move(words));
  }

  const Rule& rule_;
  const ConditionTrace& c_;
  Ways ways_;
};

bool one_is_enough(Part part) {
  return part == Part::Any || part == Part::Near || part == Part::Count;
}

}  // namespace

Ways remedies(const Rule& rule, const ConditionTrace& condition) {
  return condition.holds ? Ways{} : Finder(rule, condition).find();
}

std::vector<Failure> failures(const RuleTrace& trace) {
  std::vector<Failure> all;
  Failure either;
  bool either_holds = false;
  for (const ConditionTrace& c : trace.conditions) {
    if (one_is_enough(c.part)) {
      either.conditions.push_back(&c);
      either_holds = either_holds || c.holds;
    } else if (!c.holds) {
      all.push_back({{&c}});
    }
  }
  if (!either_holds && !either.conditions.empty()) all.push_back(std::move(either));
  return all;
}

}  // namespace rules
