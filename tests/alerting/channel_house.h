#pragma once
// A courier between an outbox and whatever servers a test has, on one clock. Time moves only by
// run_for() and run_out().
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerting/courier.h"
#include "alerting/http.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/log_capture.h"
#include "tests/fakes/outbox.h"
#include "tests/fakes/sample.h"

struct House {
  fakes::LogCapture log;
  fakes::FakeClock clock;
  fakes::Outbox outbox;
  std::unique_ptr<alerting::Transport> http = alerting::make_http_transport();
  std::vector<alerting::Destination> destinations;
  std::function<bool(const core::Notification&)> has_other_way;
  std::function<void()> between = [] {};  // after each step of the courier
  std::unique_ptr<alerting::Courier> courier;

  // A new process on the same outbox. Every message has a button and two links.
  void restart() {
    alerting::CourierSpec spec;
    spec.destinations = destinations;
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) { return outbox.conclude(id, state, act); };
    spec.extras = [](const core::Notification& n, const alerting::Destination&) {
      alerting::Extras extras;
      extras.links = {{"ack", "确认接手", "https://console.example/a/" + n.id, "press-" + n.id},
                      {"open", "查看详情", "https://console.example/i/" + n.id, ""}};
      return extras;
    };
    spec.has_other_way = has_other_way;
    courier = std::make_unique<alerting::Courier>(outbox, clock, *http, std::move(spec));
  }
  // Long enough for every road to hold all its tokens.
  void warm_up() { clock.advance(core::Millis(3'600'000)); }

  std::string add(const core::Notification& n) {
    outbox.add(n);
    return n.id;
  }
  void run_for(core::Millis time) { run(time, /*to_the_end=*/false); }
  // Until nothing waits, at most `time`.
  void run_out(core::Millis time) { run(time, /*to_the_end=*/true); }

 private:
  void run(core::Millis time, bool to_the_end) {
    constexpr core::Millis kPause{250};
    for (const core::Time end = clock.wall() + time;
         clock.wall() < end && !(to_the_end && outbox.waiting() == 0); clock.advance(kPause)) {
      static_cast<void>(courier->step());
      between();
    }
  }
};
