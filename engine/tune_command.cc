#include "engine/tune_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "engine/rule_desk.h"
#include "engine/texts.h"
#include "engine/verdict_shelf.h"
#include "rules/pack_edit.h"
#include "rules/tune.h"

namespace engine {

namespace {

using core::Code;

struct TuneOptions {
  StoreChoice store;
  std::string rule, hits, misses;
};

// What people said of the rule. What was said of one message stands over what was said of its whole
// incident.
core::Result<core::Unit> add_verdicts(core::Store& store, rules::TuneTask& task) {
  const auto rows = read_verdicts(store, task.rule);
  if (!rows) return rows.error();
  std::map<std::string, bool> single, of_incident;  // text -> right
  for (const VerdictRow& row : standing(*rows)) {
    const Verdict& verdict = row.given.front();
    if (verdict.opinion == Opinion::Unsure) continue;
    const bool right = verdict.opinion == Opinion::Right;
    for (const std::string& text : verdict.texts) {
      auto& known = row.about.starts_with(kAboutEvent) ? single : of_incident;
      const auto [it, added] = known.emplace(text, right);
      it->second = it->second || right;
    }
  }
  for (const auto& [text, right] : of_incident) single.emplace(text, right);
  for (const auto& [text, right] : single) (right ? task.right : task.wrong).push_back(text);
  return core::Unit{};
}

std::string percent(int64_t right, int64_t wrong) {
  if (right + wrong == 0) return "-";
  return std::to_string((right * 100 + (right + wrong) / 2) / (right + wrong)) + "%";
}

void print(const rules::TuneStep& step) {
  using Kind = rules::TuneStep::Kind;
  std::cout << "  ";
  if (step.kind == Kind::Except) std::cout << "except +“" << step.word << "”";
  if (step.kind == Kind::None) std::cout << "none +“" << step.word << "”";
  if (step.kind == Kind::Within) std::cout << "near.within = " << step.within;
  if (step.kind == Kind::Drop) std::cout << "any -“" << step.word << "”";
  std::cout << "  去掉 " << step.removed << " 个误报 leaves out " << step.removed
            << " false alarms\n";
}

void print(const rules::Tuning& t) {
  std::cout << "已知消息 known messages: 属实 right " << t.right << "，误报 false alarms "
            << t.wrong;
  if (t.unused_right + t.unused_wrong > 0)
    std::cout << "；现在的规则不命中，未用 not hit by the rule now, not used: " << t.unused_right
              << " + " << t.unused_wrong;
  if (t.left_out > 0) std::cout << "；太多，未看 too many, not looked at: " << t.left_out;
  std::cout << '\n';
}

int tune_rule(const TuneOptions& o) {
  const bool given = !o.hits.empty() || !o.misses.empty();
  auto desk = open_rule_desk(o.store, given ? Needs::RulesOnly : Needs::Store);
  if (!desk) return say_error(desk.error(), 2);
  if (desk->fact(o.rule) == nullptr)
    return say_error({Code::NotFound, "没有这条规则 no rule " + o.rule}, 1);
  rules::TuneTask task;
  task.rule = o.rule;
  for (const auto& [path, texts] :
       {std::pair(&o.hits, &task.right), std::pair(&o.misses, &task.wrong)}) {
    if (path->empty()) continue;
    auto read = read_texts(*path);
    if (!read) return say_error(read.error(), 2);
    *texts = std::move(read->texts);
    if (read->unreadable + read->left_out > 0)
      std::cerr << *path << ": 未读 not read: " << read->unreadable + read->left_out << '\n';
  }
  if (!given)
    if (const auto added = add_verdicts(*desk->store, task); !added)
      return say_error(added.error(), 1);
  const rules::Tuning t = rules::tune(desk->book, task);
  std::cout << o.rule << '\n';
  print(t);
  if (t.steps.empty()) {
    std::cout << "没有建议 no proposal: " << t.refused << '\n';
    return 1;
  }
  std::cout << "建议 proposal:\n";
  for (const rules::TuneStep& step : t.steps) print(step);
  std::cout << "精确率 precision: " << percent(t.right, t.wrong) << " -> "
            << percent(t.right, t.wrong_left) << "（误报 false alarms " << t.wrong << " -> "
            << t.wrong_left << "，属实的 " << t.right << " 条都还命中 all " << t.right
            << " right ones still hit）\n"
            << "没有参与取词的误报 false alarms held out: " << t.held_out << " -> "
            << t.held_out_left << "\n规则自己的例子全部通过 the rule's own examples hold\n"
            << rules::line_diff(t.file, t.before, t.after);
  return 0;
}

}  // namespace

template <typename App>
void add_tune(App& app, Todo& todo) {
  const auto o = std::make_shared<TuneOptions>();
  App* sub = app.add_subcommand(
      "tune",
      "从评判提出去掉误报的改动 (a change of a rule, from verdicts, that leaves out false alarms)");
  add_store_choice(*sub, o->store);
  sub->add_option("RULE", o->rule)->required();
  sub->add_option("--hits", o->hits,
                  "属实的消息，一行一条或 JSONL (right ones, instead of verdicts)");
  sub->add_option("--misses", o->misses, "误报的消息 (false alarms)");
  sub->callback([o, &todo] { todo = [o] { return tune_rule(*o); }; });
}

template void add_tune(CLI::App&, Todo&);

}  // namespace engine
