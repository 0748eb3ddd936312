// A change of figures alters the card that the person has already; whatever is wrong with that, a
// new message follows (CHANNELS 7.8). The apps here answer as CHANNELS 2.2 and 2.5 say.
#include "alerting/courier_cards.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/alerting/courier_office.h"

using core::Cause;
using core::Millis;
using fakes::Fault;
using nlohmann::json;

namespace {

constexpr Millis kMinute{60'000};

// Messages that can be changed, by their handle.
struct App {
  fakes::FakeClock& clock;
  std::vector<std::pair<std::string, std::string>> messages;  // handle, what is shown now
  std::set<std::string> spent;                                // of codes that are good once
  size_t changes = 0, pings = 0;
  std::string refusal;  // of the next change
  fakes::HttpServer server{clock, [this](const fakes::Request& r) {
                             fakes::Reply reply;
                             reply.body = answer(r);
                             return reply;
                           }};

  explicit App(fakes::FakeClock& c) : clock(c) {}

  std::string answer(const fakes::Request& request) {
    if (request.target.find("gettoken") != std::string::npos)
      return R"({"errcode":0,"access_token":"t","expires_in":7200})";
    const json body = json::parse(request.body);
    const std::string code = std::to_string(messages.size() + 1) + ".5";
    if (request.target.ends_with("/chat.postMessage")) {
      ++pings;
      messages.emplace_back(code, request.body);
      return json{{"ok", true}, {"channel", "D1"}, {"ts", code}}.dump();
    }
    if (request.target.find("/message/send") != std::string::npos) {
      ++pings;
      messages.emplace_back(code, request.body);
      return json{{"errcode", 0}, {"errmsg", "ok"}, {"response_code", code}}.dump();
    }
    const bool slack = request.target.ends_with("/chat.update");
    const std::string handle = slack ? body["ts"] : body["response_code"];
    if (!refusal.empty()) return std::exchange(refusal, "");
    for (auto& [known, shown] : messages)
      if (known == handle && (slack || spent.insert(handle).second)) {
        ++changes;
        shown = request.body;
        return slack ? json{{"ok", true}, {"channel", "D1"}, {"ts", handle}}.dump()
                     : std::string(R"({"errcode":0,"errmsg":"ok"})");
      }
    return slack ? R"({"ok":false,"error":"message_not_found"})"
                 : R"({"errcode":41044,"errmsg":"invalid response_code"})";
  }
};

struct AppOffice : Office {
  App app{clock};
  uint32_t revision = 0;
  std::string channel;

  void use(const std::string& kind) {
    channel = kind + ":duty";
    begin();
    warm_up();
  }
  void begin() {
    alerting::CourierSpec spec;
    alerting::Destination slack{
        "slack_app:duty", "slack_app", app.server.url("/api"), {"xoxb-1"}, true};
    alerting::Destination wecom{"wecom_app:duty", "wecom_app", app.server.url(""), {"s"}, true};
    wecom.options = {{"corp", "ww1"}, {"agent", "7"}};
    wecom.callback_token = "t";
    wecom.callback_key = std::string(43, 'A');
    spec.destinations = {slack, wecom};
    REQUIRE(alerting::check_destinations(spec.destinations).ok());
    spec.print = [](const core::Notification&, const std::string&) {};
    spec.extras = [](const core::Notification&, const alerting::Destination&) {
      alerting::Extras extras;
      extras.links = {{"ack", "确认接手", "https://q.example/a/1", "jti.mac"}};
      return extras;
    };
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) { return outbox.conclude(id, state, act); };
    courier = std::make_unique<alerting::Courier>(outbox, clock, *transport, std::move(spec));
  }
  core::Notification next(Cause cause) {
    core::Notification n = fakes::sample(channel, 1, ++revision, cause);
    n.at = clock.wall();
    n.incident.groups = 3 + static_cast<int64_t>(revision);
    n.contacts = {{"slack", "U1"}, {"wecom", "wangqing"}};
    return n;
  }
  // Told, with time enough.
  std::string tell(Cause cause) {
    const std::string id = add(next(cause));
    run_for(2 * kMinute);
    return id;
  }
};

}  // namespace

TEST_CASE_FIXTURE(AppOffice, "an update changes the card again and again, and pings nobody") {
  use("slack_app");
  tell(Cause::Opened);
  const std::string update = tell(Cause::Updated);
  CHECK(outbox.outcome_of(update) == "delivered");
  CHECK(outbox.state_of(update).vendor_answer == "changed in place, ok");
  tell(Cause::Updated);
  CHECK(app.pings == 1);
  CHECK(app.changes == 2);
  CHECK(app.messages.at(0).second.find("· r3") != std::string::npos);
  CHECK(courier->counters().edited == 2);
}

