#include "rules/explain.h"

#include <algorithm>

#include "core/check.h"
#include "core/text/fingerprint.h"
#include "core/text/utf8.h"
#include "rules/book_reading.h"
#include "rules/look.h"
#include "rules/text_pieces.h"

namespace rules {

namespace {

constexpr std::string_view kParts[] = {"mode",     "valid_from", "valid_to", "kind",
                                       "platform", "channel",    "none",     "all",
                                       "any",      "near",       "count"};
constexpr std::string_view kEvidences[] = {"strong",   "none",  "marker", "seller",
                                           "category", "again", "piece",  "brand"};

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

std::string kinds_of(const Rule& rule) {
  std::vector<std::string> names;
  for (unsigned kind = 0; kind <= static_cast<unsigned>(core::Kind::Outcome); ++kind)
    if ((rule.kinds >> kind & 1) != 0)
      names.emplace_back(core::name_of(static_cast<core::Kind>(kind)));
  return joined(names);
}

class BookExplainer final : public Explainer {
 public:
  explicit BookExplainer(std::shared_ptr<const Book> book)
      : keep_(std::move(book)),
        book_(loaded(*keep_)),
        look_(book_),
        inspector_(make_inspector(keep_)),
        judge_(make_judge(keep_)) {}

  Explanation explain(const core::Event& said, std::string_view rule) override {
    core::Event event = said;
    Explanation e;
    const Seen& seen = inspector_->look(event);
    e.text = event.text = seen.text;
    e.folded = seen.folded;
    e.families = seen.families;
    look_.at(event.text);
    e.pieces = text_pieces(e.text, look_.folded());
    e.dropped_matches = look_.dropped();
    judge_->judge(event, look_.folded(), e.signals);
    for (const Match& m : look_.matches()) e.words.push_back(word_explained(m));
    add_names(e);
    add_rules(event, rule, e);
    return e;
  }

 private:
  const Rule& rule_at(uint32_t i) const { return book_.program_.rules[i]; }

  WordSeen word(const Match& m) const { return word_seen(book_, look_.folded(), m); }
  std::string text_of(uint32_t pattern) const { return pattern_text(book_, pattern); }

  // ---- words and names ----

  WordExplained word_explained(const Match& m) const {
    WordExplained w;
    w.word = word(m);
    if (const std::string* category = m.is_word() ? book_.names_.category(m.pattern) : nullptr)
      w.category = *category;
    for (const Rule& rule : book_.program_.rules) {
      WordUse use{rule.id, parts_with(rule, m.pattern)};
      if (use.parts.empty()) continue;
      if (w.uses.size() < Explanation::kUsesMax)
        w.uses.push_back(std::move(use));
      else
        ++w.more_uses;
    }
    return w;
  }

  static std::vector<std::string> parts_with(const Rule& rule, uint32_t pattern) {
    std::vector<std::string> parts;
    const auto add = [&](const PatternSet& set, std::string_view part) {
      if (std::ranges::binary_search(set, pattern)) parts.emplace_back(part);
    };
    add(rule.none, "none");
    add(rule.except, "except");
    for (const PatternSet& set : rule.all) add(set, "all");
    add(rule.any, "any");
    add(rule.near_words, "near");
    add(rule.near_of, "near");
    add(rule.count, "count");
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    return parts;
  }

  void add_names(Explanation& e) const {
    for (const Namer::Span& span : look_.names()) {
      NameExplained n;
      n.word = word(span.match);
      n.weak = span.name->weak;
      n.counts = span.counts;
      n.evidence = kEvidences[static_cast<size_t>(span.evidence)];
      n.products = span.name->products.size();
      std::vector<std::string> families;
      for (const uint32_t entity : span.name->entities)
        families.push_back(book_.names_.entity(entity).family);
      for (const uint32_t product : span.name->products)
        families.push_back(book_.names_.entity(book_.names_.brand_of(product)).family);
      std::ranges::sort(families);
      families.erase(std::unique(families.begin(), families.end()), families.end());
      if (families.size() > Explanation::kFamiliesMax) {
        n.more_families = families.size() - Explanation::kFamiliesMax;
        families.resize(Explanation::kFamiliesMax);
      }
      n.families = std::move(families);
      e.names.push_back(std::move(n));
    }
    for (const uint32_t index : look_.naming().categories)
      e.categories.push_back(book_.names_.category_name(index));
  }

  // ---- rules ----

  void add_rules(const core::Event& event, std::string_view only, Explanation& e) const {
    for (uint32_t i = 0; i < book_.program_.rules.size(); ++i) {
      const bool asked = rule_at(i).id == only;
      if (!only.empty() ? !asked : !has_a_word(rule_at(i))) continue;
      RuleExplained r = rule_explained(i, event);
      (r.fires ? e.rules : e.nearly).push_back(std::move(r));
    }
    std::ranges::stable_sort(e.nearly, {}, [](const RuleExplained& r) {
      return std::pair(r.failures, r.mode == "off");
    });
    if (e.nearly.size() > Explanation::kNearlyMax) e.nearly.resize(Explanation::kNearlyMax);
  }

  bool has_a_word(const Rule& rule) const {
    return std::ranges::any_of(look_.matches(), [&](const Match& m) {
      const auto in = [&](const PatternSet& set) {
        return std::ranges::binary_search(set, m.pattern);
      };
      return in(rule.any) || in(rule.near_words) || in(rule.near_of) || in(rule.count) ||
             std::ranges::any_of(rule.all, in);
    });
  }

