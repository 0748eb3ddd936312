// CHANNELS 8 test 5: the vendor's limits are kept before the vendor has to keep them.
#include <doctest/doctest.h>

#include <map>

#include "tests/alerting/courier_office.h"

using core::Cause;
using core::Millis;

namespace {

// Which revision a posted message speaks of, by incident.
std::pair<std::string, int> told(const std::string& content) {
  const size_t at = content.find("INC-");
  const size_t revision = content.find("· r", at);
  return {content.substr(at, 21), std::stoi(content.substr(revision + 4))};
}

}  // namespace

TEST_CASE_FIXTURE(Office,
                  "conformance 5: sixty alerts at once keep the pace, the urgent ones one by one "
                  "within the first minute, the rest as one digest") {
  warm_up();
  std::vector<std::string> urgent, others;
  for (int incident = 0; incident < 25; ++incident) {
    others.push_back(add("wecom:qa", incident, 1, Cause::Opened));
    others.push_back(add("wecom:qa", incident, 2, Cause::Updated));
  }
  for (int incident = 100; incident < 110; ++incident)
    urgent.push_back(add("wecom:qa", incident, 3, Cause::Escalated));
  run_for(Millis(60'000));
  for (const std::string& id : urgent) CHECK(outbox.outcome_of(id) == "delivered");
  run_out(Millis(30 * 60'000));
  CHECK(outbox.waiting() == 0);
  CHECK(robot.posted().size() == urgent.size() + 1);
  for (const std::string& id : others) CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(courier->counters().gathered == others.size() - 1);
  CHECK(robot.refused_for_pace() == 0);
  CHECK(robot.most_calls_in_a_minute() <= 16);
  std::map<std::string, int> latest;
  for (const auto& p : robot.posted()) {
    const auto [incident, revision] = told(p.content);
    CHECK(revision > latest[incident]);
    latest[incident] = revision;
  }
}

TEST_CASE_FIXTURE(Office,
                  "a thousand incidents in a minute are one digest, and no escalation waits") {
  warm_up();
  std::vector<std::string> ids;
  for (int incident = 0; incident < 1'000; ++incident)
    ids.push_back(add("wecom:qa", incident, 1, Cause::Opened));
  run_for(Millis(1'000));
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].content.find("另有 999 起") != std::string::npos);
  const std::string escalation = add("wecom:qa", 5, 2, Cause::Escalated);
  run_for(Millis(5'000));
  CHECK(outbox.outcome_of(escalation) == "delivered");
  run_out(Millis(60'000));
  CHECK(robot.posted().size() == 2);
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office,
                  "a digest whose process dies is told once more at most, and as a digest") {
  warm_up();
  std::vector<std::string> ids;
  for (int incident = 0; incident < 40; ++incident)
    ids.push_back(add("wecom:qa", incident, 1, Cause::Opened));
  robot.server().fail_next({fakes::Fault::CloseAfterReading});
  run_for(Millis(500));
  restart();
  clock.advance(Millis(60'000));
  run_out(Millis(10 * 60'000));
  CHECK(outbox.waiting() == 0);
  CHECK(robot.posted().size() <= 2);
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office, "a digest that waits is not overtaken, and nobody in it is lost") {
  warm_up();
  std::vector<std::string> ids;
  for (int incident = 0; incident < 20; ++incident)
    ids.push_back(add("wecom:qa", incident, 2, Cause::Updated));
  run_for(Millis(1'000));  // gathered; a change of figures waits for a better one
  CHECK(robot.posted().empty());
  for (int incident = 0; incident < 20; ++incident) add("wecom:qa", incident, 3, Cause::Escalated);
  run_out(Millis(20 * 60'000));
  CHECK(outbox.waiting() == 0);
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office, "a machine's receiver gets every message, however many") {
  for (int incident = 0; incident < 700; ++incident) add("webhook:backup", incident);
  run_out(Millis(10 * 60'000));
  CHECK(receiver.shown().size() == 700);
  CHECK(courier->counters().gathered == 0);
}

TEST_CASE("a person's channels behind this one are another way, an action has none") {
  core::Policy policy;
  policy.people["boss"].channels = {"wecom:qa", "webhook:backup"};
  core::Notification n = fakes::sample("wecom:qa", 1, 1, Cause::Escalated);
  n.person = "boss";
  CHECK(alerting::has_other_way(policy, n));
  n.channel = "webhook:backup";
  CHECK_FALSE(alerting::has_other_way(policy, n));
  n.channel = "webhook:shelf";
  CHECK_FALSE(alerting::has_other_way(policy, n));
  n.channel = "wecom:qa";
  n.cause = Cause::Action;
  CHECK_FALSE(alerting::has_other_way(policy, n));
  n.cause = Cause::Escalated;
  n.person = "gone";
  CHECK_FALSE(alerting::has_other_way(policy, n));
}

TEST_CASE_FIXTURE(Office,
                  "conformance 15: a change of figures that a later one overtakes is not sent") {
  warm_up();
  const std::string first = add("wecom:qa", 1, 2, Cause::Updated);
  run_for(Millis(2'000));
  CHECK(robot.posted().empty());  // it waits for a better one
  const std::string second = add("wecom:qa", 1, 3, Cause::Updated);
  const std::string step = add("wecom:qa", 2, 4, Cause::Escalated);
  add("wecom:qa", 2, 5, Cause::Updated);
  run_out(Millis(60'000));
  CHECK(outbox.outcome_of(first) == "suppressed");
  CHECK(outbox.state_of(first).delivery == core::Delivery::Suppressed);
  CHECK(outbox.state_of(first).vendor_answer == "superseded by r3");
  CHECK(outbox.outcome_of(second) == "delivered");
  CHECK(outbox.outcome_of(step) == "delivered");  // a step of the ladder never is
}

TEST_CASE_FIXTURE(Office, "conformance 6: what is urgent does not wait for a robot that rests") {
  alerting::CourierSpec spec;
  spec.destinations = destinations();
  spec.print = [](const core::Notification&, const std::string&) {};
  spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                         const core::Act& act) { return outbox.conclude(id, state, act); };
  spec.has_other_way = [](const core::Notification& n) { return n.channel == "wecom:qa"; };
  courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  warm_up();
  robot.say_next({R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  const std::string opened = add("wecom:qa", 1, 1, Cause::Opened);
  run_for(Millis(5'000));
  CHECK(outbox.outcome_of(opened).empty());  // it waits
  const std::string step = add("wecom:qa", 2, 1, Cause::Escalated);
  run_for(Millis(500));
  CHECK(outbox.outcome_of(step) == "refused");
  CHECK(robot.posted().empty());
  CHECK(outbox.outcome_of(opened).empty());
  // Nor does what is urgent in the same incident wait behind its older news: both go another way.
  const std::string next = add("wecom:qa", 1, 2, Cause::Escalated);
  run_for(Millis(500));
  CHECK(outbox.outcome_of(opened) == "refused");
  CHECK(outbox.outcome_of(next) == "refused");
  CHECK(robot.posted().empty());
}

TEST_CASE_FIXTURE(Office, "an escalation among ordinary messages finds its share free") {
  warm_up();
  for (int incident = 0; incident < 40; ++incident) add("wecom:qa", incident, 1, Cause::Updated);
  run_for(Millis(30'000));
  const std::string id = add("wecom:qa", 99, 1, Cause::Escalated);
  run_for(Millis(1'000));
  CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office, "crashes in a row do not break the vendor's limit") {
  for (int incident = 0; incident < 120; ++incident) add("wecom:qa", incident);
  for (int crash = 0; crash < 60; ++crash) {
    run_for(Millis(1'000 + 971 * (crash % 9)));
    restart();
  }
  run_out(Millis(60 * 60'000));
  CHECK(outbox.waiting() == 0);
  CHECK(robot.refused_for_pace() == 0);
  CHECK(robot.most_calls_in_a_minute() <= 20);
}

TEST_CASE_FIXTURE(Office, "two names of one robot share its pace") {
  alerting::CourierSpec spec;
  spec.destinations = destinations();
  spec.destinations.push_back({"wecom:also-qa", "wecom", robot.url(kRobotKey), {}, true});
  spec.print = [](const core::Notification&, const std::string&) {};
  spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                         const core::Act& act) { return outbox.conclude(id, state, act); };
  courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  warm_up();
  for (int incident = 0; incident < 60; ++incident)
    add(incident % 2 == 0 ? "wecom:qa" : "wecom:also-qa", incident);
  run_out(Millis(30 * 60'000));
  CHECK(outbox.waiting() == 0);
  CHECK(robot.most_calls_in_a_minute() <= 16);
}

TEST_CASE_FIXTURE(Office, "a crowd that cannot go is not read again and again") {
  robot.say_next({R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  for (int incident = 0; incident < 1500; ++incident)
    add("wecom:qa", incident, 1, core::Cause::Updated);
  run_for(Millis(15'000));
  const size_t before = outbox.reads();
  run_for(Millis(20'000));  // 80 steps
  CHECK(outbox.reads() - before <= 21);
  CHECK(outbox.reads() - before >= 19);
}

TEST_CASE_FIXTURE(Office, "an escalation behind a full page of messages that must wait is found") {
  robot.say_next(
      std::vector<std::string>(1, R"({"errcode":45009,"errmsg":"api freq out of limit"})"));
  for (int incident = 0; incident < 300; ++incident) add("wecom:qa", incident, 1, Cause::Updated);
  run_for(Millis(10'000));
  const std::string id = add("webhook:backup", 400, 9, Cause::Escalated);
  run_for(Millis(2'000));
  CHECK(outbox.outcome_of(id) == "delivered");
}
