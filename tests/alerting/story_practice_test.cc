// What the five companies do by hand (DOMAIN.md P1-P6, P10, P14), each as a story with a clock.
#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/case_library.h"
#include "alerting/decision_log.h"
#include "story_line.h"

using namespace desk_test;
using core::Cause;
using core::IncidentState;
using core::Level;

namespace {

core::Policy with_peers() {
  core::Policy p = detergent_policy();
  for (const char* id : {"anna", "ben", "cai"}) {
    p.people[id] = p.people["duty"];
    p.people[id].id = p.people[id].name = id;
  }
  p.roles["agents"] = {"agents", "坐席", {"anna", "ben", "cai"}};
  p.ladders["default"].consult = core::Consult{{core::Who::Kind::Role, "agents"}, 15min, 3};
  return p;
}

const Says kReport = {.sku = "TB103",
                      .text = "好几位客户说洗衣液快过期了",
                      .kind = core::Kind::AgentReport,
                      .sensitivity = 2,
                      .reporter = "anna"};

}  // namespace

TEST_CASE("P1: an agent reports, peers are asked side by side, then it goes up") {
  StoryLine story(with_peers());
  story.hit("desk", 0min, kReport);
  CHECK(story.line(0min) == "0 consulted agent_report: ben@1 cai@1\n");
  const std::string asked = story.card("ben");
  CHECK(says(asked, "坐席 anna 上报（敏感度 2），先请同组同事判断"));
  CHECK(says(asked, "请在 2026-03-10 14:15 前回复（北京时间），逾期按阶梯上报"));
  CHECK(says(asked, "好几位客户说洗衣液快过期了"));
  CHECK(says(asked, "--option confirm"));
  story.does("advise", "ben", 5min, "doubt");
  CHECK(story.line(7min) == "");  // one doubt of two closes nothing
  story.does("advise", "cai", 8min, "confirm");
  CHECK(story.line(8min) ==
        "8 opened peers_confirmed: duty@1\n"
        "8 opened rung_loss: cs-manager@2 qa-director@3 ceo@4\n");
  CHECK(story.why() == "peers_confirmed by=cai reason=看过");
  CHECK(story.newest("ceo").decide_by == at(38min));
  story.decide("ceo", 20min, "statement");
  for (const char* done : {"leaders", "statement"})
    story.does("result", "duty", 40min, done, "done");
  story.close("ceo", 60min);
  CHECK(says(story.line(60min), "60 all_clear closed_by: duty@1 cs-manager@2 qa-director@3 ceo@4"));
  CHECK(story.log() ==
        "20 decided ceo statement\n20 action_sent ceo leaders\n20 action_sent ceo statement\n"
        "40 action_result duty leaders\n40 action_result duty statement\n"
        "60 closed ceo statement\n");
}

TEST_CASE("P1: what is too sensitive to ask about, and what peers leave lying, goes up anyway") {
  StoryLine story(with_peers());
  Says report = kReport;
  report.sku.clear();
  SUBCASE("too sensitive") {
    report.sensitivity = 5;
    story.hit("desk", 0min, report);
    CHECK(story.line(0min) == "0 opened agent_report: duty@1\n");
  }
  SUBCASE("left lying") {
    story.hit("desk", 0min, report);
    CHECK(story.line(20min) ==
          "0 consulted agent_report: ben@1 cai@1\n15 opened peers_silent: duty@1\n");
  }
  SUBCASE("all in doubt: it ends, and the agent learns it too") {
    story.hit("desk", 0min, report);
    story.does("advise", "ben", 3min, "doubt");
    story.does("advise", "cai", 4min, "doubt");
    CHECK(story.line(20min) ==
          "0 consulted agent_report: ben@1 cai@1\n4 all_clear peers_doubted: ben@1 cai@1 anna@1\n");
  }
}

TEST_CASE("P1: whoever learns of an incident sees what resolved the ones like it before") {
  StoryLine story(with_peers());
  story.hit("desk", 0min, kReport);
  story.does("advise", "cai", 1min, "confirm");
  story.decide("ceo", 20min, "return-and-compensate");
  story.close("ceo", 5h);
  const std::string first = story.now().incident;
  std::vector<alerting::ClosedCase> cases(1);
  REQUIRE(story.all.slots.size() == 1);
  REQUIRE(alerting::decode(story.all.slots[0].value, cases[0]));
  // Four days later another agent reports the same of a product beside it.
  Says again = kReport;
  again.sku = std::string("TB301");
  again.reporter = std::string("cai");
  story.hit("desk", 96h, again);
  REQUIRE(story.now().incident != first);
  const auto like = [&](const std::string& person) {
    return alerting::similar_cases(story.newest(person), cases, detergent_policy());
  };
  REQUIRE(like("ben").size() == 1);
  const std::string line =
      "相似事件：汀白洗衣液2kg 临期/过期（2026-03-10 结案）：全额退货并赔一倍，已处理 · " + first;
  alerting::Extras extras;
  extras.similar = like("ben");
  CHECK(says(story.card("ben", extras), line));
  story.does("advise", "ben", 96h + 3min, "confirm");
  extras.similar = like("cs-manager");
  CHECK(says(story.card("cs-manager", extras), line));
  story.until(96h + 18min);  // the director is new to it, the manager has had it
  CHECK(like("qa-director").size() == 1);
  CHECK(like("cs-manager").empty());
  story.decide("qa-director", 96h + 20min, "statement");
  CHECK(like("qa-director").empty());
}

