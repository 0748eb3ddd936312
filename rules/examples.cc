#include "rules/examples.h"

#include <algorithm>

#include "core/text/mask.h"
#include "core/text/utf8.h"
#include "rules/naming.h"
#include "rules/verdict.h"

namespace rules {

namespace {

constexpr size_t kShownMax = 10;  // names listed in a warning

core::Kind first_kind(const Rule& rule) {
  for (const core::Kind kind : {core::Kind::Chat, core::Kind::Ticket, core::Kind::Post})
    if ((rule.kinds >> static_cast<unsigned>(kind) & 1) != 0) return kind;
  unsigned kind = 0;
  while (kind < 31 && (rule.kinds >> kind & 1) == 0) ++kind;
  return static_cast<core::Kind>(kind);
}

// One text at a time through scanner, names and verdict.
class Bench {
 public:
  explicit Bench(const LoadedBook& book)
      : book_(book), scanner_(book.matcher_), namer_(book.names_, book.program_) {}

  const std::vector<Fired>& run(std::string text, core::Kind kind) {
    core::text::mask(text);
    core::text::fold(text, folded_);
    scanner_.scan(folded_, matches_);
    namer_.find(folded_, matches_, naming_);
    core::Event event;
    event.kind = kind;
    judge_rules(book_.program_, event, matches_, naming_.masks, seen_, fired_);
    return fired_;
  }

  // The words found in the text that was run last, for an author to see why.
  std::string found() const {
    std::string words;
    for (const Match& m : matches_) {
      const std::u32string_view chars = folded_.chars;
      words += ' ';
      words += quoted(core::text::to_utf8(chars.substr(m.begin, m.end - m.begin)));
    }
    return words.empty() ? std::string(" -") : words;
  }

  std::string folded() const { return core::text::to_utf8(folded_.chars); }

 private:
  const LoadedBook& book_;
  Scanner scanner_;
  Namer namer_;
  core::text::Folded folded_;
  std::vector<Match> matches_;
  Naming naming_;
  std::vector<uint8_t> seen_;
  std::vector<Fired> fired_;
};

}  // namespace

void run_examples(const LoadedBook& book, Findings& findings) {
  Bench bench(book);
  for (uint32_t i = 0; i < book.program_.rules.size(); ++i) {
    const Rule& rule = book.program_.rules[i];
    for (const Example& example : rule.tests) {
      const std::vector<Fired>& fired = bench.run(example.text, first_kind(rule));
      const bool hit = std::ranges::find(fired, i, &Fired::rule) != fired.end();
      if (hit == example.hit) continue;
      const std::string seen = quoted(bench.folded()) + "; words:" + bench.found();
      findings.error(
          example.place, "failing-example",
          example.hit
              ? both("规则 " + rule.id + " 应命中而没有命中", "should hit, but does not: " + seen)
              : both("规则 " + rule.id + " 不应命中而命中了", "should miss, but hits: " + seen));
    }
  }
}

void mask_names(LoadedBook& book, const SourceFile* catalogue, Findings& findings) {
  std::map<uint32_t, std::vector<uint32_t>> masks;
  std::string shown;
  {
    Bench bench(book);
    for (uint32_t word = 0; word < book.matcher_->words(); ++word) {
      if (book.names_.name(word) == nullptr) continue;
      const std::string text = core::text::to_utf8(book.words_[word]);
      for (const Fired& fired : bench.run(text, core::Kind::Chat))
        masks[word].push_back(fired.rule);
      if (const auto it = masks.find(word); it != masks.end() && masks.size() <= kShownMax)
        shown.append(1, ' ').append(text).append("/").append(
            book.program_.rules[it->second.front()].id);
    }
  }
  if (masks.empty()) return;
  book.program_.name_masks = std::move(masks);
  const std::string n = std::to_string(book.program_.name_masks.size());
  findings.warning({catalogue, 0, 0}, "name-fires",
                   both(n + " 个名字本身就会命中规则，名字里的词不算:" + shown,
                        n + " names would fire a rule by themselves: inside them its words "
                            "do not count"));
}

}  // namespace rules
