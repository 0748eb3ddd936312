#include "rules/verdict.h"

#include <algorithm>
#include <array>
#include <bitset>

namespace rules {

namespace {

constexpr int64_t kBasePermille = 1000, kWeightMax = 2000;

bool in(const PatternSet& set, const Match& m) {
  return std::ranges::binary_search(set, m.pattern);
}

bool inside(const Match& inner, uint32_t begin, uint32_t end) {
  return begin <= inner.begin && inner.end <= end;
}

// One rule on one message. A match counts unless it is masked: a word that lies inside an excepted
// phrase, an expression that touches one (what is masked cannot take part in a match), or anything
// inside a name that would fire the rule by itself.
class OneRule {
 public:
  OneRule(const Rule& rule, uint32_t index, std::span<const Match> matches,
          std::span<const MaskedName> names)
      : rule_(rule), matches_(matches) {
    mask_exceptions();
    if (rule_.fold == Fold::Strict)
      for (size_t i = 0; i < matches_.size(); ++i)
        if (matches_[i].tricks != 0) masked_.set(i);
    for (const MaskedName& name : names) {
      if (!std::ranges::binary_search(*name.rules, index)) continue;
      for (size_t i = 0; i < matches_.size(); ++i)
        if (inside(matches_[i], name.begin, name.end)) masked_.set(i);
    }
  }

  // The matches that count for `any`, `all`, `near` and `count`.
  std::vector<Match> counting() const {
    std::vector<Match> found;
    for (size_t i = 0; i < matches_.size(); ++i) {
      const Match& m = matches_[i];
      const auto of = [&](const PatternSet& set) { return in(set, m); };
      if (!masked_[i] && (of(rule_.any) || of(rule_.near_words) || of(rule_.near_of) ||
                          of(rule_.count) || std::ranges::any_of(rule_.all, of)))
        found.push_back(m);
    }
    return found;
  }

  Firing run() const {
    if (first(rule_.none) != nullptr) return {};
    for (const PatternSet& set : rule_.all)
      if (first(set) == nullptr) return {};
    const bool near = !rule_.near_words.empty(), count = !rule_.count.empty();
    if (const Match* m = first(rule_.any)) return {true, m->begin};
    if (near)
      if (const Match* m = first_pair()) return {true, m->begin};
    if (count)
      if (const Match* m = enough_words()) return {true, m->begin};
    if (!rule_.any.empty() || near || count || rule_.all.empty()) return {};
    return {true, first(rule_.all.front())->begin};
  }

 private:
  void mask_exceptions() {
    if (rule_.except.empty()) return;
    for (const Match& phrase : matches_) {
      if (!in(rule_.except, phrase)) continue;
      for (size_t i = 0; i < matches_.size(); ++i) {
        const Match& m = matches_[i];
        const bool touches = phrase.begin < m.end && m.begin < phrase.end;
        if (m.is_expression() ? touches : inside(m, phrase.begin, phrase.end)) masked_.set(i);
      }
    }
  }

  const Match* first(const PatternSet& set) const {
    if (set.empty()) return nullptr;
    for (size_t i = 0; i < matches_.size(); ++i)
      if (!masked_[i] && in(set, matches_[i])) return &matches_[i];
    return nullptr;
  }

  // The first match of `near.words` with one of `near.of` close enough, in either order. Words that
  // overlap are no pair.
  const Match* first_pair() const {
    for (size_t i = 0; i < matches_.size(); ++i)
      if (!masked_[i] && in(rule_.near_words, matches_[i]) && has_partner(matches_[i]))
        return &matches_[i];
    return nullptr;
  }

  bool has_partner(const Match& a) const {
    const uint32_t reach = rule_.near_within + static_cast<uint32_t>(kWordCharsMax);
    const uint32_t from = a.begin > reach ? a.begin - reach : 0;
    const auto start = std::ranges::lower_bound(matches_, from, {}, &Match::begin);
    for (auto b = start; b != matches_.end() && b->begin <= a.end + rule_.near_within; ++b) {
      const bool before = b->end <= a.begin, behind = a.end <= b->begin;
      if (!before && !behind) continue;
      const uint32_t gap = before ? a.begin - b->end : b->begin - a.end;
      const bool masked = masked_[static_cast<size_t>(b - matches_.begin())];
      if (gap <= rule_.near_within && !masked && in(rule_.near_of, *b)) return true;
    }
    return false;
  }

