#include "rules/hygiene.h"

#include <algorithm>

#include "core/text/fold.h"
#include "core/text/utf8.h"
#include "rules/mend.h"

namespace rules {

namespace {

bool is_ascii(const std::u32string& word) { return word.front() < 0x80 || word.back() < 0x80; }

bool holds(const PatternSet& set, uint32_t id) { return std::ranges::binary_search(set, id); }

class Words {
 public:
  Words(const Rule& rule, const When& when, const Vocabulary& vocabulary, Findings& findings)
      : rule_(rule), when_(when), vocabulary_(vocabulary), findings_(findings) {}

  void run() {
    check_contradictions();
    for (const Item& item : when_.any) check_any(item);
    if (when_.count)
      for (const Item& item : when_.count->words) check_dead(item);
    check_near();
    for (const auto* items : {&when_.any, &when_.all, &when_.none})
      for (const Item& item : *items) check_cost(item);
  }

 private:
  uint32_t id_of(const Item& item) const {
    if (item.kind != Item::Kind::Word) return kNoWord;
    return vocabulary_.find(core::text::fold_word(item.text));
  }
  const std::u32string& word(uint32_t id) const { return vocabulary_.words()[word_of(id)]; }

  // The same word counts and vetoes: what is asked for by `all` must not be forbidden.
  void check_contradictions() {
    for (size_t i = 0; i < rule_.all.size() && i < when_.all.size(); ++i)
      if (std::ranges::includes(rule_.none, rule_.all[i]))
        findings_.error(when_.all[i].place, "contradiction",
                        both("`all` 要有的，`none` 又不许有：规则永远不会命中",
                             "`all` asks for what `none` forbids: the rule can never fire"));
  }

  void check_any(const Item& item) {
    if (!check_dead(item)) check_redundant(item);
  }

  // Whether it can never count, with a finding.
  bool check_dead(const Item& item) {
    const uint32_t id = id_of(item);
    if (id == kNoWord) return false;
    const bool except = holds(rule_.except, id), none = holds(rule_.none, id);
    if (!except && !none && !vetoed(id)) return false;
    const std::string shown = quoted(item.text), where = except ? "except" : "none";
    findings_.warning(item.place, "dead-word",
                      both("词 " + shown + " 永远不算：" + where + " 把它排除了",
                           "word " + shown + " never counts: `" + where + "` rules it out"));
    return true;
  }

  // A word of `none` lies inside it, and no exception might take that veto away.
  bool vetoed(uint32_t id) const {
    return rule_.except.empty() && part_in(id, rule_.none) != kNoWord;
  }

  // The shortest other word of `set` that stands inside word `id` wherever that stands; kNoWord.
  // Latin words match whole words only, so they are left alone.
  uint32_t part_in(uint32_t id, const PatternSet& set) const {
    const std::u32string& whole = word(id);
    for (size_t n = kWordCharsMin; n < whole.size(); ++n)
      for (size_t at = 0; at + n <= whole.size(); ++at) {
        const uint32_t part = vocabulary_.find(whole.substr(at, n));
        if (part != kNoWord && holds(set, part) && !is_ascii(word(part)) &&
            !runs_on(whole, at, at + n))
          return part;
      }
    return kNoWord;
  }

  // Whether a known word begins inside [begin, end) and ends behind it: with a space before that
  // word the part would not stand (stands.h), and the whole would.
  static bool runs_on(const std::u32string& whole, size_t begin, size_t end) {
    const std::u32string_view all = whole;
    for (size_t i = begin + 1; i < end; ++i)
      if (core::text::known_word_begins(all, i) &&
          !core::text::known_word_begins(all.substr(0, end), i))
        return true;
    return false;
  }

  // A longer word is of use only where an exception takes the shorter one away.
  void check_redundant(const Item& item) {
    const uint32_t id = id_of(item);
    const uint32_t part = id != kNoWord ? part_in(id, rule_.any) : kNoWord;
    if (part == kNoWord || excepted(part)) return;
    const std::string shorter = quoted(core::text::to_utf8(word(part)));
    findings_.warning(item.place, "redundant-word",
                      both("有 " + shorter + " 就够了，" + quoted(item.text) + " 多余",
                           "covered by " + shorter + " already"),
                      {}, findings_.full() ? std::nullopt : remove_item(item.place, item.text));
  }

  bool excepted(uint32_t part) const {
    return std::ranges::any_of(rule_.except, [&](uint32_t phrase) {
      return word(phrase).find(word(part)) != std::u32string::npos;
    });
  }

  // A word on both sides must stand there twice.
  void check_near() {
    if (!when_.near) return;
    for (const Item& item : when_.near->of) {
      const uint32_t id = id_of(item);
      if (id == kNoWord || !holds(rule_.near_words, id)) continue;
      findings_.warning(item.place, "near-overlap",
                        both("near 两边都有 " + quoted(item.text) + "：要出现两次才算",
                             quoted(item.text) + " is on both sides of `near`: it must stand "
                                                 "there twice"));
    }
  }

  void check_cost(const Item& item) {
    if (item.kind != Item::Kind::Expression) return;
    const core::Result<Expression> expression = prepare_expression(item.text);
    if (!expression || expression->cost <= kExpressionCostSoft) return;
    const std::string cost = std::to_string(expression->cost);
    const std::string budget = std::to_string(kExpressionCostMax);
    findings_.warning(item.place, "costly-expression",
                      both("正则编译代价 " + cost + "，预算 " + budget,
                           "costs " + cost + " of a budget of " + budget + " to compile"));
  }

  const Rule& rule_;
  const When& when_;
  const Vocabulary& vocabulary_;
  Findings& findings_;
};

}  // namespace

void check_words(const std::vector<Pack>& packs, const Program& program,
                 const Vocabulary& vocabulary, Findings& findings) {
  for (const Pack& pack : packs)
    for (const RuleText& text : pack.rules) {
      // One that is broken is not there, and of one that is there twice the second is told.
      const auto rule = std::ranges::lower_bound(program.rules, text.id, {}, &Rule::id);
      if (rule == program.rules.end() || rule->id != text.id) continue;
      if (rule->place.file != text.place.file || rule->place.line != text.place.line) continue;
      Words(*rule, text.when, vocabulary, findings).run();
    }
}

}  // namespace rules