TEST_CASE_FIXTURE(AppOffice, "an escalation pings, and what follows changes the newest card") {
  use("slack_app");
  tell(Cause::Opened);
  tell(Cause::Escalated);
  tell(Cause::Updated);
  CHECK(app.pings == 2);
  CHECK(app.messages.at(0).second.find("· r1") != std::string::npos);
  CHECK(app.messages.at(1).second.find("· r3") != std::string::npos);
}

TEST_CASE_FIXTURE(
    AppOffice,
    "another person's or incident's card is left alone, and none remains after the all-clear") {
  use("slack_app");
  tell(Cause::Opened);
  core::Notification other = next(Cause::Updated);
  other.person = "boss";
  other.id = core::notification_id(other);
  add(other);
  core::Notification else_where = fakes::sample(channel, 2, 1, Cause::Updated);
  else_where.contacts = {{"slack", "U1"}};
  add(else_where);
  run_for(kMinute);
  CHECK(app.pings == 3);
  tell(Cause::AllClear);
  tell(Cause::Updated);
  CHECK(app.pings == 5);
  CHECK(app.changes == 0);
}

TEST_CASE_FIXTURE(AppOffice,
                  "a card that cannot be changed is given up, and a new message says it") {
  use("slack_app");
  struct Row {
    std::string refusal;
    Fault fault;
  };
  for (const Row& row :
       {Row{R"({"ok":false,"error":"message_not_found"})", Fault::None},
        Row{"", Fault::CloseAfterReading}, Row{"", Fault::BadGateway}, Row{"", Fault::NotJson}}) {
    CAPTURE(row.refusal);
    CAPTURE(static_cast<int>(row.fault));
    tell(Cause::Opened);
    const size_t pings = app.pings;
    const uint64_t failed = courier->counters().edits_failed;
    app.refusal = row.refusal;
    if (row.fault != Fault::None) app.server.fail_next({row.fault});
    const std::string id = tell(Cause::Updated);
    CHECK(outbox.outcome_of(id) == "delivered");
    CHECK(outbox.state_of(id).vendor_answer == "ok");
    CHECK(app.pings == pings + 1);
    CHECK(app.messages.back().second.find("（重发）") == std::string::npos);
    CHECK(courier->counters().edits_failed == failed + 1);
  }
}

TEST_CASE_FIXTURE(AppOffice, "a vendor that is busy is asked again for the same card") {
  use("slack_app");
  tell(Cause::Opened);
  app.refusal = R"({"ok":false,"error":"ratelimited"})";
  const std::string id = tell(Cause::Updated);
  CHECK(outbox.state_of(id).vendor_answer == "changed in place, ok");
  CHECK(app.pings == 1);
}

TEST_CASE_FIXTURE(AppOffice, "a code that is good once is used once") {
  use("wecom_app");
  tell(Cause::Opened);
  tell(Cause::Updated);
  CHECK(app.pings == 1);
  CHECK(app.changes == 1);
  tell(Cause::Updated);  // a new message, with a new code
  CHECK(app.pings == 2);
  CHECK(app.spent.size() == 1);
  tell(Cause::Updated);
  CHECK(app.pings == 2);
  CHECK(app.changes == 2);
}

TEST_CASE_FIXTURE(AppOffice, "a card is older than its handle, and a new message follows") {
  use("wecom_app");
  tell(Cause::Opened);
  clock.advance(72 * 60 * kMinute);
  tell(Cause::Updated);
  CHECK(app.pings == 2);
  CHECK(app.changes == 0);
}

TEST_CASE_FIXTURE(AppOffice, "a new process changes the card of the one before") {
  use("slack_app");
  tell(Cause::Opened);
  begin();
  warm_up();
  tell(Cause::Updated);
  CHECK(app.pings == 1);
  CHECK(app.changes == 1);
}

TEST_CASE_FIXTURE(AppOffice,
                  "a card changes at most every thirty seconds, unless something urgent waits") {
  use("slack_app");
  add(next(Cause::Opened));
  run_for(Millis(1'000));
  REQUIRE(app.pings == 1);
  add(next(Cause::Updated));
  run_for(Millis(25'000));
  CHECK(app.changes == 0);
  run_for(Millis(10'000));
  CHECK(app.changes == 1);
  add(next(Cause::Updated));
  add(next(Cause::Escalated));
  run_for(Millis(15'000));
  CHECK(app.pings == 2);
}
