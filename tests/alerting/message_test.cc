// Golden messages: a change of wording is a change of these.
#include "alerting/message.h"

#include <doctest/doctest.h>

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

TEST_CASE("the first alert gives the person on call the evidence") {
  CHECK(message(fakes::sample()) ==
        R"(【黄】新事件：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r1 · 待确认 · 致 值班（第 1 级）
原因：1 小时内有 3 个不同的群命中规则“near-expiry”
范围：3 个群，约 375 人看到（按 250 定律估算）；证据 5 条，其中转发 2 条；首发 2026-03-10 15:03
速度：尚未看出持续增长
损失：预期约 120,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）
期限：请在 2026-03-10 16:10 前确认（北京时间），逾期将升级或再次催办
权限：不能决定支出，可确认、补充情况
  15:03 阳光小区团购群：“刚收到的洗衣液还有三个月就过期了”
  15:40 宝妈1群：“我家这瓶也是，电话138********”
其余证据：3 条，见 qingyu show INC-20260310-7K3M9Q2A
确认：qingyu ack INC-20260310-7K3M9Q2A --by duty
[YELLOW] new incident: expiry, product:TB103; 3 groups, about 375 people, expected loss about CNY 120,000; 3 distinct groups hit rule near-expiry within 1 hour; acknowledge by 2026-03-10 16:10 UTC+8. INC-20260310-7K3M9Q2A r1)");
}

TEST_CASE("whoever must decide gets the short form with both deadlines and the authority") {
  CHECK(message(escalation()) ==
        R"(【红】升级到第 3 级：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r4 · 待确认 · 致 质检总监（第 3 级）
原因：预期损失约 1,204,000 元，超过 300,000 元的界限（估算：TB103 近 7 天售出 150,500 件 × 单价 39.9 元 × 假定 20% 须赔付）
范围：24 个群，约 3,120 人看到（按 250 定律估算）
速度：约 38 分钟翻一番
损失：预期约 1,204,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）
知会：第 1–2 级已同时告知
期限：请在 2026-03-10 16:10 前确认、2026-03-10 16:45 前作出决定（北京时间），逾期将升级或再次催办
权限：可决定 1,000,000 元以内的方案；预期损失已超出，超出部分须由上一级决定
证据：1,031 条，见 qingyu show INC-20260310-7K3M9Q2A
确认：qingyu ack INC-20260310-7K3M9Q2A --by qa-director
决定：qingyu decide INC-20260310-7K3M9Q2A --by qa-director --option 方案
[RED] escalated to rung 3: expiry, product:TB103; 24 groups, about 3,120 people; expected loss about CNY 1,204,000, above the bound of 300,000 (estimate: 150,500 units of TB103 sold in 7 days x price 39.9 x assumed share 20%); acknowledge by 2026-03-10 16:10 UTC+8; decide by 2026-03-10 16:45 UTC+8. INC-20260310-7K3M9Q2A r4)");
}

TEST_CASE("a lower rung is told who has it now") {
  core::Notification n = escalation();
  n.rung = 1;
  n.person = "duty";
  n.person_name = "值班";
  n.ack_by = n.decide_by = core::Time{};
  CHECK(message(n) ==
        R"(【红】已升级到第 3 级，供您知悉：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r4 · 待确认 · 致 值班（第 1 级）
原因：预期损失约 1,204,000 元，超过 300,000 元的界限（估算：TB103 近 7 天售出 150,500 件 × 单价 39.9 元 × 假定 20% 须赔付）
范围：24 个群，约 3,120 人看到（按 250 定律估算）；证据 1,031 条，其中转发 2 条；首发 2026-03-10 15:03
速度：约 38 分钟翻一番
损失：预期约 1,204,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）
负责：第 3 级（director）
  15:03 阳光小区团购群：“刚收到的洗衣液还有三个月就过期了”
  15:40 宝妈1群：“我家这瓶也是，电话138********”
其余证据：1,029 条，见 qingyu show INC-20260310-7K3M9Q2A
确认：qingyu ack INC-20260310-7K3M9Q2A --by duty
[RED] for your information, escalated to rung 3: expiry, product:TB103; 24 groups, about 3,120 people; expected loss about CNY 1,204,000, above the bound of 300,000 (estimate: 150,500 units of TB103 sold in 7 days x price 39.9 x assumed share 20%). INC-20260310-7K3M9Q2A r4)");
}

