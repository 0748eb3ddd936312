#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "alerting/message.h"
#include "alerting/sentences/sentences.h"

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

std::vector<Case> refused_cases() {
  return {
      {{"unknown_option", {text("by", "ceo"), text("option", "hope"), text("known", "refund")}},
       {"ceo", "hope", "refund"},
       {"ceo", "hope", "refund"}},
      {{"no_authority_at_all", {text("by", "peer")}}, {"peer"}, {"peer"}},
      {{"question_changed", {text("by", "ceo"), number("seen", 41), number("revision", 57)}},
       {"ceo", "41", "57"},
       {"ceo", "41", "57"}},
      {{"already_decided", {text("by", "ceo"), text("option", "refund"), number("minutes", 7)}},
       {"ceo", "refund", "7 分钟"},
       {"ceo", "refund", "7 minutes"}},
      {{"already_proposed", {text("by", "ceo"), text("option", "refund")}},
       {"ceo", "refund"},
       {"ceo", "refund"}},
      {{"above_every_rung",
        {text("option", "refund"), number("cost_cny", 800123), number("authority_cny", 50000)}},
       {"refund", "800,123 元", "50,000"},
       {"refund", "CNY 800,123", "50,000"}},
      {{"may_not", {text("by", "duty"), text("option", "refund"), number("authority_cny", 50000)}},
       {"duty", "refund", "50,000"},
       {"duty", "refund", "50,000"}},
      {{"same_person", {text("by", "ceo"), text("option", "refund")}},
       {"ceo", "refund"},
       {"ceo", "refund"}},
      {{"no_second_person", {text("by", "ceo"), text("option", "refund")}},
       {"ceo", "refund"},
       {"ceo", "refund"}},
      {{"nothing_proposed", {text("by", "ceo")}}, {"ceo"}, {"ceo"}},
      {{"no_reason", {text("by", "ceo")}}, {"ceo"}, {"ceo"}},
      {{"unknown_action", {text("by", "ceo"), text("action", "dance"), text("known", "shelf")}},
       {"ceo", "dance", "shelf"},
       {"ceo", "dance", "shelf"}},
      {{"bad_result", {text("by", "ceo"), text("value", "perhaps")}},
       {"ceo", "perhaps"},
       {"ceo", "perhaps"}},
      {{"result_known", {text("action", "下架"), text("by", "ceo")}},
       {"下架", "ceo"},
       {"下架", "ceo"}},
  };
}

std::vector<Case> response_cases() {
  return {
      {{"needs_authority",
        {text("by", "duty"), text("option", "refund"), number("cost_cny", -1),
         number("authority_cny", -1), text("rung", "chief")}},
       {"duty", "refund", "未知 元", "不限", "chief"},
       {"duty", "refund", "unknown", "unlimited", "chief"}},
      {{"needs_second",
        {text("by", "ceo"), text("option", "refund"), number("cost_cny", 800123),
         number("bound_cny", 500000)}},
       {"ceo", "refund", "800,123", "500,000"},
       {"ceo", "refund", "800,123", "500,000"}},
      {{"rejected", {text("by", "ceo"), text("option", "refund"), text("reason", "太早")}},
       {"ceo", "refund", "太早"},
       {"ceo", "refund", "太早"}},
      {{"overruled",
        {text("by", "ceo"), text("option", "refund"), text("over", "duty"),
         text("over_option", "coupon"), text("undo", "重新上架")}},
       {"ceo", "refund", "duty", "coupon", "重新上架"},
       {"ceo", "refund", "duty", "coupon", "重新上架"}},
      {{"action", {text("action", "下架"), text("option", "refund"), text("by", "ceo")}},
       {"下架", "refund", "ceo"},
       {"下架", "refund", "ceo"}},
      {{"action_done", {text("action", "下架"), text("by", "ceo"), number("open", 3)}},
       {"下架", "ceo", "3 项"},
       {"下架", "ceo", "open: 3"}},
      {{"action_failed", {text("action", "下架"), text("by", "ceo"), text("reason", "没有货号")}},
       {"下架", "ceo", "没有货号"},
       {"下架", "ceo", "没有货号"}},
      {{"action_not_delivered", {text("action", "下架"), text("channel", "webhook:shelf")}},
       {"下架", "webhook:shelf"},
       {"下架", "webhook:shelf"}},
      {{"action_late", {text("action", "下架"), number("minutes", 30)}},
       {"下架", "30 分钟"},
       {"下架", "30 minutes"}},
      {{"briefing", {number("day", 12)}}, {"12 天"}, {"day 12"}},
      {{"review", {number("minutes", 95)}}, {"95 分钟"}, {"95 minutes"}},
  };
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
      {{"rung_people_ahead",
        {number("people", 12345), number("within_minutes", 360), number("bound", 54321),
         number("chance_permille", 310)}},
       {"12,345 人", "6 小时", "54,321 人", "31%"},
       {"12,345 people", "6 hours", "54,321", "31%"}},
      {{"rung_loss_chance",
        {number("loss_cny", 12345), number("bound_cny", 54321), number("chance_permille", 310)}},
       {"12,345 元", "54,321 元", "31%"},
       {"12,345", "54,321", "31%"}},
      {{"rung_speed", {number("groups", 31), number("bound", 17)}},
       {"31 个", "17 个"},
       {"31 new groups", "17"}},
      {{"rung_threats", {number("threats", 5), number("bound", 4)}},
       {"5 次", "4 次"},
       {"5 exposure threats", "4"}},
      {{"threat_again", {number("threats", 5)}}, {"5 次"}, {"5 times"}},
      {{"nobody_on_duty", {text("rung", "manager")}}, {"manager"}, {"manager"}},
      {{"handover", {text("from", "anna"), text("to", "ben")}}, {"anna", "ben"}, {"anna", "ben"}},
      {{"by_hand", {text("by", "anna"), text("rung", "ceo"), text("reason", "危险")}},
       {"anna", "ceo", "危险"},
       {"anna", "ceo", "危险"}},
  };
}

