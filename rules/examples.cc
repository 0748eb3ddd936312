#include "rules/examples.h"

#include "core/check.h"
#include "core/text/utf8.h"
#include "rules/example_runs.h"
#include "rules/look.h"

namespace rules {

namespace {

constexpr size_t kShownMax = 10;  // names listed in a warning

// REQUIRES: `look` has looked at the example last.
void report_failing(const Rule& rule, const Example& example, const Look& look,
                    Findings& findings) {
  const std::string seen =
      quoted(core::text::to_utf8(look.folded().chars)) + "; words:" + look.words_found();
  findings.error(
      example.place, "failing-example",
      example.hit
          ? both("规则 " + rule.id + " 应命中而没有命中", "should hit, but does not: " + seen)
          : both("规则 " + rule.id + " 不应命中而命中了", "should miss, but hits: " + seen));
}

}  // namespace

void run_examples(const LoadedBook& book, Findings& findings) {
  Look look(book);
  for (uint32_t i = 0; i < book.program_.rules.size(); ++i) {
    const Rule& rule = book.program_.rules[i];
    for (const Example& example : rule.tests) {
      look.at(example.text);
      if (look.fires(i) != example.hit) report_failing(rule, example, look, findings);
    }
  }
}

std::vector<ExampleRun> run_examples(const Book& book) {
  const auto* loaded = dynamic_cast<const LoadedBook*>(&book);
  INVARIANT(loaded != nullptr);
  std::vector<ExampleRun> runs;
  Look look(*loaded);
  for (uint32_t i = 0; i < loaded->program_.rules.size(); ++i) {
    const Rule& rule = loaded->program_.rules[i];
    for (const Example& example : rule.tests) {
      look.at(example.text);
      ExampleRun run;
      run.rule = rule.id;
      run.text = example.text;
      run.file = example.place.file->name;
      run.hit = example.hit;
      run.passed = look.fires(i) == example.hit;
      if (!run.passed) {
        Findings one;
        report_failing(rule, example, look, one);
        run.failure = one.take().front();
      }
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

void mask_names(LoadedBook& book, const SourceFile* catalogue, Findings& findings) {
  std::map<uint32_t, std::vector<uint32_t>> masks;
  std::string shown;
  {
    Look look(book);
    for (uint32_t word = 0; word < book.matcher_->words(); ++word) {
      if (book.names_.name(word) == nullptr) continue;
      const std::string text = core::text::to_utf8(book.words_[word]);
      look.at(text);
      for (const Fired& fired : look.fired_by_any()) masks[word].push_back(fired.rule);
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
