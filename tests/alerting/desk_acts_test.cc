// What people and the courier do: acts that count, acts that are refused, messages that do not
// arrive.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using alerting::Proof;
using core::Cause;
using core::IncidentState;

namespace {

struct Required : DeskStory {
  Required() : DeskStory(usual_policy(), Proof::Required) {}
};

}  // namespace

TEST_CASE_FIXTURE(DeskStory,
                  "a decision is told to everybody who was told, once, on their highest rung") {
  open();
  until(25min);  // duty, manager, director
  told(25min);
  decide("director", 30min, "下架并退款");
  CHECK(now().state == IncidentState::Decided);
  CHECK(text_of(now().because) == "decided by=director option=下架并退款 reason=先认错");
  CHECK(told(30min) == "duty manager director");
  CHECK(last().cause == Cause::Decided);
  CHECK(last().rung == 3);
  CHECK(last().ack_by == core::Time{});
  CHECK(told(19h) == "");
  close("director", 19h + 10min);
  CHECK(text_of(now().because) == "closed_by by=director reason=已处理");
  CHECK(told(19h + 10min) == "duty manager director");
  CHECK(last().cause == Cause::Review);
}

TEST_CASE_FIXTURE(DeskStory, "an acknowledgement tells nobody and stops the wait for one") {
  open();
  told(0min);
  ack("manager", 5min);  // anybody on the list may
  CHECK(now().state == IncidentState::Acknowledged);
  CHECK(told(19h) == "");
}

TEST_CASE("what is acknowledged and never decided goes up after a day where nobody is briefed") {
  core::Policy policy = usual_policy();
  policy.ladders["default"].briefing_minute.reset();
  DeskStory story(std::move(policy));
  story.open();
  story.ack("duty", 5min);
  story.told(5min);
  CHECK(story.told(24h + 4min) == "");
  CHECK(story.told(24h + 5min) == "manager duty");
  CHECK(story.now().because.code == "missed_decide");
}

TEST_CASE_FIXTURE(DeskStory, "acts that can take no effect are refused and change nothing") {
  open();
  const auto refusal = [&] { return text_of(refused().because); };
  SUBCASE("by nobody we know") {
    ack("stranger", 1min);
    CHECK(refusal() == "unknown_person by=stranger");
    CHECK(refused().act == "ack");
    CHECK(refused().by == "stranger");
    CHECK(refused().incident == now().incident);
    CHECK(refused().at == at(1min));
  }
  SUBCASE("acknowledged already") {
    ack("duty", 1min);
    ack("manager", 2min);
    CHECK(refusal() == "already state=acknowledged by=duty");
  }
  SUBCASE("decided already") {
    decide("duty", 1min);
    decide("manager", 2min);
    CHECK(refusal() == "already_decided by=duty option=return minutes=1");
    ack("manager", 3min);
    CHECK(all.refusals.size() == 2);
  }
  SUBCASE("a decision without an option") {
    decide("duty", 1min, "");
    CHECK(refusal() == "no_option by=duty");
  }
  SUBCASE("ended already, by itself") {
    close("duty", 5h);
    CHECK(refusal() == "already state=closed by=0");  // nobody: an empty text
    decide("duty", 5h);
    ack("duty", 5h);
    CHECK(all.refusals.size() == 3);
  }
  const size_t revisions = all.changes.size();
  REQUIRE_FALSE(all.refusals.empty());
  close("stranger", 6h);
  CHECK(all.refusals.back().because.code == "unknown_person");
  CHECK(all.changes.size() >= revisions);
}

TEST_CASE_FIXTURE(DeskStory,
                  "acts on what the desk does not know, or in other words, are ignored") {
  open();
  const size_t revisions = all.changes.size();
  core::Act act = act_of("ack", "duty");
  act.incident = "INC-20260310-00000000";
  desk->act(act, at(1min), all);
  act.incident = "family:brand:洁朗";
  desk->act(act, at(1min), all);
  act = act_of("dance", "duty");
  act.incident = desk->open_incident();
  desk->act(act, at(1min), all);
  act = act_of("delivered", "");
  act.notification = "0123456789abcdef";
  desk->act(act, at(1min), all);
  act.notification = "no id at all";
  desk->act(act, at(1min), all);
  CHECK(all.changes.size() == revisions);
  CHECK(all.refusals.empty());
}

TEST_CASE_FIXTURE(DeskStory, "what a person writes is cut between characters") {
  open();
  std::string option;
  for (int i = 0; i < 400; ++i) option += "退";
  decide("duty", 1min, option);
  const std::string kept = now().because.figures.at(1).text;
  CHECK(kept.size() == 480);
  CHECK(option.starts_with(kept));
}

TEST_CASE_FIXTURE(DeskStory, "an incident of an unknown family can be acted on too, in silence") {
  DeskStory story(usual_policy(), Proof::Required, "unknown:17");
  story.open();
  story.ack("duty", 1min);
  story.decide("duty", 2min);
  story.close("duty", 3min);
  CHECK(story.changed(3min) == "rule_groups acknowledged decided closed_by");
  CHECK(story.told(3min) == "");
}

