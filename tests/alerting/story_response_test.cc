// What is decided and carried out (DOMAIN.md P5, P6, P10, P14), each as a story with a clock.
#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/decision_log.h"
#include "story_line.h"

using namespace desk_test;
using core::Cause;
using core::IncidentState;

namespace {

// Service may refund on the spot up to 5,000 CNY, and take off the shelf or close a warehouse.
core::Policy service_policy() {
  core::Policy p = detergent_policy();
  p.ladders["default"].rungs[0].authority_cny = 5'000;
  core::ResponseOption refund;
  refund.id = "refund-quota";
  refund.name = "现场退款";
  refund.cost.fixed_cny = 3'000;
  refund.actions = {"off-shelf", "close-warehouse"};
  p.options.push_back(std::move(refund));
  p.actions["close-warehouse"] = {"close-warehouse", "关闭前置仓", "webhook:warehouse",
                                  "重新开放前置仓", 20min};
  return p;
}

std::vector<std::string> offered(const core::Notification& n) {
  std::vector<std::string> all;
  for (const core::OptionOffer& o : n.options)
    all.push_back(o.id + " " + std::to_string(o.cost_cny.low) + "-" +
                  std::to_string(o.cost_cny.middle) + "-" + std::to_string(o.cost_cny.high) +
                  (o.within_authority ? " may" : ""));
  return all;
}

}  // namespace

