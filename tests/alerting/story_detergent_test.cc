// The laundry detergent end to end (DOMAIN.md): CNY 20 million in a day, near its expiry date; a
// loss of millions is the CEO's to decide.
#include <doctest/doctest.h>

#include "alerting/case_library.h"
#include "alerting/decision_log.h"
#include "story_line.h"

using namespace desk_test;
using alerting::Proof;
using core::Cause;
using core::IncidentState;
using core::Level;

namespace {

const Says kDetergent = {.sku = "TB103", .category = "洗衣液"};

}  // namespace

TEST_CASE_FIXTURE(
    StoryLine, "detergent: the ceo decides within 30 minutes, and all are told once that it ends") {
  spread(kDetergent);
  CHECK(line(0min) ==
        "0 opened rule_groups: duty@1\n"
        "0 opened rung_loss: cs-manager@2 qa-director@3 ceo@4\n");
  const std::string asked = card("ceo");
  CHECK(says(asked, "【红】新事件，请您决定：汀白洗衣液2kg 临期/过期"));
  CHECK(says(asked, "预期损失约 4,005,960 元，超过 1,000,000 元的界限"));
  CHECK(says(asked, "3 个群，约 750 人看到（按 250 定律估算）"));
  CHECK(says(asked, "损失：预期约 4,005,960 元（八成可能 2,002,980–8,011,920 元）"));
  CHECK(says(asked, "全额退货并赔一倍（return-and-compensate），约 2,403,576 元"));
  CHECK(says(asked, "请在 2026-03-10 14:30 前作出决定（北京时间）"));
  CHECK(says(asked, "首次回应宜在 2026-03-10 15:00 前发出"));
  CHECK(says(asked, "任何金额均可，选定即执行"));
  ack("duty", 4min);
  decide("ceo", 28min, "return-and-compensate");
  CHECK(line(28min) ==
        "28 decided decided: duty@1 cs-manager@2 qa-director@3 ceo@4\n"
        "28 action action: leaders>webhook:leaders statement>webhook:statement "
        "off-shelf>webhook:shelf\n");
  CHECK(says(card("duty"), "全额退货并赔一倍"));
  for (const char* done : {"leaders", "statement", "off-shelf"})
    does("result", "duty", 40min, done, "done");
  CHECK(why() == "action_done action=下架 by=duty open=0");
  close("ceo", 3h);
  CHECK(line(3h) == "180 all_clear closed_by: duty@1 cs-manager@2 qa-director@3 ceo@4\n");
  CHECK(line(100h) == "");
  for (const char* person : {"duty", "cs-manager", "qa-director", "ceo"})
    CHECK(times(person, Cause::AllClear) == 1);
  CHECK(log() ==
        "28 decided ceo return-and-compensate\n"
        "28 action_sent ceo leaders\n28 action_sent ceo statement\n28 action_sent ceo off-shelf\n"
        "40 action_result duty leaders\n40 action_result duty statement\n"
        "40 action_result duty off-shelf\n"
        "180 closed ceo return-and-compensate\n");
  CHECK_FALSE(alerting::verify_chain(all.entries));
}

