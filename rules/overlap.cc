// Which rules repeat others. Every pair cannot be compared: candidates are rules that share a rare
// pattern, or that have the very same patterns.
#include <algorithm>
#include <map>

#include "rules/hygiene.h"

namespace rules {

namespace {

constexpr size_t kSharersMax = 64;  // a pattern of more rules than this says nothing about two

void append(PatternSet& all, const PatternSet& some) {
  all.insert(all.end(), some.begin(), some.end());
}

// What can make it fire.
PatternSet triggers_of(const Rule& rule) {
  PatternSet all = rule.any;
  append(all, rule.near_words);
  append(all, rule.near_of);
  append(all, rule.count);
  if (all.empty())
    for (const PatternSet& set : rule.all) append(all, set);
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// The same kinds of conditions, and whatever narrows them the same: otherwise words in common say
// little.
bool alike(const Rule& a, const Rule& b) {
  const bool narrowed = !a.any.empty() || !a.near_words.empty() || !a.count.empty();
  return a.subject == b.subject && a.any.empty() == b.any.empty() &&
         a.near_words.empty() == b.near_words.empty() && a.count.empty() == b.count.empty() &&
         a.all.size() == b.all.size() && (!narrowed || a.all == b.all) &&
         (a.near_within == b.near_within || a.near_words.empty()) &&
         a.count_at_least == b.count_at_least;
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() || std::ranges::any_of(a, [&](const std::string& name) {
           return std::ranges::find(b, name) != b.end();
         });
}

// Whether some message is looked at by both.
bool meet(const Rule& a, const Rule& b) {
  return (a.kinds & b.kinds) != 0 && a.valid_from < b.valid_to && b.valid_from < a.valid_to &&
         a.mode != Mode::Off && b.mode != Mode::Off && share(a.platforms, b.platforms) &&
         share(a.channels, b.channels);
}

class Overlaps {
 public:
  Overlaps(const Program& program, Findings& findings) : program_(program), findings_(findings) {
    for (const Rule& rule : program.rules) sets_.push_back(triggers_of(rule));
  }

  void run() {
    std::map<uint32_t, std::vector<uint32_t>> sharers;
    std::map<PatternSet, uint32_t> first_with;
    for (uint32_t i = 0; i < sets_.size(); ++i) {
      std::vector<uint32_t> candidates;
      if (const auto [it, added] = first_with.emplace(sets_[i], i); !added)
        candidates.push_back(it->second);
      for (const uint32_t pattern : sets_[i]) {
        std::vector<uint32_t>& rules = sharers[pattern];
        if (rules.size() >= kSharersMax) continue;
        candidates.insert(candidates.end(), rules.begin(), rules.end());
        rules.push_back(i);
      }
      std::ranges::sort(candidates);
      candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
      if (!compare(i, candidates)) return;
    }
  }

 private:
  // False when there is too much to compare.
  bool compare(uint32_t i, const std::vector<uint32_t>& candidates) {
    uint32_t nearest = i;
    int64_t best = 0;
    for (const uint32_t other : candidates) {
      steps_ += sets_[i].size() + sets_[other].size();
      if (steps_ > kOverlapStepsMax) {
        findings_.warning({}, "overlap-unfinished",
                          both("规则太多，没有全部比较有无重复",
                               "too many rules to compare all of them for overlaps"));
        return false;
      }
      const int64_t common = common_permille(i, other);
      if (common > best) {
        best = common;
        nearest = other;
      }
    }
    if (nearest != i) tell(i, nearest, best);
    return true;
  }

  // Of the words of both; 1000 when one has no others. 0: they are no repetition.
  int64_t common_permille(uint32_t i, uint32_t other) const {
    const Rule &a = program_.rules[i], &b = program_.rules[other];
    if (!alike(a, b) || !meet(a, b)) return 0;
    const PatternSet &x = sets_[i], &y = sets_[other];
    PatternSet both_have;
    std::ranges::set_intersection(x, y, std::back_inserter(both_have));
    const auto common = static_cast<int64_t>(both_have.size());
    const auto smaller = static_cast<int64_t>(std::min(x.size(), y.size()));
    const auto together = static_cast<int64_t>(x.size() + y.size()) - common;
    if (common == smaller) return 1000;
    const int64_t permille = common * 1000 / together;
    return permille >= kOverlapPermille ? permille : 0;
  }

  void tell(uint32_t i, uint32_t other, int64_t permille) {
    const Rule &rule = program_.rules[i], &near = program_.rules[other];
    const std::string percent = std::to_string(permille / 10) + " %";
    std::string place = near.place.file != nullptr ? near.place.file->name : "";
    place = place.substr(place.rfind('/') + 1) + ":" + std::to_string(near.place.line);
    const std::string shown = quoted(near.id) + " (" + place + ")";
    const bool whole = permille == 1000;
    findings_.warning(rule.place, "overlapping-rule",
                      both((whole ? "词全在 " + shown + " 里，或全包含它的词"
                                  : "与 " + shown + " 有 " + percent + " 的词相同") +
                               "：并成一条，或各写清楚",
                           whole ? "one of this rule and " + shown + " has all words of the other"
                                 : percent + " of the words are those of " + shown));
  }

  const Program& program_;
  Findings& findings_;
  std::vector<PatternSet> sets_;
  size_t steps_ = 0;
};

}  // namespace

void check_overlaps(const Program& program, Findings& findings) {
  Overlaps(program, findings).run();
}

}  // namespace rules
