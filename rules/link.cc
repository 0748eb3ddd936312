#include <algorithm>
#include <set>

#include "rules/program.h"
#include "rules/reachable.h"
#include "rules/word_lists.h"

namespace rules {

namespace {

class Linker {
 public:
  Linker(const ProgramSources& sources, Vocabulary& vocabulary, Findings& findings)
      : sources_(sources), vocabulary_(vocabulary), findings_(findings) {}

  Program run() {
    static const WordFiles kNoFiles;
    const auto files_of = [&](const std::string& pack) -> const WordFiles& {
      const auto it = sources_.word_files.find(pack);
      return it != sources_.word_files.end() ? it->second : kNoFiles;
    };
    WordLists shared(sources_.shared_lists, files_of(""), nullptr, vocabulary_, findings_);
    take_shared(shared);
    std::set<std::string> pack_ids;
    for (const Pack& pack : sources_.packs) {
      if (!pack.id.empty() && !pack_ids.insert(pack.id).second)
        findings_.error(
            pack.place, "duplicate-id",
            both("规则包 " + quoted(pack.id) + " 重复", "pack " + quoted(pack.id) + " twice"));
      WordLists own(pack.lists, files_of(pack.id), &shared, vocabulary_, findings_);
      lists_ = &own;
      for (const RuleText& text : pack.rules) add_rule(pack, text);
      own.report_unused();
    }
    shared.report_unused();
    sort_unique(program_.guise_words);
    std::ranges::sort(program_.rules, {}, &Rule::id);
    return std::move(program_);
  }

 private:
  void add_expression(const Item& item, PatternSet& out) {
    core::Result<Expression> expression = prepare_expression(item.text);
    if (!expression) {
      findings_.error(item.place, "expensive-expression", expression.error().message);
      ok_ = false;
      return;
    }
    total_cost_ += expression->cost;
    if (total_cost_ > kExpressionsCostMax && !told_total_) {
      told_total_ = true;
      findings_.error(item.place, "expensive-expression",
                      both("所有正则加起来编译代价太高",
                           "all expressions together are too expensive to compile"));
    }
    out.push_back(vocabulary_.expression(std::move(*expression), item.place));
  }

  void take_shared(WordLists& shared) {
    if (const PatternSet* words = shared.find(kAdvertising)) program_.advertising = *words;
    shared.find(kCouriers);
    if (const WordList* couriers = shared.text(kCouriers))
      for (const Item& item : couriers->items)
        if (item.kind == Item::Kind::Word) program_.couriers.push_back({split_bars(item.text)});
  }

  PatternSet item_patterns(const Item& item) {
    PatternSet set;
    if (item.kind == Item::Kind::Expression) {
      add_expression(item, set);
    } else if (item.kind == Item::Kind::List) {
      const PatternSet* list = lists_->find(item);
      if (list != nullptr) set = *list;
      ok_ = ok_ && list != nullptr;
    } else {
      const uint32_t id = add_word(item.text, item.place, vocabulary_, findings_);
      if (id != kNoWord) set.push_back(id);
      ok_ = ok_ && id != kNoWord;
    }
    return set;
  }

  PatternSet patterns(const std::vector<Item>& items) {
    PatternSet set;
    for (const Item& item : items) {
      const PatternSet some = item_patterns(item);
      set.insert(set.end(), some.begin(), some.end());
    }
    sort_unique(set);
    return set;
  }

  void add_conditions(const When& when, Rule& rule) {
    rule.any = patterns(when.any);
    rule.none = patterns(when.none);
    rule.except = patterns(when.except);
    for (const Item& item : when.all) {
      rule.all.push_back(item_patterns(item));
      sort_unique(rule.all.back());
    }
    if (when.near) {
      rule.near_words = patterns(when.near->words);
      rule.near_of = patterns(when.near->of);
      rule.near_within = static_cast<uint32_t>(when.near->within);
    }
    if (when.count) {
      rule.count = patterns(when.count->words);
      rule.count_at_least = static_cast<uint32_t>(when.count->at_least);
    }
    rule.platforms = when.platforms;
    rule.channels = when.channels;
    if (!when.kinds.empty()) rule.kinds = 0;
    for (const core::Kind kind : when.kinds) rule.kinds |= 1u << static_cast<unsigned>(kind);
  }

  // Beside every word of the rule its guise. Not in `none`: a doubtful veto would be one trick
  // more.
  void add_guises(Rule& rule) {
    const auto add = [this](PatternSet& set) {
      for (size_t i = 0, n = set.size(); i < n; ++i) {
        if (set[i] >= kFirstGuise) continue;
        program_.guise_words.push_back(set[i]);
        set.push_back(kFirstGuise + set[i]);
      }
      sort_unique(set);
    };
    for (PatternSet* set : {&rule.any, &rule.except, &rule.near_words, &rule.near_of, &rule.count})
      add(*set);
    for (PatternSet& set : rule.all) add(set);
  }

  void unknown(const Place& place, std::string_view code, std::string_view what,
               const std::string& name, const std::vector<std::string_view>& known) {
    findings_.error(
        place, code,
        both("没有定义 " + quoted(name), "unknown " + std::string(what) + " " + quoted(name)),
        nearest(name, known));
    ok_ = false;
  }

