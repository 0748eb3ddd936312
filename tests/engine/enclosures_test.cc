#include "engine/enclosures.h"

#include <doctest/doctest.h>

#include "console/token.h"
#include "store/open.h"
#include "tests/fakes/fake_clock.h"

namespace {

core::Notification asking(core::Cause cause, core::IncidentState state) {
  core::Notification n;
  n.cause = cause;
  n.rung = n.incident.rung = 1;
  n.incident.incident = "INC-1";
  n.incident.subject = "SKU1";
  n.incident.issue = "expiry";
  n.incident.revision = 3;
  n.incident.state = state;
  n.person = "duty";
  n.channel = "wecom:qa";
  n.at = core::from_ms(1'776'300'000'000);
  n.decide_by = n.at + core::Millis{1'800'000};
  n.options.resize(1);
  return n;
}

std::string actions(const core::Notification& n) {
  std::string all;
  for (const auto& [action, label] : engine::answers_to(n)) all += action + " ";
  return all;
}

alerting::Destination place(const std::string& id, const std::string& kind) {
  alerting::Destination to;
  to.id = id;
  to.kind = kind;
  return to;
}

struct Desk {
  fakes::FakeClock clock;
  std::unique_ptr<core::Store> store = *store::open_store({.kind = "memory"});
  console::Keys keys{{{uint8_t{1}, std::string(32, 'k')}}};
  console::Grants grants{*store, keys, "qingyu", "https://yuqing.example.com"};
  core::Policy policy;

  Desk() {
    policy.people["duty"].id = "duty";
    policy.people["duty"].pin_hash = "$argon2id$";
  }
  engine::Enclosures::PolicyInUse in_use() {
    return [this] { return std::shared_ptr<const core::Policy>(std::shared_ptr<void>(), &policy); };
  }
};

}  // namespace

TEST_CASE("links answer what a message asks, and nothing else") {
  using core::Cause;
  using core::IncidentState;
  CHECK(actions(asking(Cause::Opened, IncidentState::Open)) == "ack decide ");
  CHECK(actions(asking(Cause::Reminder, IncidentState::Acknowledged)) == "decide ");
  CHECK(actions(asking(Cause::Decided, IncidentState::Decided)) == "close ");
  CHECK(actions(asking(Cause::Consulted, IncidentState::Open)) == "advise ");
  CHECK(actions(asking(Cause::Approval, IncidentState::Acknowledged)) == "approve reject ");
  CHECK(actions(asking(Cause::AllClear, IncidentState::Closed)).empty());
  CHECK(actions(asking(Cause::Alarm, IncidentState::Open)).empty());
  core::Notification no_options = asking(Cause::Opened, IncidentState::Open);
  no_options.options.clear();
  CHECK(actions(no_options) == "ack ");
}

TEST_CASE("a message rendered again has the same links, and a system gets none") {
  Desk desk;
  engine::Enclosures enclosures(&desk.grants, desk.clock, *desk.store, desk.in_use());
  const core::Notification n = asking(core::Cause::Opened, core::IncidentState::Open);
  const auto first = enclosures.of(n, place("wecom:qa", "wecom"));
  desk.clock.advance(core::Millis{61'000});
  const auto second = enclosures.of(n, place("wecom:qa", "wecom"));
  REQUIRE(first.links.size() == 2);
  CHECK(first.links.front().url == second.links.front().url);
  CHECK(first.links.front().url == "https://yuqing.example.com/a/" + first.links.front().value);
  CHECK(first.links.front().value.size() == console::kTokenSize);
  CHECK(first.links.front().value != first.links.back().value);
  CHECK(enclosures.of(n, place("webhook:a", "webhook")).links.empty());
  // Who has no PIN cannot press a link, but an app's button.
  core::Notification other = n;
  other.person = "nobody";
  CHECK(enclosures.of(other, place("wecom:qa", "wecom")).links.empty());
  alerting::Destination app = place("slack_app:qa", "slack_app");
  app.callback_key = "key";
  CHECK(enclosures.of(other, app).links.size() == 2);
  engine::Enclosures without(nullptr, desk.clock, *desk.store, desk.in_use());
  CHECK(without.of(n, place("wecom:qa", "wecom")).links.empty());
}

TEST_CASE("a message that opens an incident brings closed cases like it") {
  Desk desk;
  alerting::ClosedCase closed;
  closed.incident = "INC-0";
  closed.subject = "SKU1";
  closed.issue = "expiry";
  closed.closed_at = core::from_ms(1'776'200'000'000);
  REQUIRE(desk.store
              ->keep({std::string(alerting::kCaseShelf), "INC-0", alerting::encode(closed),
                      closed.closed_at})
              .ok());
  REQUIRE(desk.store->keep({std::string(alerting::kCaseShelf), "damaged", "?", {}}).ok());
  engine::Enclosures enclosures(nullptr, desk.clock, *desk.store, desk.in_use());
  const alerting::Destination to = place("terminal", "terminal");
  const auto opened = enclosures.of(asking(core::Cause::Opened, core::IncidentState::Open), to);
  REQUIRE(opened.similar.size() == 1);
  CHECK(opened.similar.front().incident == "INC-0");
  CHECK(enclosures.of(asking(core::Cause::Decided, core::IncidentState::Decided), to)
            .similar.empty());
}