  // The first of the words of `count` when there are enough different ones. A word inside a longer
  // one is part of it: 快过期 is not 过期 once more.
  const Match* enough_words() const {
    std::array<uint32_t, kCountMax> words{};
    size_t n = 0;
    uint32_t behind = 0;
    const Match* begin = nullptr;
    for (size_t i = 0; i < matches_.size(); ++i) {
      const Match* m = longest_at(i);
      if (m == nullptr || m->begin < behind) continue;
      behind = m->end;
      if (begin == nullptr) begin = m;
      const auto end = words.begin() + static_cast<std::ptrdiff_t>(n);
      if (std::find(words.begin(), end, word_of(m->pattern)) != end) continue;
      words[n++] = word_of(m->pattern);
      if (n >= rule_.count_at_least) return begin;
    }
    return nullptr;
  }

  // Match i if it is a word of `count` and no longer one begins where it begins.
  const Match* longest_at(size_t i) const {
    const auto counts = [&](size_t k) { return !masked_[k] && in(rule_.count, matches_[k]); };
    if (!counts(i)) return nullptr;
    for (size_t k = i + 1; k < matches_.size() && matches_[k].begin == matches_[i].begin; ++k)
      if (counts(k)) return nullptr;  // sorted: it is longer
    return &matches_[i];
  }

  const Rule& rule_;
  std::span<const Match> matches_;
  std::bitset<kMatchesMax> masked_;
};

bool among(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

}  // namespace

bool looks_at(const Rule& rule, const core::Event& event) {
  return (rule.kinds >> static_cast<unsigned>(event.kind) & 1) != 0 && rule.mode != Mode::Off &&
         rule.valid_from <= event.at && event.at < rule.valid_to &&
         among(rule.platforms, event.platform) && among(rule.channels, event.channel_id);
}

Firing judge_rule(const Rule& rule, uint32_t index, std::span<const Match> matches,
                  std::span<const MaskedName> names) {
  return OneRule(rule, index, matches, names).run();
}

std::vector<Match> counting_matches(const Rule& rule, uint32_t index,
                                    std::span<const Match> matches,
                                    std::span<const MaskedName> names) {
  return OneRule(rule, index, matches, names).counting();
}

int32_t weight_of(const Weigh& weigh, const core::Event& event) {
  int64_t weight = kBasePermille;
  const auto is_image = [](const core::Attachment& a) { return a.kind == "image"; };
  if (std::ranges::any_of(event.attachments, is_image)) weight += weigh.image;
  if (event.author_role == core::Role::Owner || event.author_role == core::Role::Admin)
    weight += weigh.group_leader;
  if (event.author_role == core::Role::Staff) weight += weigh.own_staff;
  if (!event.forward_of.empty() || event.kind == core::Kind::Repost) weight += weigh.forward;
  return static_cast<int32_t>(std::clamp<int64_t>(weight, 0, kWeightMax));
}

namespace {

std::span<const uint32_t> rules_of(const Program& program, const Match& m) {
  if (m.is_word()) return program.word_rules[m.pattern];
  if (m.is_expression()) return program.expression_rules[m.pattern - kFirstExpression];
  const auto it = program.guise_rules.find(m.pattern);
  if (it == program.guise_rules.end()) return {};
  return it->second;
}

}  // namespace

void triggered_rules(const Program& program, std::span<const Match> matches,
                     std::vector<uint8_t>& seen, std::vector<Fired>& out) {
  seen.resize(program.rules.size(), 0);
  out.clear();
  for (const Match& m : matches) {
    for (const uint32_t index : rules_of(program, m)) {
      if (seen[index] != 0) continue;
      seen[index] = 1;
      out.push_back({index, 0, 0});
    }
  }
  for (const Fired& fired : out) seen[fired.rule] = 0;
}

void judge_rules(const Program& program, const core::Event& event, std::span<const Match> matches,
                 std::span<const MaskedName> names, std::vector<uint8_t>& seen,
                 std::vector<Fired>& out) {
  triggered_rules(program, matches, seen, out);
  std::erase_if(out, [&](Fired& fired) {
    const Rule& rule = program.rules[fired.rule];
    if (!looks_at(rule, event)) return true;
    const Firing firing = judge_rule(rule, fired.rule, matches, names);
    fired.begin = firing.begin;
    fired.weight_permille = weight_of(rule.weigh, event);
    return !firing.fires;
  });
  std::ranges::sort(out, {}, &Fired::rule);
}

}  // namespace rules
