#include "rules/inspector.h"

#include <algorithm>

#include "core/check.h"
#include "core/text/fingerprint.h"
#include "core/text/utf8.h"
#include "rules/book_reading.h"
#include "rules/falling.h"
#include "rules/look.h"

namespace rules {

namespace {

constexpr size_t kVotesMax = 8;

class BookInspector final : public Inspector {
 public:
  explicit BookInspector(std::shared_ptr<const Book> book)
      : keep_(std::move(book)), book_(loaded(*keep_)), look_(book_) {}

  const Seen& look(const core::Event& event) override {
    look_.at(event.text);
    return seen_of(event, look_.fired(event));
  }

  void begin_adding() override { look_.begin_adding(); }
  void add(core::Event& event) override { look_.add(event.text); }
  void scan_added() override { look_.scan_added(); }

  bool takes(size_t i, const core::Event& event, Shadows shadows) override {
    taken_ = nullptr;
    if (!look_.found(i) || event.kind == core::Kind::Command || event.kind == core::Kind::Outcome)
      return false;
    look_.at_added(i, event.text);
    taken_ = &look_.fired(event);
    return std::ranges::any_of(*taken_, [&](const Fired& f) {
      return shadows == Shadows::Yes || book_.program_.rules[f.rule].mode == Mode::Active;
    });
  }

  const Seen& look_at_taken(const core::Event& event) override {
    INVARIANT(taken_ != nullptr);
    return seen_of(event, *taken_);
  }

  std::string without_names(const std::string& text) override {
    look_.at(text);
    std::u32string chars = look_.folded().chars;
    for (const Namer::Span& name : look_.names())
      if (name.counts)
        std::fill(chars.begin() + name.match.begin, chars.begin() + name.match.end, U'。');
    return core::text::to_utf8(chars);
  }

  bool fires(std::string_view rule, const std::string& text) override {
    const std::vector<Rule>& rules = book_.program_.rules;
    const auto it = std::ranges::lower_bound(rules, rule, {}, &Rule::id);
    if (it == rules.end() || it->id != rule) return false;
    look_.at(text);
    return look_.fires(static_cast<uint32_t>(it - rules.begin()));
  }

 private:
  const Seen& seen_of(const core::Event& event, const std::vector<Fired>& fired) {
    seen_ = {};
    seen_.text = look_.text();
    seen_.folded = core::text::to_utf8(look_.folded().chars);
    for (const Match& m : look_.matches()) seen_.words.push_back(word(m));
    for (const Fired& f : fired) add_rule(f);
    add_families(event, fired);
    return seen_;
  }

  WordSeen word(const Match& m) const { return word_seen(book_, look_.folded(), m); }

  void add_rule(const Fired& fired) {
    const Rule& rule = book_.program_.rules[fired.rule];
    RuleSeen seen;
    seen.rule = rule.id;
    seen.name = rule.name;
    seen.issue = rule.issue;
    seen.level = rule.level;
    seen.shadow = rule.mode == Mode::Shadow;
    seen.weight_permille = fired.weight_permille;
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
  const std::vector<Fired>* taken_ = nullptr;
  std::vector<uint64_t> prints_;
  std::vector<Draft> drafts_;
};

}  // namespace

std::unique_ptr<Inspector> make_inspector(std::shared_ptr<const Book> book) {
  return std::make_unique<BookInspector>(std::move(book));
}

std::vector<RuleFacts> facts_of(const Book& book) {
  std::vector<RuleFacts> all;
  for (const Rule& rule : loaded(book).program_.rules) {
    RuleFacts facts;
    facts.id = rule.id;
    facts.name = rule.name;
    facts.owner = rule.owner;
    facts.runbook = rule.runbook;
    facts.issue = rule.issue;
    facts.ladder = rule.ladder;
    facts.mode = mode_name(rule.mode);
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
