// Golden messages: a change of wording is a change of these.
#include "alerting/message.h"

#include <doctest/doctest.h>

#include "alerting/message_writer.h"
#include "tests/alerting/message_story.h"
#include "tests/fakes/sample.h"

using alerting::Degrade;
using core::Cause;

namespace {

std::string message(const core::Notification& n, Degrade level = Degrade::Full, bool resend = false,
                    int zone = 480) {
  return alerting::plain_text(alerting::blocks_of(n, {zone, level, resend}));
}

// The director is told: a rung with a deadline to decide.
core::Notification escalation() {
  core::Notification n = fakes::sample();
  n.cause = Cause::Escalated;
  n.rung = 3;
  n.person = "qa-director";
  n.person_name = "质检总监";
  n.decide_by = n.at + core::Millis(45 * 60'000);
  n.authority_cny = 1'000'000;
  n.incident.revision = 4;
  n.incident.rung = 3;
  n.incident.rung_name = "director";
  n.incident.level = core::Level::Red;
  n.incident.groups = 24;
  n.incident.people = 3120;
  n.incident.loss_cny = 1'204'000;
  n.incident.doubling_minutes = 38;
  n.incident.messages = 1031;
  n.because = {"rung_loss",
               {{"loss_cny", 1'204'000, ""},
                {"bound_cny", 300'000, ""},
                {"units", 150'500, ""},
                {"price_fen", 3990, ""},
                {"share_permille", 200, ""},
                {"sku", 0, "TB103"}}};
  return n;
}

}  // namespace

TEST_CASE("titles tell apart what happened") {
  core::Notification n = fakes::sample();
  const auto title = [&n](Cause cause) {
    n.cause = cause;
    return alerting::blocks_of(n, {}).front().text;
  };
  CHECK(title(Cause::Reopened) == "【黄】再次发生：汀白洗衣液2kg 临期/过期");
  CHECK(title(Cause::Updated) == "【黄】有变化：汀白洗衣液2kg 临期/过期");
  CHECK(title(Cause::Reminder) == "【黄】催办，待确认：汀白洗衣液2kg 临期/过期");
}

TEST_CASE("the neutral form holds ids, deadlines and commands, and no word of anybody's") {
  CHECK(message(escalation(), Degrade::Neutral, /*resend=*/true) ==
        R"(（重发）【红】升级到第 3 级，请您决定：舆情事件
事件：INC-20260310-7K3M9Q2A · r4 · 待确认
期限：请在 2026-03-10 16:10 前确认、2026-03-10 16:45 前作出决定（北京时间），逾期将升级或再次催办
确认：qingyu ack INC-20260310-7K3M9Q2A --by qa-director
决定：qingyu decide INC-20260310-7K3M9Q2A --by qa-director --option 方案
[RED] escalated to rung 3; acknowledge by 2026-03-10 16:10 UTC+8; decide by 2026-03-10 16:45 UTC+8. INC-20260310-7K3M9Q2A r4)");
}

TEST_CASE("the neutral form of no cause says a word of anybody's") {
  for (const core::Cause cause : fakes::kCauses)
    for (uint32_t rung = 1; rung <= fakes::kRungs; ++rung) {
      CAPTURE(core::name_of(cause));
      alerting::Extras extras = fakes::story_extras(cause);
      extras.digest = fakes::others(3);
      const std::string text = alerting::plain_text(
          alerting::blocks_of(fakes::story(cause, rung), extras, {480, Degrade::Neutral, false}));
      for (const std::string_view word :
           {"汀白", "临期", "阳光小区", "刚收到", "先认错", "退货", "货已收回", "总经理", "brand:"})
        CHECK_MESSAGE(text.find(word) == std::string::npos, text);
      CHECK(text.size() < 1024 + 200);  // and the links
    }
}

TEST_CASE("what is not known is said beside what is") {
  core::Notification n = escalation();
  const auto unknown = [&n] {
    for (const alerting::Block& b : alerting::blocks_of(n, {}))
      if (b.label == "尚不清楚") return b.text;
    return std::string();
  };
  n.incident.people_in_6h = {1, 2, 3};
  CHECK(unknown() == "各群实际看到的人数（范围按群规模估算）");
  n.incident.people_in_6h = {};
  CHECK(unknown() == "会传多远（时间尚短，不足以预测）");
  n.incident.people_in_6h = {1, 2, 3};
  n.incident.products = {{"TB103", 3100}, {"TB104", 1900}};
  CHECK(unknown() == "是哪个商品（TB103 62%、TB104 38%）");
  n.incident.products = {{"TB103", 3600}, {"TB104", 1400}};  // settled
  CHECK(unknown() == "各群实际看到的人数（范围按群规模估算）");
  n.incident.products.clear();
  n.incident.issue = "mention";
  n.incident.loss_cny = 0;
  CHECK(unknown() == "是哪个商品；是什么问题（只知被集中提及）；损失多大（没有销量数据）");
  n = escalation();
  n.incident.people_in_6h = {1, 2, 3};
  n.incident.messages = 30;
  n.incident.copies = 29;
  CHECK(unknown() == "是否属实（只见一个独立来源）");
}

TEST_CASE("an option says what it costs and whether this person may choose it") {
  core::Notification n = fakes::story(Cause::Escalated, 3);
  const auto option = [&n](size_t which) {
    std::vector<std::string> found;
    for (const alerting::Block& b : alerting::blocks_of(n, {}))
      if (b.part == alerting::Part::Option) found.push_back(b.label + "：" + b.text);
    return which < found.size() ? found[which] : std::string();
  };
  CHECK(option(0) ==
        "方案 1：全额退货并赔一倍（return-and-compensate），约 2,408,000 元（1,204,000–4,816,000 "
        "元），执行 下架、发布声明；超出您的权限，须上一级决定");
  CHECK(option(1) ==
        "方案 2：保留商品，发 10 元券（keep-and-coupon），约 376,000 元（150,000–752,000 "
        "元），执行 退款额度；您有权决定");
  CHECK(option(2) == "方案 3：只发声明（statement），不另花钱，执行 发布声明；您有权决定");
  n.options[2].cost_cny = {-1, -1, -1};
  CHECK(option(2).find("费用未能估算") != std::string::npos);
  n.incident.rung = 4;  // somebody above decides
  CHECK(option(0) == "");
}

TEST_CASE("the golden hour is an absolute time, also when it is over") {
  core::Notification n = escalation();
  n.golden_until = n.at + core::Millis(40 * 60'000);
  CHECK(message(n).find("黄金时间：首次回应宜在 2026-03-10 16:40 前发出（北京时间）") !=
        std::string::npos);
  n.golden_until = n.at - core::Millis(60'000);
  CHECK(message(n).find("黄金时间：首次回应的黄金时间已于 2026-03-10 15:59 结束（北京时间）") !=
        std::string::npos);
  n.golden_until = {};
  CHECK(message(n).find("黄金") == std::string::npos);
}

TEST_CASE("a figure of a report is written by the ending of its name") {
  const auto fact = [](std::string name, int64_t number, std::string text = "") {
    const auto [label, value] = alerting::fact_in_words({std::move(name), number, text}, 480);
    return label + "=" + value;
  };
  CHECK(fact("cost_cny", 2'408'000) == "方案费用=2,408,000 元");
  CHECK(fact("time_to_detect_minutes", 4) == "首发到发现=4 分钟");
  CHECK(fact("time_to_decision_minutes", 120) == "发现到决定=2 小时");
  CHECK(fact("minutes_on:manager", 1'070) == "停留在“manager”级=17 小时 50 分钟");
  CHECK(fact("carried_out", 1) == "决定已全部执行=是");
  CHECK(fact("carried_out", 0) == "决定已全部执行=否");
  CHECK(fact("lost_permille", 125) == "lost_permille=12.5%");
  CHECK(fact("seen_at", core::to_ms(fakes::kStart)) == "seen_at=2026-03-10 16:00");
  CHECK(fact("messages_undelivered", 1'203) == "未送达的消息=1,203");
  CHECK(fact("told_by", 0, "http://x.cn") == "told_by=hxxp://x[.]cn");
}

TEST_CASE("lower forms lose quotes first, and say how much is not shown") {
  const core::Notification n = fakes::sample();
  const std::string shorter = message(n, Degrade::Shorter), none = message(n, Degrade::NoQuotes);
  CHECK(shorter.find("阳光小区团购群") != std::string::npos);
  CHECK(shorter.find("宝妈1群") == std::string::npos);
  CHECK(shorter.find("其余证据：4 条") != std::string::npos);
  CHECK(none.find("阳光小区团购群") == std::string::npos);
  CHECK(none.find("\n证据：5 条") != std::string::npos);
  CHECK(none.find("范围：") != std::string::npos);
}

TEST_CASE("times follow the zone and say which one") {
  const std::string text = message(fakes::sample(), Degrade::Full, false, 0);
  CHECK(text.find("请在 2026-03-10 08:10 前确认（UTC+0）") != std::string::npos);
  CHECK(text.find("07:03 阳光小区团购群") != std::string::npos);
}

TEST_CASE("evidence of another day carries its date") {
  core::Notification n = fakes::sample();
  n.evidence[0].at -= core::Millis(24 * 3600'000);
  CHECK(message(n).find("2026-03-09 15:03 阳光小区团购群") != std::string::npos);
}

TEST_CASE("no loss is said to be unknown, not zero") {
  core::Notification n = fakes::sample();
  n.incident.loss_cny = 0;
  CHECK(message(n).find("损失：未能估算") != std::string::npos);
  CHECK(message(n).find("CNY") == std::string::npos);
}
