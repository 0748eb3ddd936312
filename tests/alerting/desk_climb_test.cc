// Up the ladder: by bounds at once, by missed deadlines at their time, by what cannot be delivered.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::Cause;
using core::IncidentState;
using core::Level;

TEST_CASE_FIXTURE(DeskStory,
                  "nobody acknowledges: one rung up at each due time, those below are informed") {
  open();
  CHECK(told(9min + 59s) == "duty");
  CHECK(told(10min) == "manager duty");
  CHECK(text_of(now().because) == "missed_ack minutes=10 rung=duty person=duty");
  CHECK(now().at == at(10min));
  CHECK(all.notifications[1].cause == Cause::Escalated);
  CHECK(all.notifications[1].ack_by == at(25min));
  CHECK(all.notifications[1].decide_by == at(70min));
  CHECK(all.notifications[1].authority_cny == 100'000);
  CHECK(all.notifications[2].person == "duty");
  CHECK(all.notifications[2].ack_by == core::Time{});
  CHECK(told(25min) == "director duty manager");
  CHECK(told(40min) == "ceo duty manager director");
  CHECK(now().rung == 4);
  CHECK(now().level == Level::Yellow);  // nobody's silence makes it more serious
}

TEST_CASE_FIXTURE(DeskStory, "deadlines noticed late run at their own due times") {
  open();
  until(41min);  // one look, long after
  CHECK(changed(41min) == "rule_groups missed_ack missed_ack missed_ack");
  CHECK(all.changes[1].at == at(10min));
  CHECK(all.changes[2].at == at(25min));
  CHECK(all.changes[3].at == at(40min));
}

TEST_CASE_FIXTURE(DeskStory, "acknowledged but not decided: the decision's deadline climbs") {
  open();
  until(10min);
  ack("manager", 12min);
  CHECK(text_of(now().because) == "acknowledged by=manager");
  told(12min);
  CHECK(told(69min) == "");
  CHECK(told(70min) == "director duty manager");
  CHECK(text_of(now().because) == "missed_decide minutes=60 rung=manager person=manager");
  CHECK(now().state == IncidentState::Acknowledged);
  CHECK(last().ack_by == core::Time{});
}

TEST_CASE_FIXTURE(DeskStory,
                  "at the top the question is asked again and again until somebody decides") {
  open();
  hit("g4", 1min, {.sku = "SKU3"});  // 1.6 million: the ceo at once
  CHECK(now().rung == 4);
  CHECK(now().because.code == "rung_loss");
  told(1min);
  changed(1min);
  CHECK(told(31min) == "ceo");
  CHECK(last().cause == Cause::Reminder);
  CHECK(text_of(last().because) == "reminder minutes=30 waiting_for=decide");
  CHECK(told(46min) == "ceo");
  CHECK(text_of(last().because) == "reminder minutes=45 waiting_for=decide");
  CHECK(changed(46min) == "reminder reminder");  // each its own revision: ids never repeat
  ack("ceo", 50min);
  CHECK(told(64min) == "");
  CHECK(told(65min) == "ceo");
  decide("ceo", 66min);
  told(66min);
  CHECK(told(6h) == "");
}

TEST_CASE("a top rung with an ack deadline first waits for that, then for the decision") {
  core::Policy policy = usual_policy();
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.rungs.resize(1);
  ladder.rungs[0].decide = 40min;
  DeskStory story(policy);
  story.open();
  story.told(0min);
  CHECK(story.told(10min) == "duty");
  CHECK(story.text_of(story.last().because) == "reminder minutes=10 waiting_for=ack");
  CHECK(story.last().ack_by == at(25min));  // overdue: then it is asked again
  CHECK(story.last().decide_by == at(40min));
  CHECK(story.told(25min) == "duty");
  story.ack("duty", 30min);
  CHECK(story.told(39min) == "");
  CHECK(story.told(40min) == "duty");
  CHECK(story.text_of(story.last().because) == "reminder minutes=40 waiting_for=decide");
  CHECK(story.last().ack_by == core::Time{});
  CHECK(story.last().decide_by == at(55min));
  CHECK(story.told(55min) == "duty");
}

TEST_CASE("where reminders run already a missed decision adds none of its own") {
  core::Policy policy = usual_policy();
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.rungs.resize(1);
  ladder.rungs[0].decide = 20min;
  DeskStory story(policy);
  story.open();
  CHECK(story.told(24min) == "duty duty");  // opened, and reminded at 10 min
  CHECK(story.told(25min) == "duty");
}

TEST_CASE("a reminder interval of nothing does not stand still") {
  core::Policy policy = usual_policy();
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.rungs.resize(1);
  ladder.rungs[0].ack = 0min;
  ladder.remind = 0min;
  DeskStory story(policy);
  story.open();
  story.until(5min);
  CHECK(story.all.notifications.size() == 7);  // told, asked at once, then once a minute
}

TEST_CASE_FIXTURE(DeskStory, "a bound enters its rung at once, and no rung is skipped silently") {
  open();
  told(0min);
  for (int i = 4; i <= 19; ++i) hit(group(i), minutes(i - 3) / 10);
  changed(2min);
  CHECK(told(2min) == "");
  hit("g20", 3min);
  CHECK(told(3min) == "manager director duty");
  CHECK(changed(3min) == "rung_groups");
  CHECK(text_of(now().because) == "rung_groups groups=20 bound=20");
  CHECK(now().rung == 3);
  CHECK(now().level == Level::Red);  // the bound's level
  const auto manager = all.notifications[all.notifications.size() - 3];
  CHECK(manager.person == "manager");
  CHECK(text_of(manager.because) == "rung_level level=red");
  CHECK(last().person == "duty");
  CHECK(last().because.code == "rung_groups");
  CHECK(told(18min) == "ceo duty manager director");  // the director's own 15 minutes
}

TEST_CASE_FIXTURE(DeskStory, "every bound is said with its figures") {
  SUBCASE("loss") {
    hit("g1", 0min, {.sku = "SKU2"});
    hit("g2", 0min);
    hit("g3", 0min);
    CHECK(text_of(all.notifications[1].because) ==
          "rung_loss loss_cny=60000 bound_cny=50000 units=10000 price_fen=3000 share_permille=200 "
          "sku=SKU2");
    CHECK(all.notifications[1].person == "manager");
    CHECK(all.notifications[1].cause == Cause::Opened);
    CHECK(now().because.code == "rule_groups");
  }
  SUBCASE("people") {
    open();
    hit("author", 1min, {.kind = core::Kind::Post, .followers = 1'000'000});
    CHECK(text_of(now().because) == "rung_people people=100300 bound=100000");
    CHECK(now().rung == 4);
  }
  SUBCASE("level") {
    open();
    hit("g4", 1min, {.rule = "poison", .level = Level::Orange});
    CHECK(text_of(now().because) == "rung_level level=orange");
    CHECK(now().level == Level::Orange);
  }
  SUBCASE("always, on a rung above the first") {
    core::Policy policy = usual_policy();
    policy.ladders.at("default").rungs[1].enter.always = true;
    DeskStory story(policy);
    story.open();
    CHECK(story.told(0min) == "duty manager");
    CHECK(text_of(story.last().because) == "rung_always");
  }
}

TEST_CASE_FIXTURE(DeskStory,
                  "the level never falls and its rise without a rung is told to the highest rung") {
  hit("g1", 0min, {.level = Level::Blue});
  hit("g2", 0min, {.level = Level::Blue});
  hit("g3", 0min, {.level = Level::Blue});
  CHECK(now().level == Level::Blue);
  told(0min);
  hit("g4", 1min, {.rule = "near-expiry-2", .level = Level::Yellow});
  CHECK(text_of(now().because) == "level from=blue to=yellow rule=near-expiry-2");
  CHECK(told(1min) == "duty");
  CHECK(last().cause == Cause::Updated);
  CHECK(last().ack_by == at(10min));
  for (int i = 5; i < 9; ++i) hit(group(i), 2min, {.level = Level::Blue});
  CHECK(now().level == Level::Yellow);
  CHECK(told(2min) == "");
}

TEST_CASE_FIXTURE(DeskStory,
                  "groups that double make a revision, and nobody is told again for it") {
  open();
  told(0min);
  changed(0min);
  for (int i = 4; i <= 12; ++i) hit(group(i), 1min);
  CHECK(changed(1min) == "groups_doubled groups_doubled");
  CHECK(text_of(now().because) == "groups_doubled groups=12 before=6");
  CHECK(told(1min) == "");
}

TEST_CASE_FIXTURE(DeskStory, "the doubling time is how long ago half of the groups were there") {
  for (int i = 1; i <= 3; ++i) hit(group(i), minutes(5 * i));
  CHECK(now().doubling_minutes == 0);  // three groups are too few to tell
  ack("duty", 16min);
  for (int i = 4; i <= 8; ++i) hit(group(i), minutes(5 * i));
  CHECK(now().groups == 6);  // the last revision: they have doubled at 30 min
  CHECK(now().doubling_minutes == 15);
  decide("duty", 41min);
  CHECK(now().groups == 8);
  CHECK(now().doubling_minutes == 21);
  close("duty", 100min);
  CHECK(now().doubling_minutes == 0);  // no new group for an hour
}

TEST_CASE_FIXTURE(DeskStory,
                  "the ladder of the shown issue holds, and the rungs entered stay entered") {
  open();
  until(10min);
  REQUIRE(now().rung == 2);
  for (int i = 4; i <= 8; ++i) hit(group(i), 11min, {.rule = "mould-1", .issue = "mould"});
  CHECK(now().issue == "mould");
  CHECK(now().rung == 2);
  CHECK(now().rung_name == "chief");
  hit("g9", 12min, {.rule = "mould-2", .issue = "mould", .level = Level::Red});
  CHECK(now().rung == 2);  // nothing above it on this ladder
  CHECK(last().person == "chief");
  CHECK(last().cause == Cause::Updated);
}

TEST_CASE_FIXTURE(DeskStory, "a rule's own ladder stands before its issue's") {
  for (const char* group : {"g1", "g2", "g3"})
    hit(group, 0min, {.rule = "mould-1", .issue = "mould", .ladder = "default"});
  CHECK(told(10min) == "duty manager duty");
}

TEST_CASE_FIXTURE(DeskStory,
                  "a rung number beyond the new ladder is kept and means its last rung") {
  open();
  until(40min);
  REQUIRE(now().rung == 4);
  for (int i = 4; i <= 8; ++i) hit(group(i), 41min, {.rule = "mould-1", .issue = "mould"});
  CHECK(now().rung == 4);
  CHECK(now().rung_name == "chief");
  told(41min);
  until(2h);
  CHECK(now().because.code == "reminder");
  CHECK(last().person == "chief");
}

TEST_CASE_FIXTURE(DeskStory, "held deadlines stand still and begin anew when it has caught up") {
  hold(true, 0min);
  open(1min);
  CHECK(last().ack_by == core::Time{});
  CHECK(told(50min) == "duty");
  hold(false, 55min);
  CHECK(told(64min) == "");
  CHECK(told(65min) == "manager duty");
  CHECK(text_of(now().because) == "missed_ack minutes=10 rung=duty person=duty");
  hold(true, 66min);
  CHECK(told(4h) == "");
  hold(true, 4h);                            // once more changes nothing
  CHECK(told(4h + 1min) == "duty manager");  // quiet ends are not held
  CHECK(now().because.code == "quiet");
}

TEST_CASE_FIXTURE(DeskStory, "a quiet end while held wakes nobody about the other incident") {
  const Says detergent{.sku = "SKU1", .category = "洗衣液"}, shampoo{.category = "洗发水"};
  for (const char* group : {"g1", "g2", "g3"}) hit(group, 0min, detergent);
  hold(true, 1min);
  for (const char* group : {"h1", "h2", "h3"}) hit(group, 2min, shampoo);
  REQUIRE(desk->known().size() == 2);
  hit("h4", 30min, shampoo);
  changed(30min);
  CHECK(changed(4h + 2min) == "quiet");
  CHECK(desk->open());
  CHECK(changed(4h + 30min) == "quiet");
}

TEST_CASE_FIXTURE(DeskStory, "a bound crossed while held still tells at once") {
  hold(true, 0min);
  open(1min);
  hit("g4", 2min, {.level = Level::Orange});
  CHECK(told(2min) == "duty manager duty");
  hold(false, 10min);
  CHECK(told(25min) == "director duty manager");
}

TEST_CASE_FIXTURE(DeskStory, "caught up without having been held changes nothing") {
  open();
  hold(false, 5min);
  CHECK(told(10min) == "duty manager duty");
}

TEST_CASE("whoever holds several rungs is told once, on the highest") {
  core::Policy policy = usual_policy();
  policy.ladders.at("default").rungs[2].who.id = "manager";
  DeskStory story(policy);
  story.open();
  story.hit("g4", 1min, {.level = Level::Red});
  CHECK(story.told(1min) == "duty manager duty");
  CHECK(story.all.notifications[1].rung == 3);
}

TEST_CASE_FIXTURE(DeskStory, "a bound crossed after the decision still tells, without deadlines") {
  open();
  decide("duty", 5min);
  told(5min);
  hit("g4", 6min, {.sku = "SKU3"});
  CHECK(told(6min) == "manager director ceo duty");
  CHECK(now().state == IncidentState::Decided);
  CHECK(last().decide_by == core::Time{});
  CHECK(told(19h) == "");
  CHECK(desk->due() == at(19h + 30min));  // only the daily briefing
}
