// Silences: nobody is told for a while, and what ends them.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::Cause;

TEST_CASE_FIXTURE(DeskStory, "while it is silent nobody is told and the deadlines stand still") {
  save_and_load_always();
  open();
  CHECK(told(0min) == "duty");
  does("silence", "duty", 5min, "", "60");
  CHECK(text_of(now().because) == "silenced by=duty minutes=60 reason=看过");
  for (int n = 4; n < 9; ++n) hit(group(n), 6min);
  CHECK(now().because.code == "groups_doubled");  // revisions go on
  CHECK(told(64min) == "");
  SUBCASE("when it ends the rung is told, and its deadlines begin") {
    CHECK(told(65min) == "duty");
    CHECK(text_of(now().because) == "silence_ended by=duty");
    CHECK(last().ack_by == at(75min));
    CHECK(told(74min) == "");
    CHECK(told(75min) == "manager duty");
  }
  SUBCASE("a person ends it") {
    does("unsilence", "manager", 64min);
    CHECK(told(64min) == "duty");
    CHECK(text_of(now().because) == "unsilenced by=manager reason=看过");
    does("unsilence", "manager", 64min);
    CHECK(text_of(refused().because) == "no_silence by=manager");
  }
  SUBCASE("the bound of a higher rung ends it at once") {
    changed(64min);
    for (int n = 9; n < 21; ++n) hit(group(n), 64min);
    CHECK(told(64min) == "manager director duty");
    CHECK(changed(64min).find("silence_gives_way") != std::string::npos);
  }
  SUBCASE("a red level ends it at once") {
    Says red;
    red.level = core::Level::Red;
    hit("g1", 64min, red);
    CHECK(told(64min).find("director") != std::string::npos);
  }
  SUBCASE("a decision is told in spite of it") {
    decide("duty", 64min);
    CHECK(told(64min) == "duty");
    CHECK(last().cause == Cause::Decided);
    CHECK(told(3h) == "");
  }
}

TEST_CASE("only who holds a rung or may silence does, for a time within bounds") {
  core::Policy policy = usual_policy();
  policy.people["anna"] = policy.people["ben"] = policy.people["duty"];
  policy.people["ben"].may = {"silence"};
  DeskStory story(std::move(policy));
  story.open();
  const auto refusal = [&] { return DeskStory::text_of(story.refused().because); };
  story.does("silence", "anna", 1min, "", "60");
  CHECK(refusal() == "may_not_silence by=anna");
  for (const char* minutes : {"", "0", "-5", "10081", "5x", "99999999999999"}) {
    story.does("silence", "ben", 1min, "", minutes);
    CHECK(refusal() == "silence_minutes by=ben");
  }
  CHECK(story.changed(1min) == "rule_groups");
  story.does("silence", "ben", 1min, "", "10080");
  CHECK(story.changed(1min) == "silenced");
}