  void check_names(const RuleText& text, Rule& rule) {
    const Taxonomy& taxonomy = sources_.taxonomy;
    const auto keys = [](const auto& map) {
      std::vector<std::string_view> names;
      for (const auto& [id, value] : map) names.push_back(id);
      return names;
    };
    const auto issue = taxonomy.issues.find(text.issue);
    if (issue != taxonomy.issues.end())
      rule.exposure_threat = issue->second.exposure_threat;
    else if (!text.issue.empty())
      unknown(text.issue_place, "unknown-issue", "issue", text.issue, keys(taxonomy.issues));
    if (!text.ladder.empty() && !sources_.ladders.contains(text.ladder))
      unknown(text.ladder_place, "unknown-ladder", "ladder", text.ladder, keys(sources_.ladders));
    const auto among = [](const std::vector<std::string>& words, const std::string& word) {
      return word.empty() || std::ranges::find(words, word) != words.end();
    };
    if (!among(taxonomy.departments, text.department))
      unknown(text.department_place, "unknown-department", "department", text.department,
              {taxonomy.departments.begin(), taxonomy.departments.end()});
    if (!among(taxonomy.stages, text.stage))
      unknown(text.stage_place, "unknown-stage", "stage", text.stage,
              {taxonomy.stages.begin(), taxonomy.stages.end()});
  }

  void check_tests(const RuleText& text) {
    const auto hits = std::ranges::count(text.tests, true, &Example::hit);
    const auto all = std::ssize(text.tests);
    if (all == 0) {
      findings_.error(text.place, "no-tests",
                      both("规则没有例子，请写 tests", "a rule without tests"));
    } else if (hits == 0 || hits == all) {
      findings_.warning(text.place, "one-sided-tests",
                        both("例子里 hit 和 miss 都要有",
                             "tests lack a " + std::string(hits == 0 ? "hit" : "miss")));
    }
  }

  void check_validity(const RuleText& text) {
    if (text.valid_from < text.valid_to) return;
    findings_.error(text.valid_place, "contradiction",
                    both("valid_to 要晚于 valid_from", "`valid_to` is not after `valid_from`"));
    ok_ = false;
  }

  void add_rule(const Pack& pack, const RuleText& text) {
    if (program_.rules.size() >= kRulesMax)
      return findings_.error(text.place, "too-large", both("规则太多", "too many rules"));
    ok_ = true;
    if (!rule_ids_.insert(text.id).second) {
      findings_.error(
          text.place, "duplicate-id",
          both("规则 " + quoted(text.id) + " 重复", "rule " + quoted(text.id) + " twice"));
      ok_ = false;
    }
    Rule rule;
    rule.id = text.id;
    rule.name = text.name;
    rule.issue = text.issue;
    rule.department = text.department;
    rule.stage = text.stage;
    rule.ladder = text.ladder;
    rule.owner = text.owner.empty() ? pack.owner : text.owner;
    rule.runbook = text.runbook;
    rule.fold = text.fold;
    rule.mode = text.mode;
    rule.valid_from = text.valid_from;
    rule.valid_to = text.valid_to;
    rule.level = text.level;
    rule.subject = text.subject;
    rule.weigh = text.weigh;
    rule.tests = text.tests;
    rule.place = text.place;
    add_conditions(text.when, rule);
    check_names(text, rule);
    check_tests(text);
    check_validity(text);
    ok_ = ok_ && !text.broken && check_reachable(rule, text, vocabulary_, findings_);
    if (ok_ && rule.fold == Fold::Aggressive && rule.mode != Mode::Off) add_guises(rule);
    if (ok_) program_.rules.push_back(std::move(rule));
  }

  const ProgramSources& sources_;
  Vocabulary& vocabulary_;
  Findings& findings_;
  Program program_;
  WordLists* lists_ = nullptr;  // of the pack being read
  std::set<std::string> rule_ids_;
  int64_t total_cost_ = 0;
  bool told_total_ = false;
  bool ok_ = true;  // of the rule being added
};

}  // namespace

Program link(const ProgramSources& sources, Vocabulary& vocabulary, Findings& findings) {
  return Linker(sources, vocabulary, findings).run();
}

void index_triggers(Program& program, const Vocabulary& vocabulary) {
  program.word_rules.assign(vocabulary.words().size(), {});
  program.expression_rules.assign(vocabulary.expressions().size(), {});
  const auto add = [&](const PatternSet& set, uint32_t rule) {
    for (const uint32_t id : set) {
      auto& rules = id >= kFirstExpression ? program.expression_rules[id - kFirstExpression]
                    : id >= kFirstGuise    ? program.guise_rules[id]
                                           : program.word_rules[id];
      if (rules.empty() || rules.back() != rule) rules.push_back(rule);
    }
  };
  for (uint32_t i = 0; i < program.rules.size(); ++i) {
    const Rule& rule = program.rules[i];
    if (rule.mode == Mode::Off) continue;
    add(rule.any, i);
    add(rule.near_words, i);
    add(rule.count, i);
    if (rule.any.empty() && rule.near_words.empty() && rule.count.empty()) add(rule.all.front(), i);
  }
}

}  // namespace rules
