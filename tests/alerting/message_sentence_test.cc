#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/message.h"

using alerting::Language;
using alerting::sentence;

namespace {

// A code with figures that no other sentence could show by accident, and how each must appear.
struct Case {
  core::Because because;
  std::vector<std::string> chinese, english;
};

core::Figure number(std::string name, int64_t value) { return {std::move(name), value, ""}; }
core::Figure text(std::string name, std::string value) {
  return {std::move(name), 0, std::move(value)};
}

std::vector<Case> cases() {
  return {
      {{"rule_groups",
        {number("groups", 1203), number("within_minutes", 120), text("rule", "near-expiry")}},
       {"1,203 个", "2 小时", "near-expiry"},
       {"1,203 distinct groups", "2 hours", "near-expiry"}},
      {{"mention_scan",
        {number("groups", 7), number("within_minutes", 45), number("p_e9", 125),
         number("usual_per_day_milli", 3460)}},
       {"7 个", "45 分钟", "1/8,000,000", "3.5 次"},
       {"7 distinct groups", "45 minutes", "1/8,000,000", "3.5 mentions"}},
      {{"first_message", {text("kind", "ticket"), text("level", "orange"), text("rule", "burn")}},
       {"工单", "橙色", "burn"},
       {"ticket", "orange", "burn"}},
      {{"level", {text("from", "blue"), text("to", "red"), text("rule", "mould")}},
       {"蓝色", "红色", "mould"},
       {"blue", "red", "mould"}},
      {{"issue", {text("from", "mention"), text("to", "expiry")}},
       {"mention", "expiry"},
       {"mention", "expiry"}},
      {{"subject", {text("from", "brand:汀白"), text("to", "product:SKU7")}},
       {"brand:汀白", "product:SKU7"},
       {"brand:汀白", "product:SKU7"}},
      {{"groups_doubled", {number("groups", 2400), number("before", 1200)}},
       {"2,400 个", "1,200 个"},
       {"2,400 groups", "1,200 groups"}},
      {{"rung_always", {}}, {"每起事件"}, {"every incident"}},
      {{"rung_level", {text("level", "yellow")}}, {"黄色"}, {"yellow"}},
      {{"rung_groups", {number("groups", 1024), number("bound", 20)}},
       {"1,024 个", "20 个"},
       {"1,024 groups", "20"}},
      {{"rung_people", {number("people", 123456), number("bound", 100000)}},
       {"123,456 人", "100,000 人"},
       {"123,456 people", "100,000"}},
      {{"rung_loss",
        {number("loss_cny", 1204000), number("bound_cny", 300000), number("units", 150500),
         number("price_fen", 3990), number("share_permille", 200), text("sku", "TB103")}},
       {"1,204,000 元", "300,000 元", "150,500 件", "39.9 元", "20%", "TB103"},
       {"CNY 1,204,000", "300,000", "150,500 units", "39.9", "20%", "TB103"}},
      {{"missed_ack", {number("minutes", 10), text("rung", "manager"), text("person", "li.si")}},
       {"10 分钟", "manager", "li.si"},
       {"10 minutes", "manager", "li.si"}},
      {{"missed_decide",
        {number("minutes", 60), text("rung", "director"), text("person", "wang.wu")}},
       {"1 小时", "director", "wang.wu"},
       {"1 hour", "director", "wang.wu"}},
      {{"not_delivered", {text("person", "duty"), text("channel", "wecom:qa")}},
       {"duty", "wecom:qa"},
       {"duty", "wecom:qa"}},
      {{"reminder", {number("minutes", 15), text("waiting_for", "decide")}},
       {"15 分钟", "决定"},
       {"15 minutes", "decide"}},
      {{"acknowledged", {text("by", "duty")}}, {"duty"}, {"duty"}},
      {{"decided", {text("by", "ceo"), text("option", "退货"), text("reason", "先认错")}},
       {"ceo", "退货", "先认错"},
       {"ceo", "退货", "先认错"}},
      {{"closed_by", {text("by", "duty"), text("reason", "已处理")}},
       {"duty", "已处理"},
       {"duty", "已处理"}},
      {{"quiet", {number("minutes", 240)}}, {"4 小时"}, {"4 hours"}},
      {{"already", {text("state", "decided"), text("by", "ceo")}},
       {"已决定", "ceo"},
       {"decided", "ceo"}},
      {{"unknown_person", {text("by", "nobody")}}, {"nobody"}, {"nobody"}},
      {{"no_option", {text("by", "ceo")}}, {"ceo"}, {"ceo"}},
  };
}

}  // namespace

TEST_CASE("every because code has a sentence in both languages, with every figure in it") {
  std::vector<std::string_view> tested;
  const std::vector<Case> all = cases();
  for (const Case& c : all) {
    tested.push_back(c.because.code);
    const std::string chinese = sentence(c.because, Language::Chinese);
    const std::string english = sentence(c.because, Language::English);
    CHECK(c.because.figures.size() <= c.chinese.size());
    CHECK(c.because.figures.size() <= c.english.size());
    for (const std::string& part : c.chinese)
      CHECK_MESSAGE(chinese.find(part) != std::string::npos, chinese << " lacks " << part);
    for (const std::string& part : c.english)
      CHECK_MESSAGE(english.find(part) != std::string::npos, english << " lacks " << part);
    for (const std::string& s : {chinese, english}) {
      CHECK_MESSAGE(s.find_first_of("{}?") == std::string::npos, s);
      CHECK_MESSAGE(!s.starts_with(c.because.code + ":"), s);
    }
  }
  std::vector<std::string_view> known = alerting::because_codes();
  std::ranges::sort(known);
  std::ranges::sort(tested);
  CHECK(known == tested);
}

TEST_CASE("a chance too small to count is said to be smaller, not zero") {
  const core::Because tiny = {"mention_scan",
                              {number("groups", 6), number("within_minutes", 60), number("p_e9", 0),
                               number("usual_per_day_milli", 40)}};
  CHECK(sentence(tiny, Language::English).find("< 1/1,000,000,000") != std::string::npos);
}

TEST_CASE("one of a thing is not said in the plural") {
  const core::Because one = {"groups_doubled", {number("groups", 2), number("before", 1)}};
  CHECK(sentence(one, Language::English) == "grew from 1 group to 2 groups");
}

TEST_CASE("a missing word is said to be missing, a missing figure shows") {
  const core::Because empty = {"decided",
                               {text("by", "ceo"), text("option", "退货"), text("reason", "")}};
  CHECK(sentence(empty, Language::Chinese) == "ceo 已决定：退货（理由：无）");
  CHECK(sentence(empty, Language::English) == "ceo decided: 退货 (reason: none)");
  CHECK(sentence({"quiet", {}}, Language::English) == "no new evidence for ?, it ended by itself");
}

TEST_CASE("a code of a newer version gives its name and figures") {
  const core::Because newer = {"forecast", {number("people", 120000), text("chance", "30%")}};
  CHECK(sentence(newer, Language::Chinese) == "forecast: people=120,000, chance=30%");
  CHECK(sentence(newer, Language::English) == "forecast: people=120,000, chance=30%");
}

TEST_CASE("a person's words in a sentence are one line of bounded length") {
  std::string words = "第一行\n第二行\u202e";
  for (int i = 0; i < 500; ++i) words += "很长";
  const std::string s =
      sentence({"closed_by", {text("by", "duty"), text("reason", words)}}, Language::Chinese);
  CHECK(s.find('\n') == std::string::npos);
  CHECK(s.find("第一行 / 第二行很长") != std::string::npos);
  CHECK(s.size() < 420);
}
