// An agent reports: peers are asked before the ladder is climbed (P1).
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::Cause;
using core::IncidentState;

namespace {

core::Policy with_peers() {
  core::Policy p = usual_policy();
  for (const char* id : {"anna", "ben", "cai"}) {
    p.people[id] = p.people["duty"];
    p.people[id].id = id;
  }
  p.roles["agents"] = {"agents", "坐席", {"anna", "ben", "cai"}};
  p.ladders["default"].consult = core::Consult{{core::Who::Kind::Role, "agents"}, 15min, 3};
  return p;
}

struct Peers : DeskStory {
  Peers() : DeskStory(with_peers()) {}
  void report(core::Millis when, uint8_t sensitivity = 2) {
    Says says;
    says.kind = core::Kind::AgentReport;
    says.sensitivity = sensitivity;
    says.reporter = "anna";
    hit("desk", when, says);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Peers, "a report asks the peers of its agent and nobody of the ladder") {
  save_and_load_always();
  report(0min);
  CHECK(told(0min) == "ben cai");
  CHECK(last().cause == Cause::Consulted);
  CHECK(last().ack_by == at(15min));
  CHECK(now().rung == 0);
  CHECK(text_of(now().because) == "agent_report reporter=anna sensitivity=2");
  CHECK(desk->open());
  CHECK(!desk->on_ladder());
  SUBCASE("the first who confirms starts the ladder") {
    does("advise", "ben", 3min, "doubt");
    CHECK(told(3min) == "");
    does("advise", "cai", 4min, "confirm");
    CHECK(text_of(now().because) == "peers_confirmed by=cai reason=看过");
    CHECK(told(4min) == "duty");
    CHECK(last().cause == Cause::Opened);
    CHECK(last().ack_by == at(14min));
    does("advise", "ben", 5min, "confirm");
    CHECK(text_of(refused().because) == "not_consulted by=ben");
  }
  SUBCASE("who stays silent does not keep it from the ladder") {
    does("advise", "ben", 3min, "doubt");
    told(14min);
    CHECK(told(15min) == "duty");
    CHECK(text_of(now().because) == "peers_silent minutes=15 asked=2");
  }
  SUBCASE("all in doubt close it, and all of them learn it") {
    does("advise", "ben", 3min, "doubt");
    does("advise", "cai", 5min, "doubt");
    CHECK(now().state == IncidentState::Closed);
    CHECK(text_of(now().because) == "peers_doubted asked=2");
    CHECK(told(24h) == "ben cai anna");
    CHECK(last().cause == Cause::AllClear);
  }
  SUBCASE("evidence that crosses the bound meanwhile opens at once") {
    hit("g1", 1min);
    CHECK(told(1min) == "");
    hit("g2", 2min);
    CHECK(told(2min) == "duty");
    CHECK(now().because.code == "rule_groups");
    CHECK(told(11min) == "");  // the peers' time is over
  }
  SUBCASE("a report that is too sensitive to ask about opens at once") {
    report(1min, 5);
    CHECK(told(1min) == "duty");
  }
  SUBCASE("a hold gives the peers their time again") {
    hold(true, 5min);
    CHECK(told(30min) == "");
    hold(false, 30min);
    CHECK(told(44min) == "");
    CHECK(told(45min) == "duty");
  }
  SUBCASE("advice of others, or without a word, is refused") {
    does("advise", "duty", 1min, "doubt");
    CHECK(text_of(refused().because) == "not_consulted by=duty");
    does("advise", "ben", 1min, "maybe");
    CHECK(text_of(refused().because) == "no_advice by=ben");
    CHECK(changed(1min) == "agent_report");
  }
}

TEST_CASE_FIXTURE(Peers, "above the greatest sensitivity the ladder is told at once") {
  report(0min, 4);
  CHECK(told(0min) == "duty");
  CHECK(last().cause == Cause::Opened);
}

TEST_CASE("without a peer on duty the ladder is told at once") {
  core::Policy policy = with_peers();
  policy.roles["agents"].people = {"anna"};
  DeskStory story(std::move(policy));
  Says says;
  says.kind = core::Kind::AgentReport;
  says.sensitivity = 1;
  says.reporter = "anna";
  story.hit("desk", 0min, says);
  CHECK(story.told(0min) == "duty");
}
