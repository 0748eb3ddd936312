// Who is told: duty, stand-by, nobody; and what people do to an incident by hand.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using alerting::Proof;
using core::Cause;
using core::Level;

namespace {

core::Person person(std::string id) {
  core::Person one;
  one.id = one.name = std::move(id);
  one.channels = {"terminal"};
  return one;
}

// Rung 1 is a rota of two layers: anna then ben in turns of a day from the story's start, carl
// stands by.
core::Policy rota_policy() {
  core::Policy p = usual_policy();
  for (const char* id : {"anna", "ben", "carl"}) p.people[id] = person(id);
  core::Rota rota;
  rota.id = "pr";
  rota.layers = {{{"anna", "ben"}, at(-1h), 1}, {{"carl"}, at(-1h), 1}};
  p.rotas["pr"] = rota;
  p.ladders.at("default").rungs[0].who = {core::Who::Kind::Rota, "pr"};
  return p;
}

core::Act by_hand(std::string what, std::string by, std::string option = "") {
  core::Act act = act_of(std::move(what), std::move(by));
  act.incident = "family:brand:汀白";
  act.option = std::move(option);
  act.because = "先稳住";
  return act;
}

void send(DeskStory& story, const core::Act& act, core::Millis when) {
  story.until(when);
  story.desk->act(act, at(when), story.all);
}

}  // namespace

TEST_CASE("a rota's first layer is told; the stand-by when it cannot be reached; then the rung") {
  DeskStory story(rota_policy(), Proof::Required);
  story.open();
  CHECK(story.told(59s) == "anna");
  CHECK(story.told(60s) == "carl");
  CHECK(story.last().because.code == "not_delivered");
  CHECK(story.now().rung == 1);
  CHECK(story.told(119s) == "");
  CHECK(story.told(120s) == "manager anna carl");  // nobody of rung 1 was reached
  CHECK(story.now().because.code == "not_delivered");
}

TEST_CASE("what was suppressed on purpose is no reason to climb and nobody reached") {
  DeskStory story(usual_policy(), Proof::Required);
  story.open();
  story.outcome("suppressed", story.last(), 5s);
  story.told(5s);
  CHECK(story.told(9min) == "");
  CHECK(story.told(10min) == "manager duty");  // the deadline is as it was
}

TEST_CASE("nobody on duty: the fallback stands in, else the next rung, and never silence") {
  core::Policy policy = usual_policy();
  policy.ladders.at("default").rungs[0].who = {core::Who::Kind::Role, "nobody"};
  SUBCASE("fallback") {
    policy.fallback_person = "chief";
    DeskStory story(policy);
    story.open();
    CHECK(story.told(0min) == "chief");
    CHECK(story.text_of(story.last().because) == "nobody_on_duty rung=duty");
    CHECK(story.now().rung == 1);
  }
  SUBCASE("the next rung at once") {
    DeskStory story(policy);
    story.open();
    CHECK(story.told(0min) == "manager");
    CHECK(story.text_of(story.last().because) == "nobody_on_duty rung=duty");
    CHECK(story.now().rung == 2);
    CHECK(story.now().because.code == "rule_groups");
  }
  SUBCASE("at the top rung 1 is asked") {
    policy = usual_policy();
    policy.ladders.at("default").rungs[3].who = {core::Who::Kind::Role, "nobody"};
    DeskStory story(policy);
    story.open();
    story.told(39min);
    CHECK(story.told(40min) == "duty manager director");
    CHECK(story.now().rung == 4);
    CHECK(story.told(70min) == "duty");
    CHECK(story.last().because.code == "nobody_on_duty");
    CHECK(story.told(85min) == "duty");
  }
}

TEST_CASE("after a change of duty the new person is told what it is about at the next reminder") {
  core::Policy policy = rota_policy();
  policy.ladders.at("default").rungs.resize(1);
  DeskStory story(policy);
  story.open(22h + 45min);
  CHECK(story.told(22h + 45min) == "anna");
  CHECK(story.told(22h + 56min) == "anna");
  CHECK(story.told(23h + 10min) == "ben");
  CHECK(story.last().cause == Cause::Updated);
  CHECK(story.text_of(story.last().because) == "handover from=anna to=ben");
  CHECK(story.told(23h + 25min) == "ben");
  CHECK(story.last().cause == Cause::Reminder);
}

TEST_CASE_FIXTURE(DeskStory, "by hand: up by one or to a named rung, with who said so") {
  open();
  told(0min);
  send(*this, by_hand("escalate", "duty"), 1min);
  CHECK(told(1min) == "manager duty");
  CHECK(text_of(now().because) == "by_hand by=duty rung=manager reason=先稳住");
  send(*this, by_hand("escalate", "manager", "ceo"), 2min);
  CHECK(told(2min) == "director ceo duty manager");
  CHECK(now().rung == 4);
  send(*this, by_hand("escalate", "manager", "director"), 3min);
  CHECK(refused().because.code == "no_such_rung");
  send(*this, by_hand("escalate", "manager", "board"), 3min);
  CHECK(all.refusals.size() == 2);
  send(*this, by_hand("escalate", "manager"), 3min);
  CHECK(all.refusals.size() == 3);
}

TEST_CASE_FIXTURE(DeskStory, "only people lower it, and what was known does not raise it again") {
  open();
  hit("g4", 1min, {.sku = "SKU2"});  // 60,000: the manager, orange
  CHECK(now().rung == 2);
  // Two more votes turn the subject to a cheap product: the loss falls, nothing else does.
  for (int i = 5; i < 8; ++i) hit(group(i), 2min, {.sku = "SKU1"});
  CHECK(now().loss_cny == 2'000);
  CHECK(now().rung == 2);
  CHECK(now().level == Level::Orange);
  told(2min);
  send(*this, by_hand("deescalate", "manager"), 3min);
  CHECK(told(3min) == "duty manager");
  CHECK(text_of(now().because) == "deescalated by=manager from=orange to=yellow reason=先稳住");
  CHECK(now().rung == 1);
  for (int i = 8; i < 12; ++i) hit(group(i), 4min, {.sku = "SKU2"});
  CHECK(now().rung == 1);
  CHECK(now().level == Level::Yellow);
  for (int i = 12; i <= 20; ++i) hit(group(i), 5min);  // a higher rung's own bound
  CHECK(now().rung == 3);
  CHECK(now().level == Level::Red);
}

TEST_CASE_FIXTURE(DeskStory, "by hand to another person, who then is told") {
  open();
  told(0min);
  core::Act over = by_hand("handover", "duty");
  over.value = "chief";
  send(*this, over, 1min);
  CHECK(told(1min) == "chief");
  CHECK(text_of(last().because) == "handover from=duty to=chief");
  over.value = "stranger";
  send(*this, over, 2min);
  CHECK(refused().because.code == "unknown_person");
}
