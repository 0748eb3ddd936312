#include <algorithm>
#include <set>

#include "core/text/fold.h"
#include "rules/program.h"
#include "rules/reachable.h"

namespace rules {

namespace {

// Lists the program itself looks at; they need no rule that uses them.
constexpr std::string_view kAdvertising = "advertising";
constexpr std::string_view kCouriers = "couriers";

// A list ready for use: its patterns, looked up once.
struct Linked {
  const WordList* list = nullptr;
  PatternSet patterns;
  bool used = false;
};
using Lists = std::map<std::string, Linked, std::less<>>;

void sort_unique(PatternSet& set) {
  std::ranges::sort(set);
  set.erase(std::unique(set.begin(), set.end()), set.end());
}

std::vector<std::string> split_bars(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '|')
      parts.emplace_back();
    else
      parts.back().push_back(c);
  }
  return parts;
}

class Linker {
 public:
  Linker(const ProgramSources& sources, Vocabulary& vocabulary, Findings& findings)
      : sources_(sources), vocabulary_(vocabulary), findings_(findings) {}

  Program run() {
    read_lists(sources_.shared_lists, shared_);
    take_shared();
    std::set<std::string> pack_ids;
    for (const Pack& pack : sources_.packs) {
      if (!pack.id.empty() && !pack_ids.insert(pack.id).second)
        findings_.error(
            pack.place, "duplicate-id",
            both("规则包 " + quoted(pack.id) + " 重复", "pack " + quoted(pack.id) + " twice"));
      Lists own;
      read_lists(pack.lists, own);
      own_ = &own;
      for (const RuleText& text : pack.rules) add_rule(text);
      report_unused(own);
    }
    report_unused(shared_);
    std::ranges::sort(program_.rules, {}, &Rule::id);
    return std::move(program_);
  }

 private:
  uint32_t add_word(const std::string& text, const Place& place) {
    const std::u32string folded = core::text::fold_word(text);
    if (folded.size() >= kWordCharsMin && folded.size() <= kWordCharsMax)
      return vocabulary_.word(folded);
    const bool is_short = folded.size() < kWordCharsMin;
    findings_.error(place, is_short ? "short-word" : "too-large",
                    is_short ? both("词 " + quoted(text) + " 太短，至少两个字",
                                    "word " + quoted(text) + " is under 2 characters")
                             : both("词太长，最多 100 字", "word over 100 characters"));
    ok_ = false;
    return kNone;
  }

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

  // The words of one list entry. Bars separate the short forms of a courier.
  void add_list_item(const WordList& list, const Item& item, PatternSet& out) {
    if (list.name == kCouriers && item.text.find('|') != std::string::npos) {
      for (const std::string& form : split_bars(item.text))
        if (const uint32_t id = add_word(form, item.place); id != kNone) out.push_back(id);
    } else if (const uint32_t id = add_word(item.text, item.place); id != kNone) {
      out.push_back(id);
    }
  }

  void read_lists(const std::vector<WordList>& lists, Lists& out) {
    for (const WordList& list : lists) {
      Linked& linked = out[list.name];
      linked.list = &list;
      std::set<uint32_t> seen;
      for (const Item& item : list.items) {
        PatternSet added;
        add_list_item(list, item, added);
        for (const uint32_t id : added)
          if (!seen.insert(id).second)
            findings_.warning(item.place, "duplicate-word",
                              both("列表里已有同样的词 " + quoted(item.text),
                                   "the list has this word already, folded"));
        linked.patterns.insert(linked.patterns.end(), added.begin(), added.end());
      }
      sort_unique(linked.patterns);
    }
  }

  void take_shared() {
    if (const auto it = shared_.find(kAdvertising); it != shared_.end()) {
      it->second.used = true;
      program_.advertising = it->second.patterns;
    }
    const auto it = shared_.find(kCouriers);
    if (it == shared_.end()) return;
    it->second.used = true;
    for (const Item& item : it->second.list->items)
      program_.couriers.push_back({split_bars(item.text)});
  }

  // nullptr, with a finding, when there is no such list.
  const PatternSet* find_list(const Item& item) {
    for (Lists* lists : {own_, &shared_}) {
      const auto it = lists->find(item.text);
      if (it == lists->end()) continue;
      it->second.used = true;
      return &it->second.patterns;
    }
    std::vector<std::string_view> known;
    for (const Lists* lists : {own_, &shared_})
      for (const auto& [name, linked] : *lists) known.push_back(name);
    findings_.error(
        item.place, "unknown-list",
        both("没有列表 " + quoted("$" + item.text), "unknown list " + quoted("$" + item.text)),
        nearest(item.text, known));
    ok_ = false;
    return nullptr;
  }

  PatternSet item_patterns(const Item& item) {
    PatternSet set;
    if (item.kind == Item::Kind::Expression) {
      add_expression(item, set);
    } else if (item.kind == Item::Kind::List) {
      if (const PatternSet* list = find_list(item)) set = *list;
    } else if (const uint32_t id = add_word(item.text, item.place); id != kNone) {
      set.push_back(id);
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
    if (!when.kinds.empty()) rule.kinds = 0;
    for (const core::Kind kind : when.kinds) rule.kinds |= 1u << static_cast<unsigned>(kind);
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

  void add_rule(const RuleText& text) {
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
    rule.level = text.level;
    rule.subject = text.subject;
    rule.weigh = text.weigh;
    rule.tests = text.tests;
    rule.place = text.place;
    add_conditions(text.when, rule);
    check_names(text, rule);
    check_tests(text);
    ok_ = ok_ && !text.broken && check_reachable(rule, text, vocabulary_, findings_);
    if (ok_) program_.rules.push_back(std::move(rule));
  }

  void report_unused(const Lists& lists) {
    for (const auto& [name, linked] : lists)
      if (!linked.used)
        findings_.warning(linked.list->place, "unused-list",
                          both("列表 " + quoted(name) + " 没有规则使用",
                               "list " + quoted(name) + " is never used"));
  }

  static constexpr uint32_t kNone = ~0u;

  const ProgramSources& sources_;
  Vocabulary& vocabulary_;
  Findings& findings_;
  Program program_;
  Lists shared_;
  Lists* own_ = nullptr;
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
      auto& rules = id < kFirstExpression ? program.word_rules[id]
                                          : program.expression_rules[id - kFirstExpression];
      if (rules.empty() || rules.back() != rule) rules.push_back(rule);
    }
  };
  for (uint32_t i = 0; i < program.rules.size(); ++i) {
    const Rule& rule = program.rules[i];
    add(rule.any, i);
    add(rule.near_words, i);
    if (rule.any.empty() && rule.near_words.empty()) add(rule.all.front(), i);
  }
}

}  // namespace rules
