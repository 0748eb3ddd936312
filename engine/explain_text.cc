#include "engine/explain_text.h"

#include <algorithm>

#include "core/text/utf8.h"
#include "engine/aligned_text.h"
#include "engine/condition_text.h"
#include "rules/findings.h"
#include "rules/trick.h"

namespace engine {

namespace {

using rules::both;
using rules::ConditionExplained;
using rules::Explanation;
using rules::RuleExplained;

constexpr size_t kColumns = 76;
constexpr int32_t kCountsAbove = 500;

class Writer {
 public:
  Writer(const Explanation& e, Paint paint) : e_(e), paint_(paint) {}

  std::string write() {
    write_text();
    write_words();
    write_subject();
    if (!e_.rules.empty()) head("命中的规则", "rules that fire");
    for (const RuleExplained& rule : e_.rules) write_rule(rule);
    if (e_.rules.empty() && e_.nearly.empty())
      head("没有规则命中，也没有接近的", "no rule fires, and none is near to it");
    if (!e_.nearly.empty())
      head("没有命中的规则，最接近的在前", "rules that do not, nearest first");
    for (const RuleExplained& rule : e_.nearly) write_rule(rule);
    write_signals();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += text + "\n"; }
  void head(std::string_view chinese, std::string_view english) {
    line(bold(both(chinese, english), paint_));
  }

  void write_text() {
    head("原文，下面是归一后的样子", "text, and below how it is normalised");
    std::vector<MarkedSpan> found;
    for (const rules::WordExplained& w : e_.words) found.push_back({w.word.start, w.word.end});
    const std::vector<std::string> rows = aligned(e_.pieces, kColumns);
    const bool same = std::ranges::none_of(e_.pieces, &rules::TextPiece::changed);
    for (size_t i = 0; i < rows.size(); i += 3) {
      line("  " + rows[i]);
      if (same) continue;
      line("  " + rows[i + 1]);
      line(rows[i + 2].empty() ? "" : "  " + rows[i + 2]);
    }
    if (same) line("  " + both("归一不改变它", "normalising changes nothing"));
    if (paint_ == Paint::Yes) line("  " + marked(e_.text, std::move(found), paint_));
  }

  void write_words() {
    head("找到的词", "words found");
    if (e_.words.empty()) line("  " + both("没有", "none"));
    for (const rules::WordExplained& w : e_.words) {
      std::string text = "  " + shown_word(w.word, e_.text);
      if (const uint16_t tricks = w.word.tricks; tricks != 0)
        text += "  " + both("写法：" + rules::tricks_chinese(tricks), rules::tricks_text(tricks));
      for (const rules::WordUse& use : w.uses) {
        text += "  " + use.rule + "(";
        for (size_t i = 0; i < use.parts.size(); ++i) text += (i == 0 ? "" : ",") + use.parts[i];
        text += ")";
      }
      if (w.more_uses > 0) text += "  +" + std::to_string(w.more_uses);
      if (!w.category.empty()) text += "  " + both("品类", "category");
      line(text);
    }
    if (e_.dropped_matches > 0)
      line("  " + both("太多，另有 " + std::to_string(e_.dropped_matches) + " 处没有算",
                       "and more beyond the limit"));
  }

  static std::string evidence_text(const rules::NameExplained& n) {
    if (n.evidence == "strong") return both("名字", "a name");
    if (n.evidence == "none")
      return both("弱名字，没有旁证，不算", "a weak name without evidence: does not count");
    static const std::pair<std::string_view, std::string> kBecause[] = {
        {"marker", both("后面的词说明是指它", "by the word behind it")},
        {"seller", both("卖它的商家也在", "who sells it is named")},
        {"category", both("它的品类也在", "its category is named")},
        {"again", both("它又被说到", "it is named once more")},
        {"piece", both("它商品名的一段也在", "a piece of a product's name is there")},
        {"brand", both("它的品牌或商家也在", "its brand or seller is named")}};
    for (const auto& [evidence, text] : kBecause)
      if (evidence == n.evidence) return both("弱名字，算", "a weak name that counts") + " " + text;
    return n.evidence;
  }