TEST_CASE_FIXTURE(StoryLine, "detergent: nobody answers, and the top is never silent") {
  spread({});  // which product is not known yet: nothing but the silence of people climbs
  CHECK(line(39min) ==
        "0 opened rule_groups: duty@1\n"
        "10 escalated missed_ack: cs-manager@2 duty@1\n"
        "25 escalated missed_ack: qa-director@3 duty@1 cs-manager@2\n");
  CHECK(line(99min) ==
        "40 escalated missed_ack: ceo@4 duty@1 cs-manager@2 qa-director@3\n"
        "70 reminder reminder: ceo@4\n"
        "85 reminder reminder: ceo@4\n");
  CHECK(says(card("ceo"), "已过 45 分钟，仍在等待决定"));
  CHECK(says(card("ceo"), "【黄】催办，待决定"));
  CHECK(says(card("ceo"), "请在 2026-03-10 15:40 前作出决定"));  // else it is asked again
  CHECK(says(card("ceo"), "--by ceo --option"));
  // As long as the talk goes on it does not end by itself, and every quarter of an hour asks again.
  for (int hour = 2; hour <= 30; ++hour) hit("g1", hours(hour));
  until(30h);
  core::Time before = at(85min);
  for (const core::Notification& n : all.notifications) {
    if (n.cause != Cause::Reminder || n.at <= before) continue;
    CHECK(n.person == "ceo");
    CHECK(n.at - before == 15min);
    before = n.at;
  }
  CHECK(before == at(30h - 5min));
  CHECK(now().state == IncidentState::Open);
  CHECK(all.entries.empty());  // nobody has decided anything
  line(30h);
  // Four hours without a word: it ends, and all who were told learn it.
  const std::string end = line(35h);
  CHECK(says(end, "2040 all_clear quiet: duty@1 cs-manager@2 qa-director@3 ceo@4\n"));
  CHECK(log() == "2040 closed  \n");
}

TEST_CASE_FIXTURE(StoryLine, "detergent: two people decide at once; one wins, the other is told") {
  spread(kDetergent);
  line(0min);
  decide("ceo", 10min, "statement");
  decide("ceo", 10min, "return-and-compensate");  // a second press
  CHECK(refusal() == "already_decided by=ceo option=statement minutes=0");
  decide("qa-director", 10min, "keep-and-coupon");  // within her authority, a moment later
  CHECK(refusal() == "already_decided by=ceo option=statement minutes=0");
  CHECK(refused().by == "qa-director");
  CHECK(refused().incident == now().incident);
  CHECK(line(10min) ==
        "10 decided decided: duty@1 cs-manager@2 qa-director@3 ceo@4\n"
        "10 action action: leaders>webhook:leaders statement>webhook:statement\n");
  CHECK(says(card("qa-director"), "ceo 已决定：statement（理由：先认错）"));
  CHECK(log() ==
        "10 decided ceo statement\n10 action_sent ceo leaders\n10 action_sent ceo statement\n");
}

TEST_CASE("detergent: the lower one is first, the higher one decides otherwise") {
  StoryLine story;
  story.spread(kDetergent);
  story.decide("qa-director", 5min, "statement");
  story.line(5min);
  story.decide("ceo", 5min, "return-and-compensate");
  CHECK(story.line(5min) ==
        "5 decided overruled: duty@1 cs-manager@2 qa-director@3 ceo@4\n"
        "5 action action: off-shelf>webhook:shelf\n");  // what was sent is not sent again
  CHECK(story.log() ==
        "5 decided qa-director statement\n5 action_sent qa-director leaders\n"
        "5 action_sent qa-director statement\n"
        "5 overruled ceo return-and-compensate\n5 action_sent ceo off-shelf\n");
}

TEST_CASE("detergent: the channel is dead, so the next one, then the next rung, with that reason") {
  StoryLine story;
  story.spread({.sku = "TB201"});  // 500,000: up to the director
  CHECK(story.line(0min) ==
        "0 opened rule_groups: duty@1\n0 opened rung_loss: cs-manager@2 qa-director@3\n");
  const core::Notification first = story.newest("qa-director");
  REQUIRE(first.channel == "wecom:qa");
  story.outcome("refused", first, 1min);
  CHECK(story.line(1min) == "1 opened not_delivered: qa-director@3/webhook:backup\n");
  CHECK(story.last().incident.revision == first.incident.revision);  // the same news
  CHECK(story.last().ack_by == at(15min));
  story.outcome("refused", story.last(), 2min);
  CHECK(story.line(2min) == "2 escalated not_delivered: ceo@4 duty@1 cs-manager@2 qa-director@3\n");
  CHECK(story.why() == "not_delivered person=qa-director channel=webhook:backup");
  CHECK(says(story.card("ceo"), "不能证明消息已送达 qa-director（渠道 webhook:backup）"));
  CHECK(story.now().level == Level::Red);  // the director's bound; a dead channel raises nothing
  // Nothing arrives at the top either: there is nobody above, and it asks on.
  story.outcome("refused", story.newest("ceo"), 3min);
  CHECK(story.line(33min) == "32 reminder reminder: ceo@4\n");
}