TEST_CASE("P2: a threat to go public is told before any post exists, and belongs to a customer") {
  core::Policy policy = detergent_policy();
  policy.ladders["default"].rungs[1].enter.exposure_threats = 2;
  StoryLine story(std::move(policy));
  Says threat{.rule = "expose",
              .text = "不退钱我就发小红书曝光你们",
              .service = true,
              .opens = "first_message",
              .customer = "c1",
              .order = "o1",
              .threat = true};
  threat.members = 0;
  story.hit("service", 0min, threat);
  CHECK(story.line(0min) == "0 opened first_message: duty@1\n");
  CHECK(story.now().threats == 1);
  CHECK(says(story.card("duty"), "不退钱我就发小红书曝光你们"));
  CHECK(says(story.card("duty"), "同一顾客扬言曝光 1 次"));
  threat.opens.clear();
  for (int other = 2; other <= 6; ++other) {  // many who threaten once are many, not one twice
    threat.customer = "c" + std::to_string(other);
    threat.order = "o" + std::to_string(other);
    story.hit("service", minutes(other), threat);
  }
  CHECK(story.now().threats == 1);
  CHECK(story.line(6min) == "");
  story.ack("duty", 7min);
  story.close("duty", 30min);
  CHECK(story.line(30min) == "30 all_clear closed_by: duty@1\n");
  CHECK(story.log() == "30 closed duty \n");
}

TEST_CASE("P3: half of each group sees it; how far it will go is said, and can climb by itself") {
  core::Policy policy = detergent_policy();
  policy.ladders["default"].rungs[2].enter.people = core::Over{8'000, 300, 6h};
  StoryLine story(std::move(policy));
  const Says words{.members = 500};
  for (int n = 1; n <= 3; ++n) story.hit(group(n), minutes(n), words);
  CHECK(story.now().people == 750);  // 3 x 500, half of them
  CHECK(story.line(3min) == "3 opened rule_groups: duty@1\n");
  story.ack("duty", 5min);
  for (int n = 4; n <= 9; ++n) story.hit(group(n), minutes(5 * n), words);
  CHECK(story.line(45min) ==
        "30 escalated rung_level: cs-manager@2\n"
        "30 escalated rung_people_ahead: qa-director@3 duty@1\n");
  CHECK(story.why() ==
        "rung_people_ahead people=8812 within_minutes=360 bound=8000 chance_permille=582");
  const std::string card = story.card("qa-director");
  CHECK(says(card, "预计 6 小时后约有 8,812 人看到，超过 8,000 人的可能性约 58.2%"));
  CHECK(says(card, "6 个群，约 1,500 人看到（按 250 定律估算）"));
  CHECK(says(card, "约 27 分钟翻一番"));
  CHECK(says(card, "八成可能 4,312–17,250 人"));
  CHECK(says(card, "尚不清楚：是哪个商品；损失多大"));
  // One post with a million followers, a tenth of whom see it: the ceo's, whatever it costs.
  story.hit("author", 50min, {.kind = core::Kind::Post, .followers = 1'000'000});
  CHECK(story.line(50min) == "50 escalated rung_people: ceo@4 duty@1 cs-manager@2 qa-director@3\n");
  CHECK(story.why() == "rung_people people=102250 bound=100000");
}

TEST_CASE("P4: the expected loss says which level decides, and the figures are kept") {
  struct Row {
    const char *sku, *told;
    uint32_t rung;
  };
  for (const Row& row :
       {Row{"TB401", "0 opened rule_groups: duty@1\n", 1},
        {"TB301", "0 opened rule_groups: duty@1\n0 opened rung_loss: cs-manager@2\n", 2},
        {"TB201",
         "0 opened rule_groups: duty@1\n"
         "0 opened rung_loss: cs-manager@2 qa-director@3\n",
         3},
        {"TB103",
         "0 opened rule_groups: duty@1\n"
         "0 opened rung_loss: cs-manager@2 qa-director@3 ceo@4\n",
         4}}) {
    StoryLine story;
    story.spread({.sku = row.sku});
    CHECK(story.line(0min) == row.told);
    CHECK(story.now().rung == row.rung);
  }
}

TEST_CASE("P4: a missed deadline is the next rung's, and every step is on record") {
  StoryLine story;
  story.spread({.sku = "TB301"});  // 60,000: the manager has 15 minutes, and 60 to decide
  CHECK(story.newest("cs-manager").ack_by == at(15min));
  CHECK(story.newest("cs-manager").decide_by == at(60min));
  story.ack("cs-manager", 14min);
  CHECK(story.line(59min) == "0 opened rule_groups: duty@1\n0 opened rung_loss: cs-manager@2\n");
  CHECK(story.line(60min) == "60 escalated missed_decide: qa-director@3 duty@1 cs-manager@2\n");
  CHECK(says(story.card("qa-director"), "“manager”级的 cs-manager 未在 1 小时内作出决定"));
  CHECK(says(story.card("cs-manager"), "已升级到第 3 级，供您知悉"));
  story.decide("qa-director", 70min, "keep-and-coupon");
  CHECK(story.frozen("decided", "loss_cny") == 60'000);
  CHECK(story.frozen("decided", "groups") == 3);
  CHECK(story.frozen("decided", "rung") == 3);
  CHECK(story.frozen("decided", "authority_cny") == 1'000'000);
  story.close("qa-director", 2h);
  CHECK(story.changed(2h) == "rule_groups acknowledged missed_decide decided closed_by");
  CHECK_FALSE(alerting::verify_chain(story.all.entries));
}
