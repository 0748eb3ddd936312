#include "rules/reachable.h"

#include <algorithm>

#include "core/text/fold.h"

namespace rules {

namespace {

// Latin words match whole words only, so one inside another proves nothing.
bool is_ascii(const std::u32string& word) { return word.front() < 0x80 || word.back() < 0x80; }

class Check {
 public:
  Check(const Rule& rule, const RuleText& text, const Vocabulary& vocabulary, Findings& findings)
      : rule_(rule), text_(text), vocabulary_(vocabulary), findings_(findings) {}

  bool run() {
    const bool near = !rule_.near_words.empty() && !rule_.near_of.empty();
    const bool count = !rule_.count.empty();
    if (rule_.any.empty() && rule_.all.empty() && !near && !count) {
      findings_.error(
          text_.when_place, "never-fires",
          both("when 里没有 any、all、near 或 count", "`when` has no any, all, near or count"));
      return false;
    }
    if (count && rule_.count.size() < rule_.count_at_least) {
      findings_.error(text_.when.count->place, "never-fires",
                      both("不同的词没有那么多", "there are not so many different words"));
      return false;
    }
    bool possible = near || count || rule_.any.empty() || some_live(rule_.any);
    for (const PatternSet& set : rule_.all) possible = possible && some_live(set);
    if (!possible)
      findings_.error(text_.when_place, "never-fires",
                      both("规则永远不会命中：词都被 none 或 except 排除了",
                           "can never fire: `none` or `except` rules out every word"));
    warn_useless_exceptions();
    return possible;
  }

 private:
  const std::u32string& word(uint32_t id) const { return vocabulary_.words()[word_of(id)]; }

  // Whether a message with this word alone could satisfy the condition.
  bool live(uint32_t id) const {
    if (id >= kFirstExpression) return true;
    if (std::ranges::binary_search(rule_.except, id)) return false;
    if (!rule_.except.empty()) return true;  // an exception might lift the veto
    return std::ranges::none_of(rule_.none, [&](uint32_t veto) {
      return veto < kFirstExpression && !is_ascii(word(veto)) &&
             word(id).find(word(veto)) != std::u32string::npos;
    });
  }

  bool some_live(const PatternSet& set) const {
    return std::ranges::any_of(set, [this](uint32_t id) { return live(id); });
  }

  // Whether `phrase` holds a word of `set`; expressions may match anything.
  bool holds(const std::u32string& phrase, const PatternSet& set) const {
    return std::ranges::any_of(set, [&](uint32_t id) {
      return id >= kFirstExpression || phrase.find(word(id)) != std::u32string::npos;
    });
  }

  // Of the phrases written here: a list may serve several rules.
  void warn_useless_exceptions() {
    for (const Item& item : text_.when.except) {
      if (item.kind != Item::Kind::Word) continue;
      const std::u32string phrase = core::text::fold_word(item.text);
      bool useful = holds(phrase, rule_.any) || holds(phrase, rule_.none) ||
                    holds(phrase, rule_.near_words) || holds(phrase, rule_.near_of) ||
                    holds(phrase, rule_.count);
      for (const PatternSet& set : rule_.all) useful = useful || holds(phrase, set);
      if (useful) continue;
      const std::string shown = quoted(item.text);
      findings_.warning(item.place, "useless-except",
                        both(shown + " 不含本规则的词，写在 except 里不起作用",
                             shown + " in `except` holds none of the rule's words"));
    }
  }

  const Rule& rule_;
  const RuleText& text_;
  const Vocabulary& vocabulary_;
  Findings& findings_;
};

}  // namespace

bool check_reachable(const Rule& rule, const RuleText& text, const Vocabulary& vocabulary,
                     Findings& findings) {
  return Check(rule, text, vocabulary, findings).run();
}

}  // namespace rules
