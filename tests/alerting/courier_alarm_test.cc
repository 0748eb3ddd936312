// A destination that takes nothing is told of: once, without its secret, and again while it lasts.
#include <doctest/doctest.h>

#include "tests/alerting/courier_office.h"

using core::Millis;
using fakes::Fault;

namespace {

constexpr Millis kMinute{60'000};

struct WatchedOffice : Office {
  std::vector<std::pair<std::string, std::string>> alarms;
  int incident = 0;

  WatchedOffice() {
    alerting::CourierSpec spec;
    spec.destinations = destinations();
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) { return outbox.conclude(id, state, act); };
    spec.alarm = [this](const std::string& destination, const std::string& line) {
      alarms.emplace_back(destination, line);
    };
    courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
    warm_up();
  }
  void kill_robot() {
    robot.say_next({R"({"errcode":93000,"errmsg":"invalid webhook url )" + kRobotKey + "\"}"});
  }
  void say_something() {
    add("wecom:qa", ++incident);
    run_for(kMinute);
  }
};

}  // namespace

TEST_CASE_FIXTURE(WatchedOffice,
                  "a dead robot is told of once, Chinese first and without its key") {
  kill_robot();
  for (int i = 0; i < 5; ++i) say_something();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].first == "wecom:qa");
  CHECK(alarms[0].second.starts_with("渠道 wecom:qa 被对方拒绝"));
  CHECK(alarms[0].second.find("93000") != std::string::npos);
  CHECK(alarms[0].second.find(kRobotKey) == std::string::npos);
  CHECK(alarms[0].second.find('\n') == std::string::npos);
  CHECK(courier->counters().sick_channels == 1);
}

TEST_CASE_FIXTURE(WatchedOffice,
                  "a robot that stays dead is told of again after an hour, not sooner") {
  kill_robot();
  say_something();
  for (int i = 0; i < 5; ++i) {  // tried again every ten minutes
    clock.advance(10 * kMinute);
    kill_robot();
    say_something();
  }
  CHECK(alarms.size() == 1);
  clock.advance(10 * kMinute);
  kill_robot();
  say_something();
  CHECK(alarms.size() == 2);
  clock.advance(120 * kMinute);  // and not while nothing is tried
  run_for(kMinute);
  CHECK(alarms.size() == 2);
}

TEST_CASE_FIXTURE(WatchedOffice, "a robot that lives again and dies again is told of at once") {
  kill_robot();
  say_something();
  clock.advance(10 * kMinute);
  say_something();  // lives
  kill_robot();
  say_something();
  CHECK(alarms.size() == 2);
}

TEST_CASE_FIXTURE(
    WatchedOffice,
    "a destination that has taken nothing for ten minutes is told of, a short rest is not") {
  robot.say_next({R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  say_something();
  run_for(2 * kMinute);
  CHECK(alarms.empty());
  robot.server().fail_next(std::vector<Fault>(200, Fault::CloseBeforeReading));
  for (int i = 0; i < 9; ++i) say_something();
  CHECK(alarms.empty());
  for (int i = 0; i < 6; ++i) say_something();
  REQUIRE(alarms.size() == 1);
  CHECK(alarms[0].second.starts_with("渠道 wecom:qa 发不出，已 "));
  CHECK(alarms[0].second.find("127.0.0.1") == std::string::npos);
}