  RuleExplained rule_explained(uint32_t i, const core::Event& event) const {
    const Rule& rule = rule_at(i);
    RuleTrace trace;
    const Firing firing = trace_rule(rule, i, event, look_.matches(), look_.naming().masks, trace);
    RuleExplained r;
    r.rule = rule.id;
    r.name = rule.name;
    r.issue = rule.issue;
    r.mode = mode_name(rule.mode);
    r.level = rule.level;
    r.fires = firing.fires;
    r.weight_permille = weight_of(rule.weigh, event);
    const Weigh weigh = applied(rule.weigh, event);
    const std::pair<std::string_view, int64_t> parts[] = {{"image", weigh.image},
                                                          {"group_leader", weigh.group_leader},
                                                          {"own_staff", weigh.own_staff},
                                                          {"forward", weigh.forward}};
    for (const auto& [name, permille] : parts)
      if (permille != 0) r.weighed.emplace_back(name, permille);
    for (const ConditionTrace& c : trace.conditions)
      r.conditions.push_back(condition_explained(rule, c, event));
    const std::vector<Failure> failed = failures(trace);
    r.failures = failed.size();
    if (!failed.empty())
      for (const ConditionTrace* c : failed.front().conditions)
        r.first_failed.push_back(static_cast<size_t>(c - trace.conditions.data()));
    return r;
  }

  ConditionExplained condition_explained(const Rule& rule, const ConditionTrace& c,
                                         const core::Event& event) const {
    ConditionExplained out;
    out.part = c.part;
    out.item = c.item;
    out.holds = c.holds;
    set_looks(rule, event, out);
    for (const Match& m : c.found) out.words.push_back(word(m));
    for (const Match& m : c.found_of) out.of_words.push_back(word(m));
    for (const Masking& masking : c.masked) {
      MaskedWord masked{word(masking.match), {}, {}, masking.written_otherwise};
      for (const Match& phrase : masking.phrases) masked.phrases.push_back(text_of(phrase.pattern));
      for (const MaskedName& name : masking.names)
        masked.names.push_back(folded_text(name.begin, name.end));
      out.masked.push_back(std::move(masked));
    }
    if (c.part == Part::Near) {
      out.limit = rule.near_within;
      if (c.closest) {
        out.figure = c.closest->gap;
        out.pair = {word(c.closest->word), word(c.closest->of)};
      }
    }
    if (c.part == Part::Count) {
      out.figure = static_cast<int64_t>(c.different.size());
      out.limit = rule.count_at_least;
      for (const uint32_t pattern : c.different) out.different.push_back(text_of(pattern));
    }
    for (const std::vector<Remedy>& way : remedies(rule, c)) {
      out.ways.emplace_back();
      for (const Remedy& remedy : way) out.ways.back().push_back(told(remedy));
    }
    return out;
  }

  static void set_looks(const Rule& rule, const core::Event& event, ConditionExplained& out) {
    const auto ms = [](core::Time t) { return std::to_string(core::to_ms(t)); };
    switch (out.part) {
      case Part::Mode:
        out.actual = mode_name(rule.mode);
        break;
      case Part::ValidFrom:
        out.actual = ms(event.at);
        out.wanted = ms(rule.valid_from);
        break;
      case Part::ValidTo:
        out.actual = ms(event.at);
        out.wanted = ms(rule.valid_to);
        break;
      case Part::Kind:
        out.actual = core::name_of(event.kind);
        out.wanted = kinds_of(rule);
        break;
      case Part::Platform:
        out.actual = event.platform;
        out.wanted = joined(rule.platforms);
        break;
      case Part::Channel:
        out.actual = event.channel_id;
        out.wanted = joined(rule.channels);
        break;
      default:
        break;
    }
  }

  RemedyTold told(const Remedy& remedy) const {
    RemedyTold t;
    t.what = remedy.what;
    t.number = remedy.number;
    if (remedy.pattern != Remedy::kNoPattern) {
      t.word = text_of(remedy.pattern);
      t.advertising = std::ranges::binary_search(book_.program_.advertising, remedy.pattern);
    }
    if (remedy.beside != Remedy::kNoPattern) t.beside = text_of(remedy.beside);
    if (remedy.what == Remedy::What::WithoutName) t.word = folded_text(remedy.begin, remedy.end);
    if (remedy.what == Remedy::What::WithoutPhrase)
      t.beside = folded_text(remedy.begin, remedy.end);
    return t;
  }

  std::string folded_text(uint32_t begin, uint32_t end) const {
    const std::u32string_view chars = look_.folded().chars;
    return core::text::to_utf8(chars.substr(begin, end - begin));
  }

  const std::shared_ptr<const Book> keep_;
  const LoadedBook& book_;
  Look look_;
  std::unique_ptr<Inspector> inspector_;
  std::unique_ptr<Judge> judge_;
};

}  // namespace

std::unique_ptr<Explainer> make_explainer(std::shared_ptr<const Book> book) {
  return std::make_unique<BookExplainer>(std::move(book));
}

std::string_view name_of(Part part) { return kParts[static_cast<size_t>(part)]; }

}  // namespace rules
