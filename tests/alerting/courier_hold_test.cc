// Mute times and inhibition: what can wait waits, and nothing that waits is lost.
#include "alerting/courier_hold.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/alerting/courier_office.h"

using core::Cause;
using core::Level;
using core::Millis;

namespace {

constexpr Millis kMinute{60'000}, kHour{3600'000};

core::MuteTime span(int from_hour, int to_hour) {
  core::MuteTime mute;
  mute.from_minute = from_hour * 60;
  mute.to_minute = to_hour * 60;
  return mute;
}

// kStart is 16:00 in Beijing on a Tuesday.
struct HoldingOffice : Office {
  core::Policy policy;
  bool governed = true;
  std::multiset<std::string> told_held;  // ids that the desk was told of

  HoldingOffice() {
    policy.catalogue.products.resize(2);
    policy.catalogue.products[0].sku = "TB103";
    policy.catalogue.products[0].category = "洗衣液";
    policy.catalogue.products[1].sku = "TB200";
    policy.catalogue.products[1].category = "纸品";
    begin();
    warm_up();
  }
  void begin() {
    alerting::CourierSpec spec;
    spec.destinations = destinations();
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.policy = [this] { return governed ? &policy : nullptr; };
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) { return outbox.conclude(id, state, act); };
    spec.hold = [this](const std::string& id, const core::OutboxState& state,
                       const core::Act& act) -> core::Result<core::Unit> {
      const auto kept = outbox.settle(id, state);
      if (kept && act.what == "suppressed") told_held.insert(id);
      return kept;
    };
    courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  }
  void mute(int from_hour, int to_hour) { policy.mute_times = {span(from_hour, to_hour)}; }
  // A message that asks for nothing.
  core::Notification informs(int incident, uint32_t revision = 1, Cause cause = Cause::Opened,
                             Level level = Level::Yellow) const {
    core::Notification n = fakes::sample("wecom:qa", incident, revision, cause);
    n.ack_by = {};
    n.incident.level = level;
    return n;
  }
  void inhibit() {
    policy.inhibitions = {{.source_at_least = Level::Red, .target_at_most = Level::Yellow}};
  }
  core::Notification closing(int incident, uint32_t revision, Level level) const {
    core::Notification n = informs(incident, revision, Cause::AllClear, level);
    n.incident.state = core::IncidentState::Closed;
    return n;
  }
  size_t posted_about(int incident) const {
    const std::string name = "INC-20260310-" + std::to_string(10'000'000 + incident);
    size_t n = 0;
    for (const auto& p : robot.posted()) n += p.content.find(name) != std::string::npos ? 1 : 0;
    return n;
  }
};

}  // namespace

TEST_CASE_FIXTURE(HoldingOffice,
                  "what asks for nothing waits in a mute time and is told in one digest after it") {
  mute(15, 19);
  std::vector<std::string> ids;
  for (int i = 1; i <= 3; ++i) ids.push_back(add(informs(i)));
  run_for(kMinute);
  CHECK(robot.posted().empty());
  CHECK(told_held == std::multiset<std::string>(ids.begin(), ids.end()));
  CHECK(courier->counters().held == 3);
  clock.advance(2 * kHour + 50 * kMinute);  // longer than a message lives
  run_for(kMinute);
  CHECK(robot.posted().empty());
  clock.advance(8 * kMinute);
  run_for(2 * kMinute);
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].content.find("另有 2 起") != std::string::npos);
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(told_held.size() == 3);
  CHECK(courier->counters().held == 3);
}

TEST_CASE_FIXTURE(HoldingOffice,
                  "what asks for an answer, an all-clear and a test are never held") {
  mute(0, 24);
  inhibit();
  add(informs(90, 1, Cause::Escalated, Level::Red));
  std::vector<std::string> ids;
  int incident = 0;
  for (const Cause cause : {Cause::Escalated, Cause::Reminder, Cause::Decided, Cause::Consulted,
                            Cause::Approval, Cause::ActionLate, Cause::AllClear, Cause::Test})
    ids.push_back(add(informs(++incident, 1, cause)));
  core::Notification asks = informs(++incident);
  asks.decide_by = asks.at + kHour;
  ids.push_back(add(asks));
  run_for(5 * kMinute);
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(told_held.empty());
}

