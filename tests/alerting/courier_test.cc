// What the courier makes of one message and of each answer to it.
#include "alerting/courier.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/alerting/courier_office.h"

using core::Delivery;
using core::Millis;
using fakes::Fault;

namespace {

constexpr Millis kMinute{60'000};

std::string answer(int code, const std::string& words) {
  return "{\"errcode\":" + std::to_string(code) + ",\"errmsg\":\"" + words + "\"}";
}

}  // namespace

TEST_CASE_FIXTURE(Office, "a terminal message is delivered when it is printed") {
  const std::string id = add("terminal");
  CHECK(*courier->step() == 1);
  CHECK(outbox.outcome_of(id) == "delivered");
  REQUIRE(printed.size() == 1);
  CHECK(printed[0].starts_with("【黄】新事件"));
  CHECK(*courier->step() == 0);
  CHECK(printed.size() == 1);
}

TEST_CASE_FIXTURE(Office, "a robot's errcode 0 is the proof") {
  const std::string id = add("wecom:qa");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(outbox.state_of(id).delivery == Delivery::Delivered);
  CHECK(outbox.state_of(id).attempts == 1);
  CHECK(outbox.state_of(id).vendor_answer == "code 0 ok");
  CHECK(outbox.outcomes()[0].door == "courier");
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].content.find("INC-20260310-10000001 · r1") != std::string::npos);
}

TEST_CASE_FIXTURE(Office, "a webhook arrives signed") {
  const std::string id = add("webhook:backup");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "delivered");
  REQUIRE(receiver.shown().size() == 1);
  CHECK(receiver.shown()[0].id == id);
  CHECK(receiver.wrong() == 0);
}

TEST_CASE_FIXTURE(Office, "conformance 3: an answer of 200 is not yet a delivery") {
  warm_up();
  robot.say_next({"{}"});
  const std::string id = add("wecom:qa");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "refused");
  CHECK(outbox.state_of(id).vendor_answer.find("unclassified_response") != std::string::npos);
  CHECK(courier->counters().alarms == 1);
  CHECK(courier->counters().sent == 0);
}