std::vector<Case> later_cases() {
  return {
      {{"deescalated",
        {text("by", "anna"), text("from", "red"), text("to", "orange"), text("reason", "误报")}},
       {"anna", "红色", "橙色", "误报"},
       {"anna", "red", "orange", "误报"}},
      {{"no_such_rung", {text("by", "anna")}}, {"anna"}, {"anna"}},
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

// The figures that a template names.
std::set<std::string> slots_of(std::string_view form) {
  std::set<std::string> slots;
  for (size_t open = form.find('{'); open != std::string_view::npos; open = form.find('{', open)) {
    const size_t end = form.find_first_of(":}", open);
    slots.insert(std::string(form.substr(open + 1, end - open - 1)));
    open = end;
  }
  return slots;
}

}  // namespace

TEST_CASE("each figure shows in both languages, written as its kind is") {
  std::vector<Case> all = cases();
  for (const auto& more : {later_cases(), refused_cases(), response_cases()})
    all.insert(all.end(), more.begin(), more.end());
  for (const Case& c : all) {
    const std::string chinese = sentence(c.because, Language::Chinese);
    const std::string english = sentence(c.because, Language::English);
    CHECK(c.because.figures.size() <= c.chinese.size());
    CHECK(c.because.figures.size() <= c.english.size());
    for (const std::string& part : c.chinese)
      CHECK_MESSAGE(chinese.find(part) != std::string::npos, chinese << " lacks " << part);
    for (const std::string& part : c.english)
      CHECK_MESSAGE(english.find(part) != std::string::npos, english << " lacks " << part);
  }
}

TEST_CASE("every row of the tables can be filled, and says the same figures in both languages") {
  std::set<std::string_view> codes;
  for (const auto rows : alerting::sentences::all()) {
    CHECK(!rows.empty());
    for (const alerting::sentences::Row& row : rows) {
      CAPTURE(row.code);
      CHECK(codes.insert(row.code).second);
      const std::set<std::string> slots = slots_of(row.chinese);
      CHECK(slots == slots_of(row.english));
      core::Because because = {std::string(row.code), {}};
      for (const std::string& slot : slots) because.figures.push_back(number(slot, 7));
      for (const Language language : {Language::Chinese, Language::English}) {
        const std::string said = sentence(because, language);
        CHECK_MESSAGE(said.find_first_of("{}?") == std::string::npos, said);
        CHECK_MESSAGE(!said.starts_with(because.code + ":"), said);
      }
      CHECK(row.english.find_first_of("，。（") == std::string_view::npos);
    }
  }
  CHECK(codes.size() == alerting::because_codes().size());
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