TEST_CASE("detergent: no proof of delivery within a minute is a dead channel too") {
  StoryLine story(detergent_policy(), Proof::Required);
  story.spread({});
  CHECK(story.line(3min) ==
        "0 opened rule_groups: duty@1\n"
        "1 escalated not_delivered: cs-manager@2 duty@1\n"
        "2 escalated not_delivered: cs-manager@2/webhook:manager\n"
        "3 escalated not_delivered: qa-director@3 duty@1 cs-manager@2\n");
  story.outcome("delivered", story.all.notifications.at(4), 3min + 10s);  // the director's
  CHECK(says(story.line(18min),
             "18 escalated missed_ack: ceo@4 duty@1 cs-manager@2 qa-director@3\n"));
}

TEST_CASE_FIXTURE(StoryLine,
                  "detergent: the loss falls under the bound, and only a person lowers it") {
  spread(kDetergent);
  line(0min);
  // It was the soap, not the detergent: four against three votes.
  for (int i = 4; i <= 9; ++i) hit(group(i), 6min, {.sku = "TB401"});
  CHECK(now().subject == "product:TB401");
  CHECK(now().loss_cny == 2'000);
  CHECK(now().rung == 4);
  CHECK(now().level == Level::Red);
  CHECK(line(29min) == "");
  CHECK(line(30min) == "30 reminder reminder: ceo@4\n");  // the ceo's time still runs
  CHECK(says(card("ceo"), "损失：预期约 2,000 元"));
  does("deescalate", "ceo", 31min);
  CHECK(line(31min) == "31 updated deescalated: duty@1 cs-manager@2 qa-director@3 ceo@4\n");
  CHECK(why() == "deescalated by=ceo from=red to=orange reason=看过");
  CHECK(now().rung == 3);
  for (int i = 10; i < 14; ++i) hit(group(i), 32min, kDetergent);
  CHECK(now().rung == 3);  // what was known does not bring it back by itself
  CHECK(line(45min) == "");
  CHECK(line(46min) == "46 escalated missed_ack: ceo@4 duty@1 cs-manager@2 qa-director@3\n");
  close("ceo", 50min);
  CHECK(line(50min) == "50 all_clear closed_by: duty@1 cs-manager@2 qa-director@3 ceo@4\n");
}

TEST_CASE("detergent: the same customer threatens twice, and then the manager is told") {
  core::Policy policy = detergent_policy();
  policy.ladders["default"].rungs[1].enter.exposure_threats = 2;
  StoryLine story(std::move(policy));
  Says threat{.rule = "expose", .service = true, .opens = "first_message", .threat = true};
  threat.customer = std::string("c1");
  threat.order = std::string("o1");
  story.hit("service", 0min, threat);
  CHECK(story.line(0min) == "0 opened first_message: duty@1\n");
  threat.opens.clear();
  SUBCASE("by customer") { threat.order = std::string("o2"); }
  SUBCASE("by order") { threat.customer = std::string("c2"); }
  story.hit("service", 4min, threat);
  CHECK(story.line(4min) == "4 escalated rung_threats: cs-manager@2 duty@1\n");
  CHECK(story.why() == "rung_threats threats=2 bound=2");
  CHECK(says(story.card("cs-manager"), "同一客户或订单 2 次扬言曝光，达到 2 次的界限"));
  CHECK(says(story.card("cs-manager"), "同一顾客扬言曝光 2 次"));
  story.hit("service", 6min, threat);
  CHECK(story.line(6min) == "6 updated threat_again: cs-manager@2\n");
}