TEST_CASE_FIXTURE(
    Office, "a dead robot refuses at once what comes after, and is tried again after ten minutes") {
  warm_up();
  robot.say_next({answer(93000, "invalid webhook url, hint: [1], from ip: 1.2.3.4")});
  const std::string first = add("wecom:qa", 1);
  run_out(kMinute);
  CHECK(outbox.outcome_of(first) == "refused");
  const size_t calls = robot.server().journal().size();
  const std::string second = add("wecom:qa", 2), other = add("wecom:ops", 3);
  run_out(kMinute);
  CHECK(outbox.outcome_of(second) == "refused");
  CHECK(outbox.outcome_of(other) == "delivered");
  CHECK(robot.server().journal().size() == calls + 1);
  clock.advance(Millis(10 * 60'000));
  const std::string third = add("wecom:qa", 4);
  run_out(kMinute);
  CHECK(outbox.outcome_of(third) == "delivered");
}

TEST_CASE_FIXTURE(Office, "a robot over its pace rests for a minute, and only that one") {
  warm_up();
  robot.say_next({answer(45009, "api freq out of limit, hint: [1]")});
  const std::string slow = add("wecom:qa", 1);
  run_for(Millis(1'000));
  const std::string urgent = add("wecom:qa", 2, 1, core::Cause::Escalated),
                    other = add("wecom:ops", 3);
  run_for(Millis(50'000));
  CHECK(outbox.outcome_of(other) == "delivered");
  CHECK(outbox.outcome_of(slow) == "");
  CHECK(outbox.outcome_of(urgent) == "");
  run_for(Millis(15'000));
  CHECK(outbox.outcome_of(slow) == "delivered");
  CHECK(outbox.outcome_of(urgent) == "delivered");
}

TEST_CASE_FIXTURE(Office, "Retry-After is honoured, and other destinations do not wait") {
  warm_up();
  receiver.say_next({{503, "", "text/plain", {{"Retry-After", "30"}}}});
  const std::string id = add("webhook:backup"), other = add("wecom:qa");
  run_for(Millis(29'000));
  CHECK(outbox.outcome_of(other) == "delivered");
  CHECK(receiver.server().journal().size() == 1);
  run_for(Millis(5'000));
  CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office,
                  "conformance 10: a message that is too long is written shorter until it fits") {
  warm_up();
  const std::string too_long = answer(40058, "markdown.content exceed max length 4096");
  robot.say_next({too_long, too_long});
  const std::string id = add("wecom:qa");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(outbox.state_of(id).attempts == 3);
  CHECK(outbox.state_of(id).vendor_answer == "code 0 ok, shortened to L2");
  CHECK(courier->counters().degraded == 2);
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].content.find("\n> ") == std::string::npos);
  CHECK(robot.posted()[0].content.find("重发") == std::string::npos);  // a refusal leaves no doubt
}

TEST_CASE_FIXTURE(Office, "what is too long even without words is given up") {
  warm_up();
  const std::string too_long = answer(93000, "content exceed max length");
  robot.say_next({too_long, too_long, too_long, too_long, too_long});
  const std::string id = add("wecom:qa");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "refused");
  CHECK(outbox.state_of(id).attempts == 4);
}

TEST_CASE_FIXTURE(Office, "a busy vendor is asked three times more and no oftener") {
  warm_up();
  robot.say_next(std::vector<std::string>(9, answer(-1, "system busy")));
  const std::string id = add("wecom:qa");
  run_out(Millis(10 * 60'000));
  CHECK(outbox.outcome_of(id) == "refused");
  CHECK(outbox.state_of(id).attempts == 4);
}

TEST_CASE_FIXTURE(Office,
                  "a robot's message that may have been posted is sent once more, and says so") {
  warm_up();
  robot.server().fail_next({Fault::CloseAfterReading});
  const std::string id = add("wecom:qa");
  run_for(Millis(59'000));
  CHECK(robot.posted().size() == 1);
  CHECK(outbox.outcome_of(id) == "");
  CHECK(outbox.state_of(id).delivery == Delivery::Unknown);
  run_for(Millis(2'000));
  CHECK(outbox.outcome_of(id) == "delivered");
  REQUIRE(robot.posted().size() == 2);
  CHECK(robot.posted()[0].content.find("重发") == std::string::npos);
  CHECK(robot.posted()[1].content.find("（重发）") != std::string::npos);
  for (const auto& p : robot.posted())
    CHECK(p.content.find("INC-20260310-10000001 · r1") != std::string::npos);
}

TEST_CASE_FIXTURE(Office,
                  "conformance 14: what is urgent is sent again after 15 s, what can wait never") {
  warm_up();
  robot.server().fail_next({Fault::CloseAfterReading, Fault::CloseAfterReading});
  const std::string urgent = add("wecom:qa", 1, 2, core::Cause::Escalated);
  run_for(Millis(14'000));
  CHECK(robot.posted().size() == 1);
  const std::string digest = add("wecom:ops", 2, 1, core::Cause::Briefing);
  run_for(Millis(2'000));
  CHECK(outbox.outcome_of(urgent) == "delivered");
  run_out(Millis(10 * 60'000));
  CHECK(outbox.outcome_of(digest) == "unknown");
  size_t of_urgent = 0, marked = 0;
  for (const auto& p : robot.posted()) {
    const bool again = p.content.find("（重发）") != std::string::npos;
    of_urgent += p.key == kRobotKey;
    marked += again;
    CHECK((!again || p.key == kRobotKey));
  }
  CHECK(robot.posted().size() == 3);
  CHECK(of_urgent == 2);
  CHECK(marked == 1);
}

TEST_CASE_FIXTURE(Office, "two doubts are the end, and the end is unknown, not delivered") {
  warm_up();
  robot.server().fail_next({Fault::CloseAfterReading, Fault::BadGateway});
  const std::string id = add("wecom:qa");
  run_out(Millis(10 * 60'000));
  CHECK(outbox.outcome_of(id) == "unknown");
  CHECK(outbox.state_of(id).delivery == Delivery::Dead);
  CHECK(outbox.state_of(id).attempts == 2);
}

TEST_CASE_FIXTURE(Office,
                  "a webhook in doubt is repeated with the same id and bytes, and shown once") {
  warm_up();
  receiver.server().fail_next({Fault::CloseAfterReading, Fault::CloseAfterReading,
                               Fault::CloseAfterReading, Fault::BadGateway});
  const std::string id = add("webhook:backup");
  run_out(Millis(10 * 60'000));
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(receiver.shown().size() == 1);
  CHECK(receiver.repeated() == 3);
  CHECK(receiver.wrong() == 0);
  const auto journal = receiver.server().journal();
  REQUIRE(journal.size() == 5);
  for (const auto& request : journal) {
    CHECK(request.header("webhook-id") == id);
    CHECK(request.body == journal[0].body);
  }
  CHECK(journal.back().header("webhook-timestamp") != journal.front().header("webhook-timestamp"));
}

TEST_CASE_FIXTURE(Office,
                  "what cannot be sent for its whole life is given up with its last answer") {
  warm_up();
  robot.say_next(std::vector<std::string>(2000, answer(45009, "api freq out of limit")));
  const std::string id = add("wecom:qa");
  run_out(Millis(59 * 60'000));
  CHECK(outbox.outcome_of(id) == "");
  run_out(Millis(5 * 60'000));
  CHECK(outbox.outcome_of(id) == "refused");
  CHECK(outbox.state_of(id).vendor_answer ==
        "given up after 60 minutes, code 45009 api freq out of limit");
}

TEST_CASE_FIXTURE(Office, "what nobody can send is refused with its reason") {
  const std::string nowhere = add("wecom:nowhere");
  core::Notification n = fakes::sample("terminal");
  core::Store& store = outbox;
  run_out(kMinute);
  CHECK(outbox.outcome_of(nowhere) == "refused");
  CHECK(outbox.state_of(nowhere).vendor_answer == "there is no channel wecom:nowhere");
  CHECK(store.pending(10)->empty());
}

TEST_CASE_FIXTURE(Office, "a destination with wrong settings refuses instead of sending unsigned") {
  alerting::CourierSpec spec;
  spec.destinations = destinations();
  spec.destinations[2].secrets = {"whsec_c2hvcnQ="};
  spec.print = [](const core::Notification&, const std::string&) {};
  spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                         const core::Act& act) { return outbox.conclude(id, state, act); };
  const auto checked = alerting::check_destinations(spec.destinations);
  REQUIRE(!checked);
  CHECK(checked.error().message.find("24 to 64") != std::string::npos);
  CHECK(alerting::check_destinations(destinations()).ok());
  courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  const std::string id = add("webhook:backup");
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "refused");
  CHECK(receiver.server().connections() == 0);
}

TEST_CASE_FIXTURE(Office, "messages of one group keep their order whatever happens to the first") {
  warm_up();
  robot.server().fail_next({Fault::CloseBeforeReading});
  for (uint32_t revision = 1; revision <= 4; ++revision)
    add("wecom:qa", 1, revision, core::Cause::Escalated);
  run_out(Millis(10 * 60'000));
  REQUIRE(robot.posted().size() == 4);
  for (size_t i = 0; i < 4; ++i)
    CHECK(robot.posted()[i].content.find("· r" + std::to_string(i + 1) + " ·") !=
          std::string::npos);
}

TEST_CASE_FIXTURE(Office, "a place that the network does not reach is asked less and less often") {
  struct Unplugged final : alerting::Transport {
    size_t asked = 0;
    alerting::TransportResult send(const alerting::HttpRequest&,
                                   const alerting::Destination&) override {
      ++asked;
      return {};  // NotSent
    }
  } unplugged;
  transport = &unplugged;
  restart();
  for (int incident = 0; incident < 100; ++incident) add("webhook:backup", incident);
  run_for(Millis(10 * 60'000));
  CHECK(unplugged.asked >= 10);
  CHECK(unplugged.asked < 60);
  transport = http.get();
  restart();
  run_out(Millis(60 * 60'000));
  CHECK(receiver.shown().size() == 100);
  CHECK(receiver.repeated() == 0);
}

TEST_CASE_FIXTURE(Office, "a store that is away stops the courier and loses nothing") {
  warm_up();
  const std::string first = add("wecom:qa", 1), second = add("webhook:backup", 2),
                    third = add("terminal", 3);
  for (size_t failures = 1; failures < 12; ++failures) {
    outbox.fail_next(failures % 4);
    const auto step = courier->step();
    if (!step) CHECK(step.error().code == core::Code::Unavailable);
    clock.advance(Millis(20'000));
  }
  run_out(Millis(10 * 60'000));
  for (const std::string& id : {first, second, third}) CHECK(outbox.outcome_of(id) == "delivered");
}

TEST_CASE_FIXTURE(Office, "what was learnt while the store was away is not sent again") {
  warm_up();
  const std::string id = add("wecom:qa");
  struct LosesStore final : alerting::Transport {
    Office& office;
    explicit LosesStore(Office& o) : office(o) {}
    alerting::TransportResult send(const alerting::HttpRequest& request,
                                   const alerting::Destination& to) override {
      auto result = office.http->send(request, to);
      office.outbox.fail_next(3);
      return result;
    }
  } loses(*this);
  transport = &loses;
  restart();
  warm_up();
  CHECK(!courier->step());
  CHECK(!courier->step());
  CHECK(robot.posted().size() == 1);
  run_out(kMinute);
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(robot.posted().size() == 1);
}
