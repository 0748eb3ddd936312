#include "rules/verdict.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "rules/verdict_trace.h"

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
  // `trace`: null, or wants to hear of every condition.
  OneRule(const Rule& rule, uint32_t index, std::span<const Match> matches,
          std::span<const MaskedName> names, RuleTrace* trace = nullptr)
      : rule_(rule), matches_(matches), trace_(trace) {
    mask_exceptions();
    if (rule_.fold == Fold::Strict)
      for (size_t i = 0; i < matches_.size(); ++i)
        if (matches_[i].tricks != 0) mask(i, nullptr, nullptr);
    for (const MaskedName& name : names) {
      if (!std::ranges::binary_search(*name.rules, index)) continue;
      for (size_t i = 0; i < matches_.size(); ++i)
        if (inside(matches_[i], name.begin, name.end)) mask(i, nullptr, &name);
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

  // With a trace nothing ends early, and the answer is the same.
  Firing run() const {
    bool holds = true;
    const auto goes_on = [&](Part part, size_t item, const PatternSet& set, bool met) {
      if (trace_ != nullptr) note(part, item, set, met);
      holds = holds && met;
      return holds || trace_ != nullptr;
    };
    if (!rule_.none.empty() && !goes_on(Part::None, 0, rule_.none, first(rule_.none) == nullptr))
      return {};
    for (size_t i = 0; i < rule_.all.size(); ++i)
      if (!goes_on(Part::All, i, rule_.all[i], first(rule_.all[i]) != nullptr)) return {};
    const Match* begin = setting_off();
    return holds && begin != nullptr ? Firing{true, begin->begin} : Firing{};
  }

 private:
  // What `any`, `near` or `count` fires on, the first of them that does; with none of them, `all`.
  const Match* setting_off() const {
    const bool any = !rule_.any.empty(), near = !rule_.near_words.empty(),
               count = !rule_.count.empty();
    if (!any && !near && !count) return rule_.all.empty() ? nullptr : first(rule_.all.front());
    const Match* begin = nullptr;
    const auto done = [&](Part part, const PatternSet& set, const Match* m) {
      if (trace_ != nullptr) note(part, 0, set, m != nullptr);
      if (begin == nullptr) begin = m;
      return begin != nullptr && trace_ == nullptr;
    };
    if (any && done(Part::Any, rule_.any, first(rule_.any))) return begin;
    if (near && done(Part::Near, rule_.near_words, first_pair())) return begin;
    if (count) done(Part::Count, rule_.count, enough_words());
    return begin;
  }

  void note(Part part, size_t item, const PatternSet& set, bool holds) const {
    ConditionTrace c;
    c.part = part;
    c.item = static_cast<uint32_t>(item);
    c.holds = holds;
    for (size_t i = 0; i < matches_.size(); ++i) {
      const bool of = part == Part::Near && in(rule_.near_of, matches_[i]);
      const bool word = in(set, matches_[i]);
      if (!masked_[i] && word) c.found.push_back(matches_[i]);
      if (!masked_[i] && of) c.found_of.push_back(matches_[i]);
      if (masked_[i] && (word || of))
        c.masked.push_back(*std::ranges::find(maskings_, matches_[i], &Masking::match));
    }
    if (part == Part::Count) {
      const Different d = different_words(kCountMax);
      c.different.assign(d.words.begin(), d.words.begin() + static_cast<std::ptrdiff_t>(d.n));
    }
    for (const Match& a : c.found)
      for (const Match& b : c.found_of)
        if (const auto gap = gap_between(a, b); gap && (!c.closest || *gap < c.closest->gap))
          c.closest = {a, b, *gap};
    trace_->conditions.push_back(std::move(c));
  }

  // With neither: it is written otherwise than a strict rule takes it.
  void mask(size_t i, const Match* phrase, const MaskedName* name) {
    masked_.set(i);
    if (trace_ == nullptr) return;
    auto masking = std::ranges::find(maskings_, matches_[i], &Masking::match);
    if (masking == maskings_.end())
      masking = maskings_.insert(maskings_.end(), Masking{matches_[i], {}, {}, false});
    if (phrase != nullptr) masking->phrases.push_back(*phrase);
    if (name != nullptr) masking->names.push_back(*name);
    if (phrase == nullptr && name == nullptr) masking->written_otherwise = true;
  }

  void mask_exceptions() {
    if (rule_.except.empty()) return;
    for (const Match& phrase : matches_) {
      if (!in(rule_.except, phrase)) continue;
      for (size_t i = 0; i < matches_.size(); ++i) {
        const Match& m = matches_[i];
        const bool touches = phrase.begin < m.end && m.begin < phrase.end;
        if (m.is_expression() ? touches : inside(m, phrase.begin, phrase.end))
          mask(i, &phrase, nullptr);
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
      const auto gap = gap_between(a, *b);
      const bool masked = masked_[static_cast<size_t>(b - matches_.begin())];
      if (gap && *gap <= rule_.near_within && !masked && in(rule_.near_of, *b)) return true;
    }
    return false;
  }

  // The first of the words of `count` when there are enough different ones.
  const Match* enough_words() const {
    const Different d = different_words(rule_.count_at_least);
    return d.n >= rule_.count_at_least ? d.begin : nullptr;
  }

  struct Different {
    std::array<uint32_t, kCountMax> words{};
    size_t n = 0;
    const Match* begin = nullptr;  // where the first of all stands
  };
  // Up to `most` different words of `count`. A word inside a longer one is part of it: 快过期 is
  // not 过期 once more.
  Different different_words(size_t most) const {
    Different d;
    uint32_t behind = 0;
    for (size_t i = 0; i < matches_.size() && d.n < most; ++i) {
      const Match* m = longest_at(i);
      if (m == nullptr || m->begin < behind) continue;
      behind = m->end;
      if (d.begin == nullptr) d.begin = m;
      const auto end = d.words.begin() + static_cast<std::ptrdiff_t>(d.n);
      if (std::find(d.words.begin(), end, word_of(m->pattern)) == end)
        d.words[d.n++] = word_of(m->pattern);
    }
    return d;
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
  RuleTrace* trace_;
  std::bitset<kMatchesMax> masked_;
  std::vector<Masking> maskings_;  // of masked_, with a trace only
};

bool among(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

}  // namespace

std::optional<uint32_t> gap_between(const Match& a, const Match& b) {
  if (b.end <= a.begin) return a.begin - b.end;
  if (a.end <= b.begin) return b.begin - a.end;
  return std::nullopt;
}

Looks looks(const Rule& rule, const core::Event& event) {
  Looks l;
  l.mode = rule.mode != Mode::Off;
  l.from = rule.valid_from <= event.at;
  l.to = event.at < rule.valid_to;
  l.kind = (rule.kinds >> static_cast<unsigned>(event.kind) & 1) != 0;
  l.platform = among(rule.platforms, event.platform);
  l.channel = among(rule.channels, event.channel_id);
  return l;
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

Firing trace_rule(const Rule& rule, uint32_t index, const core::Event& event,
                  std::span<const Match> matches, std::span<const MaskedName> names,
                  RuleTrace& trace) {
  trace.conditions.clear();
  const Looks l = looks(rule, event);
  const auto note = [&](Part part, bool asked, bool holds) {
    if (!asked) return;
    trace.conditions.emplace_back();
    trace.conditions.back().part = part;
    trace.conditions.back().holds = holds;
  };
  note(Part::Mode, rule.mode != Mode::Active, l.mode);
  note(Part::ValidFrom, rule.valid_from != core::kTimeMin, l.from);
  note(Part::ValidTo, rule.valid_to != core::kTimeMax, l.to);
  note(Part::Kind, rule.kinds != ~0u, l.kind);
  note(Part::Platform, !rule.platforms.empty(), l.platform);
  note(Part::Channel, !rule.channels.empty(), l.channel);
  const Firing firing = OneRule(rule, index, matches, names, &trace).run();
  return l.all() ? firing : Firing{};
}

Weigh applied(const Weigh& weigh, const core::Event& event) {
  Weigh w;
  const auto is_image = [](const core::Attachment& a) { return a.kind == "image"; };
  if (std::ranges::any_of(event.attachments, is_image)) w.image = weigh.image;
  if (event.author_role == core::Role::Owner || event.author_role == core::Role::Admin)
    w.group_leader = weigh.group_leader;
  if (event.author_role == core::Role::Staff) w.own_staff = weigh.own_staff;
  if (!event.forward_of.empty() || event.kind == core::Kind::Repost) w.forward = weigh.forward;
  return w;
}

int32_t weight_of(const Weigh& weigh, const core::Event& event) {
  const Weigh w = applied(weigh, event);
  const int64_t weight = kBasePermille + w.image + w.group_leader + w.own_staff + w.forward;
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
