// Which incident a message belongs to: opening, joining, a second one, ending, coming back.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::IncidentState;
using core::Level;

TEST_CASE_FIXTURE(DeskStory, "three groups open an incident and tell the first rung") {
  hit("g1", 0min);
  hit("g2", 3min);
  CHECK(told(4min) == "");
  CHECK_FALSE(desk->open());
  hit("g3", 5min, {.sku = "SKU1"});
  CHECK(told(5min) == "duty");
  CHECK(text_of(now().because) == "rule_groups groups=3 within_minutes=60 rule=near-expiry");
  CHECK(now().revision == 1);
  CHECK(now().state == IncidentState::Open);
  CHECK(now().issue == "expiry");
  CHECK(now().level == Level::Yellow);
  CHECK(now().subject == "product:SKU1");
  CHECK(now().rung == 1);
  CHECK(now().rung_name == "duty");
  CHECK(now().groups == 3);
  CHECK(now().messages == 3);
  CHECK(now().people == 300);  // half of 3 x 200
  CHECK(now().loss_cny == 2'000);
  CHECK(now().first_at == at(0min));
  CHECK(now().previous == "");
  CHECK(last().cause == core::Cause::Opened);
  CHECK(last().evidence.size() == 3);
  CHECK(last().ack_by == at(15min));
  CHECK(last().decide_by == core::Time{});
}

TEST_CASE_FIXTURE(DeskStory,
                  "an incident's id is its opening day in the policy's zone and a hash") {
  open(10h + 30min);  // half past midnight in Beijing, still the 10th in Greenwich
  const std::string id = now().incident;
  CHECK(id.size() == 21);
  CHECK(id.starts_with("INC-20260311-"));
  DeskStory again;
  again.open(10h + 30min);
  CHECK(again.now().incident == id);
  DeskStory later;
  later.open(10h + 31min);
  CHECK(later.now().incident != id);
  DeskStory other(usual_policy(), alerting::Proof::Assumed, "brand:洁朗");
  other.open(10h + 30min);
  CHECK(other.now().incident != id);
}

TEST_CASE_FIXTURE(DeskStory,
                  "any issue joins the one open incident; the issue of most groups is shown") {
  open();
  hit("g4", 1min, {.rule = "mould-1", .issue = "mould"});
  CHECK(now().issue == "expiry");
  for (const char* group : {"g5", "g6", "g7"})
    hit(group, 2min, {.rule = "mould-1", .issue = "mould"});
  CHECK(now().issue == "mould");
  CHECK(desk->known().size() == 1);
  CHECK(changed(2min) == "rule_groups groups_doubled issue");
  CHECK(text_of(now().because) == "issue from=expiry to=mould");
}

TEST_CASE_FIXTURE(DeskStory, "one group that repeats itself is one group, however often") {
  hit("g1", 0min);
  for (int i = 1; i < 30; ++i) hit("g1", minutes(i));
  CHECK_FALSE(desk->open());
  hit("g2", 30min);
  hit("g3", 31min);
  CHECK(now().groups == 3);
  CHECK(now().messages == 32);
  CHECK(now().people == 300);
}

TEST_CASE_FIXTURE(DeskStory,
                  "the subject follows the votes of the last four hours, ties go to units sold") {
  hit("g1", 0min, {.sku = "SKU1"});
  hit("g2", 1min, {.sku = "SKU2"});
  hit("g3", 2min);
  CHECK(now().subject == "product:SKU2");  // one vote each, more units sold
  hit("g4", 3min, {.sku = "SKU1"});
  CHECK(now().subject == "product:SKU1");
  CHECK(text_of(now().because) == "subject from=product:SKU2 to=product:SKU1");
  CHECK(now().products.size() == 2);
  CHECK(now().products[0].sku == "SKU1");
  CHECK(now().products[0].votes_permille == 2000);
}

TEST_CASE_FIXTURE(DeskStory,
                  "votes older than four hours count no more; without any the subject stays") {
  for (const char* group : {"g1", "g2", "g3"}) hit(group, 0min, {.sku = "SKU1"});
  ack("duty", 1min);
  hit("g1", 3h, {.sku = "SKU2"});
  CHECK(now().subject == "product:SKU1");
  hit("g1", 4h);
  CHECK(now().subject == "product:SKU2");
  CHECK(now().products.size() == 1);
  hit("g1", 7h);
  decide("duty", 7h);
  CHECK(now().subject == "product:SKU2");
  CHECK(now().products.empty());
}

TEST_CASE("a family opens by the bounds of the ladder that its hits belong to") {
  core::Policy policy = desk_test::usual_policy();
  policy.ladders["short"].open.rule_groups = 1;
  DeskStory story(policy);
  core::Signal signal;
  signal.at = desk_test::at(0min);
  CHECK(story.desk->bounds(signal).rule_groups == 3);
  signal.hits = {{"near-expiry", "expiry", core::Level::Yellow, 1000, "", false}};
  CHECK(story.desk->bounds(signal).rule_groups == 3);
  signal.hits.push_back({"mould", "mould", core::Level::Yellow, 1000, "short", false});
  CHECK(story.desk->bounds(signal).rule_groups == 1);
  story.hit("g1", 0min, {.ladder = "short"});
  CHECK(story.told(0min) == "duty");
}

TEST_CASE_FIXTURE(DeskStory, "a family without votes is its own subject, and no loss is claimed") {
  open();
  CHECK(now().subject == "brand:汀白");
  CHECK(now().loss_cny == 0);
  CHECK(last().subject_name == "汀白");
}

TEST_CASE_FIXTURE(DeskStory, "mentions open with the mentions of the last hour as their evidence") {
  const Says quiet{.evidence = false};
  mention("g0", 0min, quiet);
  for (int i = 1; i <= 5; ++i) mention(group(i), 70min, quiet);
  mention("g6", 71min, {.opens = "mention_scan"});
  CHECK(changed(71min) == "mention_scan");
  CHECK(now().groups == 6);
  CHECK(now().issue == "mention");
  CHECK(now().level == Level::Blue);
  CHECK(last().issue_name == "集中提及");
}

TEST_CASE_FIXTURE(DeskStory,
                  "a mention incident takes the issue and ladder of its first rule and says so") {
  for (const char* group : {"g1", "g2", "g3", "g4", "g5"}) mention(group, 0min);
  mention("g6", 0min, {.opens = "mention_scan"});
  CHECK(told(0min) == "duty");
  hit("g7", 5min, {.rule = "mould-1", .issue = "mould"});
  CHECK(now().issue == "mould");
  CHECK(changed(5min) == "mention_scan level");  // yellow now, which comes before the issue
  CHECK(told(5min) == "duty");
  CHECK(last().cause == core::Cause::Updated);
  CHECK(told(11min) == "chief duty");  // the ladder `short` of the issue, one rung up
}

TEST_CASE_FIXTURE(DeskStory, "a first message opens even when its group is alone") {
  hit("t1", 0min,
      {.rule = "", .kind = core::Kind::Ticket, .reported = 3, .opens = "first_message"});
  CHECK(now().level == Level::Orange);
  CHECK(now().groups == 1);
  CHECK(now().people == 0);
  CHECK(told(0min) == "duty manager");
  CHECK(text_of(all.notifications[0].because) == "first_message");
  CHECK(text_of(all.notifications[1].because) == "rung_level level=orange");
  CHECK(all.notifications[1].cause == core::Cause::Opened);
}

TEST_CASE("an unknown family opens, tells nobody, climbs nowhere and ends by itself") {
  DeskStory story(usual_policy(), alerting::Proof::Required, "unknown:00ff");
  for (int i = 0; i < 40; ++i)
    story.hit(group(i), minutes(i), {.level = Level::Red, .sku = "SKU3"});
  CHECK(story.desk->open());
  CHECK(story.now().rung == 0);
  CHECK(story.now().rung_name == "");
  CHECK(story.told(39min + 4h) == "");
  CHECK_FALSE(story.desk->open());
  CHECK(story.now().because.code == "quiet");
}

TEST_CASE_FIXTURE(DeskStory,
                  "no evidence for four hours while open ends it, and those told hear of it") {
  open();
  CHECK(told(0min) == "duty");
  mention("g9", 30min, {.evidence = false});  // is no evidence, so it keeps nothing open
  until(4h - 1ms);
  CHECK(desk->open());
  changed(4h - 1ms);
  told(4h - 1ms);
  CHECK(changed(4h) == "quiet");
  CHECK(text_of(now().because) == "quiet minutes=240");
  CHECK(now().at == at(4h));
  CHECK(told(4h) == "duty manager director ceo");
  CHECK(last().cause == core::Cause::AllClear);
}

TEST_CASE_FIXTURE(DeskStory, "what somebody has acknowledged stays until a person ends it") {
  open();
  ack("duty", 1min);
  until(100h);
  CHECK(desk->open());
  CHECK(now().state == IncidentState::Acknowledged);
}

TEST_CASE_FIXTURE(
    DeskStory,
    "the bound crossed again within 72 hours reopens the same incident for the same people") {
  open();
  const std::string id = now().incident;
  until(11min);  // the manager was called
  close("manager", 20min);
  told(20min);
  hit("g1", 30min);
  hit("g2", 31min);
  CHECK_FALSE(desk->open());
  hit("g9", 32min);
  CHECK(desk->open());
  CHECK(now().incident == id);
  CHECK(now().revision == 4);
  CHECK(now().state == IncidentState::Open);
  CHECK(now().because.code == "rule_groups");
  CHECK(now().groups == 4);
  CHECK(now().messages == 6);
  CHECK(told(32min) == "duty manager");
  CHECK(last().cause == core::Cause::Reopened);
  CHECK(told(47min) == "director duty manager");  // its 15 minutes began anew
}

TEST_CASE_FIXTURE(DeskStory,
                  "its return is told to those who held the rungs of an earlier ladder too") {
  open();
  until(10min);  // duty and manager
  for (int i = 4; i <= 8; ++i) hit(group(i), 11min, {.rule = "mould-1", .issue = "mould"});
  close("manager", 12min);  // by now the ladder is `short`, of duty and chief
  told(12min);
  open(13min);
  CHECK(told(13min) == "duty chief manager");
  CHECK(last().cause == core::Cause::Reopened);
}

TEST_CASE_FIXTURE(DeskStory, "after 72 hours it is forgotten, and a new one knows the one before") {
  open();
  const std::string id = now().incident;
  close("duty", 10min);
  CHECK(desk->knows(id));
  until(72h + 10min);
  CHECK_FALSE(desk->knows(id));
  open(73h);
  CHECK(now().incident != id);
  CHECK(now().previous == id);
  CHECK(now().revision == 1);
}

TEST_CASE(
    "a shorter reopening time of the policy makes a new incident while the old one is still "
    "known") {
  core::Policy policy = usual_policy();
  policy.ladders.at("default").open.reopen = 2h;
  DeskStory story(policy);
  story.open();
  const std::string id = story.now().incident;
  story.close("duty", 10min);
  story.open(2h + 10min);
  CHECK(story.now().incident != id);
  CHECK(story.now().previous == id);
  CHECK(story.desk->known().size() == 2);
}

TEST_CASE_FIXTURE(DeskStory, "another category in other groups opens a second incident by itself") {
  const Says detergent{.sku = "SKU1", .category = "洗衣液"};
  const Says shampoo{.rule = "mould-1", .issue = "mould", .sku = "SKU3", .category = "洗发水"};
  for (const char* group : {"g1", "g2", "g3"}) hit(group, 0min, detergent);
  const std::string first = now().incident;
  changed(0min);
  hit("g1", 1min, shampoo);  // a group that named the first's category does not count
  hit("h1", 2min, shampoo);
  hit("h2", 3min, shampoo);
  CHECK(desk->known().size() == 1);
  hit("h3", 4min, shampoo);
  CHECK(desk->known().size() == 2);
  CHECK(now().incident != first);
  CHECK(now().groups == 3);
  CHECK(now().issue == "mould");
  CHECK(now().subject == "product:SKU3");
  CHECK(text_of(now().because) == "rule_groups groups=3 within_minutes=60 rule=mould-1");
  CHECK(last().cause == core::Cause::Opened);

  SUBCASE("evidence that names its category goes to it, all other to the first") {
    hit("h4", 5min, shampoo);
    hit("h5", 6min, shampoo);
    hit("h6", 7min, shampoo);
    CHECK(now().because.code == "groups_doubled");
    CHECK(now().groups == 6);
    for (const char* group : {"k1", "k2", "k3", "k4", "k5", "k6"}) hit(group, 8min);
    CHECK(now().incident == first);
    CHECK(desk->open_incident() == first);
  }
  SUBCASE("there is no third one") {
    for (const char* group : {"m1", "m2", "m3", "m4"}) hit(group, 9min, {.category = "香皂"});
    CHECK(desk->known().size() == 2);
  }
  SUBCASE("a third trouble, after the second one ended, does not bring that back") {
    core::Act end = act_of("close", "duty");
    end.incident = now().incident;
    desk->act(end, at(5min), all);
    for (const char* group : {"m1", "m2", "m3"}) hit(group, 9min, {.category = "香皂"});
    CHECK(desk->known().size() == 3);
    CHECK(now().previous == end.incident);
  }
  SUBCASE("the votes for it went with it") {
    hit("g4", 10min, detergent);
    hit("g5", 10min, detergent);
    REQUIRE(now().incident == first);
    REQUIRE(now().products.size() == 2);
    CHECK(now().products[0].sku == "SKU1");
    CHECK(now().products[1].votes_permille == 1000);  // g1's, which named both
  }
  SUBCASE("when the first one ends, the second one takes all, until the first comes back") {
    const std::string second = now().incident;
    core::Act end = act_of("close", "duty");
    end.incident = first;
    desk->act(end, at(5min), all);
    CHECK(desk->open_incident() == second);
    for (const char* group : {"n1", "n2", "n3"}) hit(group, 6min);
    CHECK(now().incident == second);
    for (const char* group : {"n4", "n5", "n6"}) hit(group, 7min, detergent);
    CHECK(now().incident == first);
    CHECK(last().cause == core::Cause::Reopened);
    CHECK(desk->known().size() == 2);
  }
}

TEST_CASE_FIXTURE(DeskStory,
                  "while the first incident's category is unknown nothing is another category") {
  open();
  for (const char* group : {"h1", "h2", "h3", "h4"}) hit(group, 1min, {.category = "洗发水"});
  CHECK(desk->known().size() == 1);
}

TEST_CASE_FIXTURE(DeskStory, "copies are counted, originals of the highest level are shown first") {
  hit("g1", 0min, {.text = "抄来的", .copy = true});
  hit("g2", 1min, {.text = "原话"});
  hit("g3", 2min, {.text = "又一句", .copy = true});
  hit("g4", 3min, {.level = Level::Orange, .text = "很严重"});
  CHECK(now().messages == 4);
  CHECK(now().copies == 2);
  REQUIRE(last().evidence.size() == 3);
  CHECK(last().evidence[0].excerpt == "很严重");
  CHECK(last().evidence[1].excerpt == "原话");
  CHECK(last().evidence[2].excerpt == "抄来的");
  CHECK(last().evidence[0].channel_name == "群g4");
}

TEST_CASE_FIXTURE(DeskStory, "what a group leader takes back stays as evidence and is marked") {
  const std::string before = hit("g1", 0min, {.text = "群主的话"});
  hit("g2", 1min);
  CHECK(recall(before, 2min));
  CHECK_FALSE(recall("never-seen", 2min));
  const std::string after = hit("g3", 3min, {.text = "再说一次"});
  CHECK(last().evidence.at(0).excerpt == "[已撤回] 群主的话");
  CHECK(recall(after, 4min));
  until(13min);
  CHECK(last().evidence.at(2).excerpt == "[已撤回] 再说一次");
  CHECK(now().groups == 3);
  CHECK(now().messages == 3);
}