TEST_CASE("P5: options with their costs, and an option above the rung is the next rung's") {
  StoryLine story;
  story.spread({.sku = "TB201"});  // 50,000 sold at 50 CNY: the director's by its loss
  CHECK(offered(story.newest("cs-manager")) ==
        std::vector<std::string>{"statement 0-0-0 may", "keep-and-coupon 15000-40000-75000 may",
                                 "return-and-compensate 100000-300000-1000000"});
  CHECK(offered(story.newest("qa-director")).back() ==
        "return-and-compensate 100000-300000-1000000 may");
  const std::string card = story.card("qa-director");
  CHECK(says(card,
             "全额退货并赔一倍（return-and-compensate），约 300,000 元（100,000–1,000,000 元）"));
  CHECK(says(card, "执行 联系群主、发布声明、下架；您有权决定"));
  CHECK(says(card, "在 1,000,000 元权限内选定一个方案"));
  CHECK_FALSE(says(story.card("cs-manager"), "方案 1"));  // informed: the director decides
  story.line(0min);
  story.decide("cs-manager", 10min, "return-and-compensate");
  CHECK(story.line(10min) == "10 approval needs_authority: qa-director@3\n");
  CHECK(says(story.card("qa-director"), "全额退货并赔一倍"));
  story.ack("qa-director", 12min);
  CHECK(story.now().state == IncidentState::Acknowledged);  // proposed, not decided
  story.does("approve", "qa-director", 20min);
  CHECK(story.line(20min) ==
        "20 decided decided: duty@1 cs-manager@2 qa-director@3\n"
        "20 action action: leaders>webhook:leaders statement>webhook:statement "
        "off-shelf>webhook:shelf\n");
  CHECK(story.log() ==
        "10 proposed cs-manager return-and-compensate\n"
        "20 approved qa-director return-and-compensate\n"
        "20 decided qa-director return-and-compensate\n"
        "20 action_sent qa-director leaders\n20 action_sent qa-director statement\n"
        "20 action_sent qa-director off-shelf\n");
  CHECK(story.frozen("decided", "cost_low_cny") == 100'000);
  CHECK(story.frozen("decided", "cost_cny") == 300'000);
  CHECK(story.frozen("decided", "cost_high_cny") == 1'000'000);
  // What is learnt later changes nothing of what was seen then.
  for (int n = 4; n <= 9; ++n) story.hit(group(n), 25min, {.sku = "TB103"});
  CHECK(story.now().loss_cny == 4'005'960);
  CHECK(story.frozen("decided", "loss_cny") == 500'000);
}

TEST_CASE("P6: group leaders are called first, and whether they were is tracked") {
  StoryLine story;
  story.spread({.sku = "TB103", .category = "洗衣液"});
  story.line(0min);
  CHECK(says(story.card("ceo"), "执行 联系群主、发布声明"));
  story.decide("ceo", 12min, "statement");
  CHECK(says(story.line(12min),
             "12 action action: leaders>webhook:leaders statement>webhook:statement\n"));
  const core::Notification call = story.all.notifications.at(story.all.notifications.size() - 2);
  REQUIRE(call.action == "leaders");
  CHECK(call.action_name == "联系群主");
  story.outcome("delivered", call, 13min);
  story.does("result", "duty", 20min, "statement", "done");
  // The system took the order, and nobody has said that a leader was called: after an hour that is
  // told to the decider and to duty.
  CHECK(story.line(71min) == "");
  CHECK(story.line(72min) == "72 action_late action_late: ceo@4 duty@1\n");
  CHECK(says(story.card("duty"), "联系群主"));
  story.does("result", "duty", 80min, "leaders", "done");
  CHECK(story.why() == "action_done action=联系群主 by=duty open=0");
  CHECK(story.log() ==
        "12 decided ceo statement\n12 action_sent ceo leaders\n12 action_sent ceo statement\n"
        "20 action_result duty statement\n72 action_result ceo leaders\n"
        "80 action_result duty leaders\n");
}

TEST_CASE("P10: service acts within its quota at once, and what fails comes back to it") {
  StoryLine story(service_policy());
  story.spread({.sku = "TB401"});
  CHECK(story.line(0min) == "0 opened rule_groups: duty@1\n");
  CHECK(story.newest("duty").authority_cny == 5'000);
  CHECK(says(story.card("duty"),
             "现场退款（refund-quota），约 3,000 元，执行 下架、关闭前置仓；您有权决定"));
  story.decide("duty", 2min, "refund-quota");
  CHECK(story.line(2min) ==
        "2 decided decided: duty@1\n"
        "2 action action: off-shelf>webhook:shelf close-warehouse>webhook:warehouse\n");
  CHECK(says(story.card("duty"), "重新开放前置仓"));  // how it is taken back
  story.does("result", "duty", 5min, "off-shelf", "done");
  CHECK(story.line(21min) == "");
  CHECK(story.line(22min) == "22 action_late action_late: duty@1\n");
  CHECK(says(story.card("duty"), "措施“关闭前置仓”在 20 分钟内没有结果"));
  story.does("result", "duty", 25min, "close-warehouse", "failed");
  CHECK(story.line(25min) == "25 action_late action_failed: duty@1\n");
  story.does("result", "duty", 26min, "close-warehouse", "done");  // tried again by hand
  CHECK(story.why() == "action_done action=关闭前置仓 by=duty open=0");
  CHECK(story.log() ==
        "2 decided duty refund-quota\n2 action_sent duty off-shelf\n"
        "2 action_sent duty close-warehouse\n5 action_result duty off-shelf\n"
        "22 action_result duty close-warehouse\n25 action_result duty close-warehouse\n"
        "26 action_result duty close-warehouse\n");
}

TEST_CASE("P10: beyond its quota nothing is sent before somebody who may has said so") {
  StoryLine story(service_policy());
  story.spread({.sku = "TB301"});
  story.line(0min);
  story.decide("duty", 2min, "keep-and-coupon");  // 8,000
  CHECK(story.line(2min) == "2 approval needs_authority: cs-manager@2\n");
  CHECK(story.times("duty", Cause::Action) == 0);
  CHECK(says(story.card("cs-manager"), "批准：qingyu approve"));
  SUBCASE("approved") {
    story.does("approve", "cs-manager", 9min);
    CHECK(story.line(9min) ==
          "9 decided decided: duty@1 cs-manager@2\n9 action action: leaders>webhook:leaders\n");
  }
  SUBCASE("rejected, and duty is told why") {
    story.does("reject", "cs-manager", 9min);
    CHECK(story.line(9min) == "9 updated rejected: duty@1\n");
    CHECK(story.log() ==
          "2 proposed duty keep-and-coupon\n9 rejected cs-manager keep-and-coupon\n");
  }
}

TEST_CASE("P10: above the bound of four eyes a second person approves") {
  core::Policy policy = detergent_policy();
  policy.four_eyes_over_cny = 1'000'000;
  policy.people["vice"] = policy.people["ceo"];
  policy.people["vice"].id = "vice";
  policy.roles["tops"] = {"tops", "总经理室", {"ceo", "vice"}};
  policy.ladders["default"].rungs[3].who = {core::Who::Kind::Role, "tops"};
  StoryLine story(std::move(policy));
  story.spread({.sku = "TB103"});
  story.line(0min);
  story.decide("ceo", 5min, "return-and-compensate");  // 2,403,576
  CHECK(story.line(5min) == "5 approval needs_second: vice@4\n");
  story.does("approve", "ceo", 6min);
  CHECK(story.refusal() == "same_person by=ceo option=return-and-compensate");
  story.does("approve", "vice", 7min);
  CHECK(story.line(7min) ==
        "7 decided decided: duty@1 cs-manager@2 qa-director@3 vice@4 ceo@4\n"
        "7 action action: leaders>webhook:leaders statement>webhook:statement "
        "off-shelf>webhook:shelf\n");
  CHECK(says(story.log(),
             "5 proposed ceo return-and-compensate\n7 approved vice return-and-compensate\n"
             "7 decided ceo return-and-compensate\n"));
}

TEST_CASE("P14: at half past nine every morning of the emergency all who know of it are briefed") {
  StoryLine story;
  story.spread({.sku = "TB103"});  // at 14:00
  story.decide("ceo", 5min, "statement");
  story.does("result", "duty", 30min, "leaders", "done");
  story.does("result", "duty", 30min, "statement", "failed");
  story.line(1h);
  for (int n = 4; n <= 7; ++n) story.hit(group(n), 10h, {.members = 500});
  CHECK(story.line(19h + 29min) == "");
  CHECK(story.line(19h + 30min) ==
        "1170 briefing briefing: duty@1 cs-manager@2 qa-director@3 ceo@4\n");
  const std::string card = story.card("ceo");
  CHECK(says(card, "每日通报：事件第 2 天"));
  CHECK(says(card, "波及的群：7"));
  CHECK(says(card, "其中新增的群：4"));
  CHECK(says(card, "x"));
  CHECK(story.line(43h + 30min) ==
        "2610 briefing briefing: duty@1 cs-manager@2 qa-director@3 ceo@4\n");
  CHECK(says(story.card("ceo"), "事件第 3 天"));
  story.close("ceo", 48h);
  story.line(48h);
  CHECK(story.line(200h) == "");  // with the all-clear the meetings end
  CHECK(story.times("ceo", Cause::Review) == 1);
}

TEST_CASE("P14: what opened within the hour waits for the next morning") {
  StoryLine story;
  story.spread({.sku = "TB103"}, 19h);  // 09:00
  story.decide("ceo", 19h + 5min, "statement");
  story.line(20h);
  CHECK(story.times("ceo", Cause::Briefing) == 0);
  story.line(43h + 30min);
  CHECK(story.times("ceo", Cause::Briefing) == 1);
  CHECK(says(story.card("ceo"), "事件第 2 天"));
}
