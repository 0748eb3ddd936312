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
                  "sixty alerts at once keep the pace, the urgent come first, and order holds") {
  warm_up();
  std::vector<std::string> urgent;
  for (int incident = 0; incident < 25; ++incident) {
    add("wecom:qa", incident, 1, Cause::Opened);
    add("wecom:qa", incident, 2, Cause::Updated);
  }
  for (int incident = 100; incident < 110; ++incident)
    urgent.push_back(add("wecom:qa", incident, 3, Cause::Escalated));
  run_for(Millis(60'000));
  for (const std::string& id : urgent) CHECK(outbox.outcome_of(id) == "delivered");
  run_out(Millis(30 * 60'000));
  CHECK(outbox.waiting() == 0);
  CHECK(robot.posted().size() == 60);
  CHECK(robot.refused_for_pace() == 0);
  CHECK(robot.most_calls_in_a_minute() <= 16);
  std::map<std::string, int> latest;
  for (const auto& p : robot.posted()) {
    const auto [incident, revision] = told(p.content);
    CHECK(revision > latest[incident]);
    latest[incident] = revision;
  }
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