TEST_CASE_FIXTURE(
    HoldingOffice,
    "an escalation overtakes what is held of its incident, which ends as suppressed") {
  mute(15, 18);
  const std::string opened = add(informs(1)), other = add(informs(2));
  run_for(kMinute);
  const std::string escalated = add(informs(1, 2, Cause::Escalated));
  const std::string cleared = add(closing(2, 2, Level::Yellow));
  run_for(kMinute);
  CHECK(outbox.outcome_of(escalated) == "delivered");
  CHECK(outbox.outcome_of(cleared) == "delivered");
  CHECK(outbox.outcome_of(opened) == "");
  clock.advance(2 * kHour);
  run_for(kMinute);
  CHECK(outbox.outcome_of(opened) == "suppressed");
  CHECK(outbox.state_of(opened).vendor_answer == "held back: mute time, told since by r2");
  CHECK(outbox.outcome_of(other) == "suppressed");
  CHECK(robot.posted().size() == 2);
  CHECK(courier->counters().superseded == 2);
}

TEST_CASE_FIXTURE(HoldingOffice, "of several held changes of one incident the newest is told") {
  mute(15, 18);
  const std::string first = add(informs(1, 1)), second = add(informs(1, 2, Cause::Updated)),
                    last = add(informs(1, 3, Cause::Updated));
  run_for(kMinute);
  clock.advance(2 * kHour);
  run_for(kMinute);
  CHECK(outbox.outcome_of(first) == "suppressed");
  CHECK(outbox.outcome_of(second) == "suppressed");
  CHECK(outbox.outcome_of(last) == "delivered");
  CHECK(posted_about(1) == 1);
}

TEST_CASE_FIXTURE(
    HoldingOffice,
    "a lesser incident waits for a greater one of its category with the same audience") {
  inhibit();
  add(informs(1, 1, Cause::Escalated, Level::Red));
  run_for(kMinute);
  const std::string lesser = add(informs(2));
  core::Notification paper = informs(3), elsewhere = informs(4);
  paper.incident.subject = "product:TB200";
  elsewhere.person = "other";
  elsewhere.id = core::notification_id(elsewhere);
  const std::string orange = add(informs(5, 1, Cause::Opened, Level::Orange));
  add(paper);
  add(elsewhere);
  run_for(2 * kMinute);
  CHECK(outbox.outcome_of(lesser) == "");
  CHECK(told_held == std::multiset<std::string>{lesser});
  CHECK(outbox.state_of(lesser).vendor_answer.starts_with(
      "held back: INC-20260310-10000001 is greater"));
  CHECK(outbox.outcome_of(orange) == "delivered");
  CHECK(outbox.outcome_of(paper.id) == "delivered");
  CHECK(outbox.outcome_of(elsewhere.id) == "delivered");
  add(closing(1, 2, Level::Red));
  run_for(kMinute);
  CHECK(outbox.outcome_of(lesser) == "delivered");
  CHECK(posted_about(2) == 1);
}

TEST_CASE_FIXTURE(HoldingOffice,
                  "without a common category only a rule of any category holds back") {
  inhibit();
  core::Notification lesser = informs(2);
  lesser.incident.subject = "brand:汀白";
  lesser.incident.products.clear();
  add(informs(1, 1, Cause::Escalated, Level::Red));
  add(lesser);
  run_for(kMinute);
  CHECK(outbox.outcome_of(lesser.id) == "delivered");
  policy.inhibitions[0].same_category = false;
  lesser.incident.revision = 2;
  lesser.id = core::notification_id(lesser);
  add(lesser);
  run_for(kMinute);
  CHECK(outbox.outcome_of(lesser.id) == "");
}

TEST_CASE_FIXTURE(HoldingOffice,
                  "a new process knows who was told of the greater one and what it held") {
  inhibit();
  add(informs(1, 1, Cause::Escalated, Level::Red));
  const std::string before = add(informs(2));
  run_for(kMinute);
  begin();
  const std::string after = add(informs(3));
  run_for(kMinute);
  CHECK(outbox.outcome_of(before) == "");
  CHECK(outbox.outcome_of(after) == "");
  CHECK(told_held.size() == 2);
  add(closing(1, 2, Level::Red));
  run_for(3 * kMinute);
  CHECK(outbox.outcome_of(before) == "delivered");
  CHECK(outbox.outcome_of(after) == "delivered");
  CHECK(robot.posted().size() == 3);  // the escalation, the all-clear, one digest
}

