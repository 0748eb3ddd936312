// The courier on the real stores: what the fake outbox stands for is what they do.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "alerting/courier.h"
#include "store/open.h"
#include "tests/alerting/courier_office.h"

using core::Delivery;
using core::Millis;

namespace {

struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("qingyu-courier-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
};

// Three notifications of one incident to the robot, one to the receiver, one to nobody.
std::vector<core::OutboxItem> items() {
  std::vector<core::OutboxItem> all;
  const auto add = [&all](const std::string& channel, uint32_t revision) {
    const core::Notification n = fakes::sample(channel, 1, revision);
    all.push_back({n.id, channel + "/" + n.incident.incident, n.at, core::encode(n)});
  };
  for (uint32_t revision = 3; revision >= 1; --revision) add("wecom:qa", revision);
  add("webhook:backup", 1);
  add("fax:nobody", 1);
  return all;
}

}  // namespace

TEST_CASE_FIXTURE(
    Office, "on every store that a test can have, each notification gets its end and its outcome") {
  const Folder folder;
  for (const std::string kind : {"memory", "sqlite"}) {
    CAPTURE(kind);
    store::StoreSpec where;
    where.kind = kind;
    where.path = (folder.path / "store.db").string();
    auto opened = store::open_store(where);
    REQUIRE(opened.ok());
    core::Store& real = **opened;
    REQUIRE(real.bind(1).ok());
    core::Checkpoint checkpoint;
    checkpoint.fence = *real.take(0);
    checkpoint.outbox = items();
    REQUIRE(real.commit(checkpoint).ok());

    alerting::CourierSpec spec;
    spec.destinations = destinations();
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.conclude = [&real](const std::string& id, const core::OutboxState& state,
                            const core::Act& act) -> core::Result<core::Unit> {
      const auto kept = real.settle(id, state, {0, "outcome", fakes::kStart, act.what});
      if (!kept) return kept.error();
      return core::Unit{};
    };
    robot.server().fail_next({fakes::Fault::CloseAfterReading});
    alerting::Courier real_courier(real, clock, *transport, std::move(spec));
    for (int i = 0; i < 400 && !real.pending(1)->empty(); ++i) {
      REQUIRE(real_courier.step().ok());
      clock.advance(Millis(1'000));
    }
    size_t delivered = 0, dead = 0;
    for (const auto& [item, state] : *real.outbox("")) {
      delivered += state.delivery == Delivery::Delivered ? 1 : 0;
      dead += state.delivery == Delivery::Dead ? 1 : 0;
    }
    CHECK(delivered == 4);
    CHECK(dead == 1);
    CHECK(real.journal(0, 100)->size() == 5);
  }
  const std::vector<fakes::WecomRobot::Posted> posted = robot.posted();
  REQUIRE(posted.size() == 8);
  for (size_t i = 0; i < posted.size(); ++i) {
    const std::vector<std::string> order = {"r1", "r1", "r2", "r3"};
    CHECK(posted[i].content.find("· " + order[i % 4] + " ·") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(
    Office,
    "on every such store a message that is held back stays, and its outcomes are journalled") {
  const Folder folder;
  core::Policy policy;
  policy.mute_times.resize(1);
  policy.mute_times[0].from_minute = 15 * 60;  // it is 16:00
  policy.mute_times[0].to_minute = 18 * 60;
  for (const std::string kind : {"memory", "sqlite"}) {
    CAPTURE(kind);
    store::StoreSpec where;
    where.kind = kind;
    where.path = (folder.path / "held.db").string();
    auto opened = store::open_store(where);
    REQUIRE(opened.ok());
    core::Store& real = **opened;
    REQUIRE(real.bind(1).ok());
    core::Notification n = fakes::sample("webhook:backup", kind == "sqlite" ? 1 : 2, 1);
    n.ack_by = {};
    core::Checkpoint checkpoint;
    checkpoint.fence = *real.take(0);
    checkpoint.outbox = {{n.id, "webhook:backup/" + n.incident.incident, n.at, core::encode(n)}};
    REQUIRE(real.commit(checkpoint).ok());

    const fakes::WebhookReceiver receives(clock, kWebhookKey);
    alerting::CourierSpec spec;
    spec.destinations = {{"webhook:backup", "webhook", receives.url(), {kWebhookSecret}, true}};
    spec.print = [](const core::Notification&, const std::string&) {};
    bool muted = true;
    spec.policy = [&] { return muted ? &policy : nullptr; };
    spec.conclude = [&real](const std::string& id, const core::OutboxState& state,
                            const core::Act& act) -> core::Result<core::Unit> {
      const auto kept = real.settle(id, state, {0, "outcome", fakes::kStart, act.what});
      if (!kept) return kept.error();
      return core::Unit{};
    };
    spec.hold = spec.conclude;
    alerting::Courier held(real, clock, *transport, std::move(spec));
    for (int i = 0; i < 3; ++i) REQUIRE(held.step().ok());
    REQUIRE(real.pending(10)->size() == 1);
    CHECK(real.pending(10)->front().second.vendor_answer.starts_with("held back: mute time"));
    REQUIRE(real.journal(0, 10)->size() == 1);
    CHECK(real.journal(0, 10)->front().bytes == "suppressed");
    muted = false;
    for (int i = 0; i < 20; ++i, clock.advance(Millis(1'000))) REQUIRE(held.step().ok());
    CHECK(real.pending(10)->empty());
    REQUIRE(real.journal(0, 10)->size() == 2);
    CHECK(real.journal(0, 10)->back().bytes == "delivered");
    CHECK(receives.shown().size() == 1);
  }
}
