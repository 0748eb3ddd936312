// The heartbeat: signed, and withheld when nothing goes on.
#include "engine/heartbeat.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "engine/system_clock.h"
#include "tests/fakes/log_capture.h"
#include "tests/fakes/webhook_receiver.h"

using core::Millis;
using engine::HeartbeatThread;
using engine::Pulse;

namespace {

const std::string kKey = "0123456789abcdef01234567";
const std::string kSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";

struct Watched {
  fakes::LogCapture log;
  engine::SystemClock clock;
  fakes::WebhookReceiver receiver{clock, kKey};
  Pulse pulse;
  HeartbeatThread heart;

  Watched() : heart(settings(), [this] { return pulse; }) { pulse.book = "book-1"; }
  engine::HeartbeatSettings settings() const {
    engine::HeartbeatSettings s;
    s.url = receiver.url();
    s.secrets = {kSecret};
    s.allow_private = true;
    return s;
  }
};

}  // namespace

TEST_CASE("a beat is a webhook that its receiver can verify") {
  Watched w;
  w.pulse.events = 7;
  w.heart.beat(w.clock.wall());
  REQUIRE(w.receiver.shown().size() == 1);
  CHECK(w.receiver.wrong() == 0);
  const auto body = nlohmann::json::parse(w.receiver.shown()[0].body);
  CHECK(body["type"] == "qingyu.heartbeat");
  CHECK(body["data"]["events"] == 7);
  CHECK(body["data"]["book"] == "book-1");
  CHECK(body["data"]["every_s"] == 60);
  CHECK(w.heart.counters().sent == 1);
}

TEST_CASE("nothing beats for a program that has work and does not get on") {
  Watched w;
  const core::Time start = w.clock.wall();
  w.pulse.working = true;
  w.pulse.progress = 5;
  w.heart.beat(start);
  w.pulse.turns = 1;  // the main loop goes on
  w.heart.beat(start + HeartbeatThread::kStill - Millis(1));
  CHECK(w.heart.counters().sent == 2);
  w.heart.beat(start + HeartbeatThread::kStill);
  CHECK(w.heart.counters().withheld == 1);
  w.pulse.progress = 6;
  w.heart.beat(start + HeartbeatThread::kStill + Millis(1'000));
  CHECK(w.heart.counters().sent == 3);
  w.pulse.working = false;  // idle is not dead
  w.pulse.turns = 2;
  w.heart.beat(start + 2 * HeartbeatThread::kStill + Millis(2'000));
  CHECK(w.heart.counters().sent == 4);
}

TEST_CASE("nothing beats for a program whose main loop stands still, even without work") {
  Watched w;
  const core::Time start = w.clock.wall();
  w.pulse.turns = 1;
  w.heart.beat(start);
  w.heart.beat(start + HeartbeatThread::kStill);
  CHECK(w.heart.counters().withheld == 1);
  w.pulse.turns = 2;
  w.heart.beat(start + HeartbeatThread::kStill + Millis(1'000));
  CHECK(w.heart.counters().sent == 2);
}

TEST_CASE("nothing beats while the store does not answer") {
  Watched w;
  w.pulse.store_well = false;
  w.heart.beat(w.clock.wall());
  CHECK(w.heart.counters().withheld == 1);
  CHECK(w.receiver.shown().empty());
}

TEST_CASE("a receiver that refuses is counted, and its address is in no log") {
  Watched w;
  w.receiver.say_next({{500, "{}", "application/json", {}}});
  w.heart.beat(w.clock.wall());
  CHECK(w.heart.counters().failed == 1);
  CHECK(w.log.all().find("hooks/incidents") == std::string::npos);
}