TEST_CASE("a reminder asks again for what is missing") {
  core::Notification n = escalation();
  n.cause = Cause::Reminder;
  n.rung = n.incident.rung = 4;
  n.person = "ceo";
  n.person_name = "总经理";
  n.ack_by = core::Time{};
  n.authority_cny = -1;
  n.incident.state = core::IncidentState::Acknowledged;
  n.because = {"reminder", {{"minutes", 15, ""}, {"waiting_for", 0, "decide"}}};
  CHECK(message(n) ==
        R"(【红】催办，待决定：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r4 · 已确认 · 致 总经理（第 4 级）
原因：已过 15 分钟，仍在等待决定
范围：24 个群，约 3,120 人看到（按 250 定律估算）
速度：约 38 分钟翻一番
损失：预期约 1,204,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）
知会：第 1–3 级已同时告知
期限：请在 2026-03-10 16:45 前作出决定（北京时间），逾期将升级或再次催办
权限：可决定任何金额的方案
证据：1,031 条，见 qingyu show INC-20260310-7K3M9Q2A
决定：qingyu decide INC-20260310-7K3M9Q2A --by ceo --option 方案
[RED] reminder: expiry, product:TB103; 24 groups, about 3,120 people, expected loss about CNY 1,204,000; still waiting for decide after 15 minutes; decide by 2026-03-10 16:45 UTC+8. INC-20260310-7K3M9Q2A r4)");
}

TEST_CASE("a decision is told with who, what and why") {
  core::Notification n = escalation();
  n.cause = Cause::Decided;
  n.incident.state = core::IncidentState::Decided;
  n.because = {
      "decided",
      {{"by", 0, "qa-director"}, {"option", 0, "退货并全额补偿"}, {"reason", 0, "先认错"}}};
  CHECK(message(n) ==
        R"(【红】已作决定：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r4 · 已决定 · 致 质检总监（第 3 级）
决定：qa-director 已决定：退货并全额补偿（理由：先认错）
范围：24 个群，约 3,120 人看到（按 250 定律估算）
损失：预期约 1,204,000 元（估算：近 7 天销量 × 单价 × 假定赔付比例）
结束：qingyu close INC-20260310-7K3M9Q2A --by qa-director
[RED] decided: expiry, product:TB103; 24 groups, about 3,120 people, expected loss about CNY 1,204,000; qa-director decided: 退货并全额补偿 (reason: 先认错). INC-20260310-7K3M9Q2A r4)");
}

TEST_CASE("the all-clear is short and asks for nothing") {
  core::Notification n = fakes::sample();
  n.cause = Cause::AllClear;
  n.incident.revision = 6;
  n.incident.state = core::IncidentState::Closed;
  n.because = {"quiet", {{"minutes", 240, ""}}};
  CHECK(message(n) ==
        R"(【黄】警报解除：汀白洗衣液2kg 临期/过期
事件：INC-20260310-7K3M9Q2A · r6 · 已关闭 · 致 值班（第 1 级）
原因：4 小时内没有新的证据，事件自行结束
最终范围：3 个群，约 375 人看到（按 250 定律估算）
[YELLOW] all clear: expiry, product:TB103; 3 groups, about 375 people; no new evidence for 4 hours, it ended by itself. INC-20260310-7K3M9Q2A r6)");
}

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
        R"(（重发）【红】升级到第 3 级：舆情事件
事件：INC-20260310-7K3M9Q2A · r4 · 待确认
期限：请在 2026-03-10 16:10 前确认、2026-03-10 16:45 前作出决定（北京时间），逾期将升级或再次催办
确认：qingyu ack INC-20260310-7K3M9Q2A --by qa-director
决定：qingyu decide INC-20260310-7K3M9Q2A --by qa-director --option 方案
[RED] escalated to rung 3; acknowledge by 2026-03-10 16:10 UTC+8; decide by 2026-03-10 16:45 UTC+8. INC-20260310-7K3M9Q2A r4)");
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