  void write_subject() {
    head("主体", "subject");
    for (const rules::NameExplained& n : e_.names) {
      std::string text = "  " + shown_word(n.word, e_.text) + "  →";
      for (const std::string& family : n.families) text += " " + family;
      if (n.more_families > 0) text += " +" + std::to_string(n.more_families);
      if (n.products > 0) {
        const std::string count = std::to_string(n.products);
        text += n.products == 1 ? " " + both("1 个商品的别名", "alias of one product")
                                : " " + both(count + " 个商品共用的别名",
                                             "alias shared by " + count + " products");
      }
      line(text + "  " + evidence_text(n));
    }
    for (const std::string& category : e_.categories)
      line("  " + both("品类词 " + category, "category word"));
    for (const rules::FamilySeen& family : e_.families) write_family(family);
    if (e_.families.empty()) line("  " + both("没有：没有名字，也没有规则命中", "none"));
  }

  void write_family(const rules::FamilySeen& family) {
    using Source = core::SubjectSource;
    const Source source = family.source;
    const std::string how =
        family.named                 ? both("文中点名", "named in the text")
        : source == Source::Category ? both("没有名字，按品类", "no name: by category")
        : source == Source::Unknown ? both("没有名字，按内容归类", "no name: by the text itself")
        : source == Source::Order    ? both("消息所属的订单", "the message's order")
        : source == Source::Customer ? both("消息所属的顾客", "the message's customer")
                                     : both("按名字", "by name");
    std::string text = "  = " + family.family + "  " + how;
    for (const core::Vote& vote : family.votes)
      text += "  " + vote.sku + " " + std::to_string(vote.permille) + "‰";
    line(text);
  }

  static bool either(const ConditionExplained& c) {
    return c.part == rules::Part::Any || c.part == rules::Part::Near ||
           c.part == rules::Part::Count;
  }

  void write_rule(const RuleExplained& r) {
    const std::string answer = r.fires ? both("命中", "fires") : both("没有命中", "does not fire");
    line("  " + bold(r.rule, paint_) + (r.name.empty() ? "" : " " + r.name) + "  " + answer);
    if (r.fires || !r.weighed.empty()) line("    " + weight_text(r));
    bool one_holds = false;
    for (const ConditionExplained& c : r.conditions)
      one_holds = one_holds || (either(c) && c.holds);
    for (const ConditionExplained& c : r.conditions) {
      // One of these is enough: what is not needed did not fail.
      const bool unneeded = either(c) && !c.holds && one_holds;
      line(std::string("    ") +
           (c.holds    ? "PASS "
            : unneeded ? " --  "
                       : "FAIL ") +
           condition_text(c, e_.text));
    }
    write_first_failed(r);
  }

  void write_first_failed(const RuleExplained& r) {
    if (r.first_failed.empty()) return;
    std::string what;
    for (const size_t i : r.first_failed)
      what += (what.empty() ? "" : " / ") + std::string(rules::name_of(r.conditions[i].part));
    line("    " + both("首先不满足：" + what, "the first condition that failed"));
    for (const size_t i : r.first_failed)
      for (const std::string& remedy : remedy_texts(r.conditions[i])) line("      - " + remedy);
  }

  static std::string weight_text(const RuleExplained& r) {
    std::string text = both("分量", "weight") + " " + std::to_string(r.weight_permille);
    if (!r.weighed.empty()) text += " = 1000";
    for (const auto& [name, permille] : r.weighed)
      text += (permille < 0 ? " " : " +") + std::to_string(permille) + " " + name;
    if (r.weight_permille <= kCountsAbove)
      text += "  " + both("不超过 500，不算数", "not above 500: it does not count");
    return text;
  }

  void write_signals() {
    head("信号", "signals");
    if (e_.signals.empty()) line("  " + both("没有", "none"));
    for (const core::Signal& s : e_.signals) {
      std::string text = "  " + s.family;
      for (const core::RuleHit& hit : s.hits)
        text += "  " + hit.rule + " " + hit.issue + " " + std::string(core::chinese_of(hit.level)) +
                " " + std::to_string(hit.weight_permille);
      if (s.hits.empty()) text += "  " + both("只是提到", "a mention only");
      if (s.advertising) text += "  " + both("广告", "advertising");
      if (s.service) text += "  " + both("客服", "service");
      line(text);
    }
  }

  const Explanation& e_;
  Paint paint_;
  std::string out_;
};

}  // namespace

std::string explain_text(const Explanation& explanation, Paint paint) {
  return Writer(explanation, paint).write();
}

}  // namespace engine