TEST_CASE_FIXTURE(HoldingOffice, "nothing is held for more than a day, nor when the rule is gone") {
  mute(0, 24);
  const std::string day = add(informs(1));
  run_for(kMinute);
  clock.advance(23 * kHour);
  run_for(kMinute);
  CHECK(outbox.outcome_of(day) == "");
  clock.advance(kHour);
  run_for(kMinute);
  CHECK(outbox.outcome_of(day) == "delivered");
  const std::string rule = add(informs(2));
  run_for(kMinute);
  CHECK(outbox.outcome_of(rule) == "");
  governed = false;
  run_for(kMinute);
  CHECK(outbox.outcome_of(rule) == "delivered");
}

TEST_CASE_FIXTURE(HoldingOffice,
                  "what was let go while its robot rests is not held a second time") {
  mute(0, 24);
  const std::string id = add(informs(1));
  run_for(kMinute);
  clock.advance(24 * kHour - 2 * kMinute);
  robot.say_next({R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  add(informs(2, 1, Cause::Escalated));
  run_for(3 * kMinute);
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(told_held.size() == 1);
}

TEST_CASE_FIXTURE(HoldingOffice,
                  "what cannot be sent anyway is refused at once, mute time or not") {
  mute(0, 24);
  core::Notification n = informs(1);
  n.channel = "fax:nobody";
  n.id = core::notification_id(n);
  add(n);
  run_for(kMinute);
  CHECK(outbox.outcome_of(n.id) == "refused");
}

TEST_CASE_FIXTURE(HoldingOffice, "trouble of the store does not let a held message out") {
  mute(0, 24);
  const std::string id = add(informs(1));
  for (size_t calls = 1; calls <= 2; ++calls) {
    outbox.fail_next(calls);
    static_cast<void>(courier->step());
  }
  run_for(kMinute);
  CHECK(robot.posted().empty());
  CHECK(told_held.count(id) == 1);
}

TEST_CASE_FIXTURE(HoldingOffice, "no more are held than the bound, the rest is told") {
  mute(0, 24);
  for (int i = 0; i < static_cast<int>(alerting::kHeldMax) + 10; ++i) add(informs(i));
  run_for(kMinute);
  CHECK(told_held.size() == alerting::kHeldMax);
  CHECK(outbox.waiting() == alerting::kHeldMax);
}

TEST_CASE("a mute time is the person's own: zone, weekdays, over midnight") {
  core::Policy policy;
  policy.zones["Beijing"] = {.name = "Beijing", .offsets = {{core::Time{}, 480}}};
  policy.zones["London"] = {.name = "London", .offsets = {{core::Time{}, 0}}};
  policy.people["duty"].zone = "Beijing";
  policy.people["abroad"].zone = "London";
  core::MuteTime night;
  night.from_minute = 22 * 60;
  night.to_minute = 7 * 60;
  night.weekdays = 1 << 1;  // begun on a Tuesday
  policy.mute_times = {night};
  const core::Time tuesday = fakes::kStart - 16 * kHour;  // its midnight in Beijing
  const auto until = [&](const std::string& person, core::Time at) {
    return alerting::muted_until(policy, person, at);
  };
  CHECK_FALSE(until("duty", tuesday + 6 * kHour).has_value());  // Monday's night
  CHECK_FALSE(until("duty", tuesday + 21 * kHour + 59 * kMinute).has_value());
  CHECK(until("duty", tuesday + 22 * kHour) == tuesday + 31 * kHour);
  CHECK(until("duty", tuesday + 30 * kHour + 59 * kMinute) == tuesday + 31 * kHour);
  CHECK_FALSE(until("duty", tuesday + 31 * kHour).has_value());
  CHECK_FALSE(until("duty", tuesday + 47 * kHour).has_value());  // Wednesday's
  CHECK(until("abroad", tuesday + 31 * kHour) == tuesday + 39 * kHour);
  policy.mute_times[0].people = {"abroad"};
  CHECK_FALSE(until("duty", tuesday + 22 * kHour).has_value());
  policy.mute_times = {span(0, 24)};
  CHECK(until("duty", tuesday) == tuesday + alerting::kHoldMax);
}

TEST_CASE("known incidents are bounded, and the closed ones go first") {
  alerting::KnownIncidents incidents;
  core::Notification n = fakes::sample("wecom:qa", 0, 1);
  n.incident.state = core::IncidentState::Closed;
  incidents.learn(n);
  const std::string closed = n.incident.incident;
  for (int i = 1; i <= static_cast<int>(alerting::KnownIncidents::kMax); ++i) {
    CHECK(incidents.closed(closed));
    incidents.learn(fakes::sample("wecom:qa", i, 1));
  }
  CHECK_FALSE(incidents.closed(closed));
  CHECK(incidents.forgotten() == 1);
}