TEST_CASE_FIXTURE(DeskStory, "a refused message goes out on the person's next channel at once") {
  open();
  hit("g4", 1min, {.level = core::Level::Red});
  REQUIRE(told(1min) == "duty manager director duty");
  const core::Notification first = all.notifications[2];
  REQUIRE(first.channel == "wecom:qa");
  outcome("refused", first, 2min);
  CHECK(told(2min) == "director");
  CHECK(last().channel == "webhook:backup");
  CHECK(last().cause == first.cause);
  CHECK(last().rung == 3);
  CHECK(last().incident.revision == first.incident.revision);
  CHECK(text_of(last().because) == "not_delivered person=director channel=wecom:qa");
  outcome("refused", first, 3min);  // said twice
  CHECK(told(3min) == "");
  outcome("unknown", last(), 3min);
  CHECK(told(3min) == "director");
  CHECK(last().channel == "terminal");
  SUBCASE("when none is left the ladder climbs") {
    outcome("refused", last(), 4min);
    CHECK(told(4min) == "ceo duty manager director");
    CHECK(text_of(now().because) == "not_delivered person=director channel=terminal");
    CHECK(now().rung == 4);
  }
  SUBCASE("unless a proof came late") {
    const core::Notification third = last();
    outcome("delivered", first, 4min);
    outcome("refused", third, 4min);
    CHECK(told(4min) == "");
  }
}

TEST_CASE_FIXTURE(DeskStory,
                  "a message to a lower rung that fails tries its channels and climbs nowhere") {
  open();
  until(10min);
  const core::Notification duty = all.notifications.front();
  told(10min);
  changed(10min);
  outcome("refused", duty, 11min);
  CHECK(told(11min) == "");
  CHECK(changed(11min) == "");
}

TEST_CASE_FIXTURE(Required,
                  "without a proof within a minute the next channel is tried, then the next rung") {
  open();
  CHECK(told(59s) == "duty");
  CHECK(desk->due() == at(60s));
  CHECK(told(60s) == "manager duty");
  CHECK(text_of(now().because) == "not_delivered person=duty channel=terminal");
  CHECK(now().at == at(60s));
  CHECK(told(119s) == "");
  CHECK(told(120s) == "manager");  // her second channel; duty has none
  CHECK(last().channel == "webhook:manager");
  CHECK(changed(120s) == "rule_groups not_delivered");
  CHECK(told(180s) == "director duty manager");
}

TEST_CASE_FIXTURE(Required, "what is older is not told on beside newer news to the same person") {
  open();
  outcome("delivered", last(), 1s);
  hit("g4", 10s, {.level = core::Level::Orange});  // the manager
  hit("g5", 40s, {.level = core::Level::Red});     // the director; the manager is informed
  CHECK(told(40s) == "duty manager duty director duty manager");
  CHECK(told(99s) == "");  // at 70 s the manager's first message fails: the second is under way
  CHECK(told(100s) == "director manager");
  CHECK(last().channel == "webhook:manager");
  CHECK(last().incident.revision == 3);
}

TEST_CASE_FIXTURE(Required, "a proof in time stops the clock of delivery, not that of the person") {
  open();
  outcome("delivered", last(), 59s);
  CHECK(desk->due() == at(10min));
  told(59s);
  CHECK(told(9min) == "");
  CHECK(told(10min) == "manager duty");
}

TEST_CASE_FIXTURE(Required, "delivery deadlines stand still while held and begin anew") {
  hold(true, 0min);
  open();
  told(0min);
  CHECK(told(30min) == "");
  hold(false, 30min);
  CHECK(told(30min + 59s) == "");
  CHECK(told(31min) == "manager duty");
}

TEST_CASE_FIXTURE(Required, "the news of an end is tried on every channel, older news no more") {
  open();
  until(30s);
  outcome("delivered", last(), 30s);
  hit("g4", 40s, {.level = core::Level::Orange});
  close("manager", 45s);
  told(45s);
  CHECK(told(2min) == "manager");
  CHECK(last().cause == Cause::Review);
  CHECK(last().channel == "webhook:manager");
  told(5min);
  CHECK(now().because.code == "closed_by");
}

TEST_CASE_FIXTURE(DeskStory,
                  "an all-clear that did not arrive is not sent on once the trouble is back") {
  open();
  hit("g4", 1min, {.level = core::Level::Orange});
  close("duty", 2min);
  const core::Notification all_clear = last();
  REQUIRE(all_clear.person == "manager");
  open(3min);
  told(3min);
  outcome("refused", all_clear, 4min);
  CHECK(told(4min) == "");
}

TEST_CASE_FIXTURE(Required, "nobody can be reached at the top: the reminders go on") {
  open();
  until(8min);
  CHECK(now().rung == 4);
  CHECK(now().because.code == "not_delivered");
  const core::Time entered = now().at;
  changed(8min);
  until(entered - at(0min) + 30min);
  CHECK(now().because.code == "reminder");
}

TEST_CASE_FIXTURE(DeskStory, "the desk knows its notifications while it knows the incident") {
  open();
  const std::string id = last().id;
  CHECK(desk->knows_notification(id));
  CHECK_FALSE(desk->knows_notification("0123456789abcdef"));
  CHECK_FALSE(desk->knows_notification(""));
  close("duty", 1min);
  CHECK(desk->knows_notification(id));
  until(73h);
  CHECK_FALSE(desk->knows_notification(id));
}

TEST_CASE(
    "a person without channels in the policy is told on the terminal rather than not at all") {
  core::Policy policy = usual_policy();
  policy.people.at("duty").channels.clear();
  DeskStory story(policy);
  story.open();
  CHECK(story.last().channel == "terminal");
}
