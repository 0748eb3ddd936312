#pragma once
// The fixture of the courier's tests: two robots and a receiver that are real servers, an outbox,
// one clock for all of them, and the courier between. Time moves only by run_for() and run_out().
#include <memory>
#include <string>
#include <vector>

#include "alerting/courier.h"
#include "alerting/http.h"
#include "core/notification.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/log_capture.h"
#include "tests/fakes/outbox.h"
#include "tests/fakes/sample.h"
#include "tests/fakes/webhook_receiver.h"
#include "tests/fakes/wecom_robot.h"

inline const std::string kRobotKey = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";
inline const std::string kOtherKey = "0a1bxxx2-3cde-4f56-7890-12345abcdeff";
inline const std::string kWebhookKey = "0123456789abcdef01234567";
inline const std::string kWebhookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

struct Office {
  fakes::LogCapture log;
  fakes::FakeClock clock;
  fakes::Outbox outbox;
  fakes::WecomRobot robot{clock, {kRobotKey, kOtherKey}};
  fakes::WebhookReceiver receiver{clock, kWebhookKey};
  std::unique_ptr<alerting::Transport> http = alerting::make_http_transport();
  alerting::Transport* transport = http.get();
  std::vector<std::string> printed;
  std::unique_ptr<alerting::Courier> courier;

  Office() { restart(); }

  std::vector<alerting::Destination> destinations() const {
    return {{"wecom:qa", "wecom", robot.url(kRobotKey), {}, true},
            {"wecom:ops", "wecom", robot.url(kOtherKey), {}, true},
            {"webhook:backup", "webhook", receiver.url(), {kWebhookSecret}, true}};
  }

  // A new process on the same outbox.
  void restart() {
    alerting::CourierSpec spec;
    spec.destinations = destinations();
    spec.print = [this](const core::Notification&, const std::string& text) {
      printed.push_back(text);
    };
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) { return outbox.conclude(id, state, act); };
    courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  }

  std::string add(const core::Notification& n) {
    outbox.add(n);
    return n.id;
  }
  std::string add(const std::string& channel, int incident = 1, uint32_t revision = 1,
                  core::Cause cause = core::Cause::Opened) {
    return add(fakes::sample(channel, incident, revision, cause));
  }

  // Steps every quarter of a second. Store trouble is the store's business.
  void run_for(core::Millis time) {
    constexpr core::Millis kPause{250};
    for (const core::Time end = clock.wall() + time; clock.wall() < end; clock.advance(kPause))
      static_cast<void>(courier->step());
  }
  // Until nothing waits, at most `time`.
  void run_out(core::Millis time) {
    constexpr core::Millis kPause{250};
    for (const core::Time end = clock.wall() + time; clock.wall() < end && outbox.waiting() > 0;
         clock.advance(kPause))
      static_cast<void>(courier->step());
  }
  // Long enough for every road to hold all its tokens.
  void warm_up() { clock.advance(core::Millis(60'000)); }
};
