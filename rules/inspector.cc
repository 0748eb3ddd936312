#include "rules/inspector.h"

#include <algorithm>

#include "core/check.h"
#include "core/text/fingerprint.h"
#include "core/text/utf8.h"
#include "rules/falling.h"
#include "rules/look.h"

namespace rules {

namespace {

constexpr size_t kVotesMax = 8;

const LoadedBook& loaded(const Book& book) {
  const auto* found = dynamic_cast<const LoadedBook*>(&book);
  INVARIANT(found != nullptr);
  return *found;
}

class BookInspector final : public Inspector {
 public:
  explicit BookInspector(std::shared_ptr<const Book> book)
      : keep_(std::move(book)), book_(loaded(*keep_)), look_(book_) {}

  const Seen& look(const core::Event& event) override {
    seen_ = {};
    look_.at(event.text);
    seen_.text = look_.text();
    seen_.folded = core::text::to_utf8(look_.folded().chars);
    for (const Match& m : look_.matches()) seen_.words.push_back(word(m));
    const std::vector<Fired>& fired = look_.fired(event);
    for (const Fired& f : fired) add_rule(f);
    add_families(event, fired);
    return seen_;
  }

  bool fires(std::string_view rule, const std::string& text) override {
    const std::vector<Rule>& rules = book_.program_.rules;
    const auto it = std::ranges::lower_bound(rules, rule, {}, &Rule::id);
    if (it == rules.end() || it->id != rule) return false;
    look_.at(text);
    return look_.fires(static_cast<uint32_t>(it - rules.begin()));
  }

 private:
  WordSeen word(const Match& m) const {
    const core::text::Folded& folded = look_.folded();
    WordSeen seen;
    seen.pattern = m.is_expression() ? book_.expressions_[m.pattern - kFirstExpression]
                                     : core::text::to_utf8(book_.words_[word_of(m.pattern)]);
    seen.tricks = m.tricks;
    seen.start = folded.begin[m.begin];
    seen.end = folded.end[m.end - 1];
    return seen;
  }

  void add_rule(const Fired& fired) {
    const Rule& rule = book_.program_.rules[fired.rule];
    RuleSeen seen{rule.id, rule.name, rule.issue, rule.level, fired.weight_permille, {}};
    for (const Match& m : counting_matches(rule, fired.rule, look_.matches(), look_.naming().masks))
      seen.words.push_back(word(m));
    seen_.rules.push_back(std::move(seen));
  }

  void add_families(const core::Event& event, const std::vector<Fired>& fired) {
    core::text::copy_marks(look_.folded(), prints_);
    settle(book_, event, look_.folded(), prints_, look_.naming(), fired, drafts_);
    for (const Draft& draft : drafts_) {
      FamilySeen family;
      family.family = draft.family;
      family.named = draft.named != nullptr;
      family.source = draft.source;
      for (const Fired& f : draft.fired) family.rules.push_back(book_.program_.rules[f.rule].id);
      if (draft.named != nullptr) add_votes(*draft.named, family);
      seen_.families.push_back(std::move(family));
    }
  }

  void add_votes(const NamedFamily& named, FamilySeen& family) const {
    for (const Share& share : named.shares)
      family.votes.push_back({book_.policy_.catalogue.products[share.product].sku, share.permille});
    std::ranges::sort(family.votes, [](const core::Vote& a, const core::Vote& b) {
      return a.permille != b.permille ? a.permille > b.permille : a.sku < b.sku;
    });
    if (family.votes.size() > kVotesMax) family.votes.resize(kVotesMax);
  }

  const std::shared_ptr<const Book> keep_;
  const LoadedBook& book_;
  Look look_;
  Seen seen_;
  std::vector<uint64_t> prints_;
  std::vector<Draft> drafts_;
};

}  // namespace

std::unique_ptr<Inspector> make_inspector(std::shared_ptr<const Book> book) {
  return std::make_unique<BookInspector>(std::move(book));
}

std::vector<RuleFacts> facts_of(const Book& book) {
  static constexpr const char* kModes[] = {"active", "shadow", "off"};
  std::vector<RuleFacts> all;
  for (const Rule& rule : loaded(book).program_.rules) {
    RuleFacts facts;
    facts.id = rule.id;
    facts.name = rule.name;
    facts.owner = rule.owner;
    facts.runbook = rule.runbook;
    facts.issue = rule.issue;
    facts.ladder = rule.ladder;
    facts.mode = kModes[static_cast<size_t>(rule.mode)];
    facts.level = rule.level;
    facts.file = rule.place.file->name;
    facts.line = rule.place.line;
    for (const Example& example : rule.tests)
      (example.hit ? facts.hits : facts.misses).push_back(example.text);
    all.push_back(std::move(facts));
  }
  return all;
}

}  // namespace rules
