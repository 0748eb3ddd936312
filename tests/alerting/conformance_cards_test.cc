// CHANNELS 8 test 19 and 7.8: what was sent is changed in place, over the wire, for as long and as
// often as each vendor lets it be.
#include <doctest/doctest.h>

#include "tests/alerting/channel_office.h"

using alerting::Outcome;
using core::Millis;

namespace {

// A channel of the office without the courier: logged in where it has to be.
struct Wire {
  AppOffice& office;
  const alerting::Destination& to;
  std::unique_ptr<alerting::Channel> channel;
  alerting::Session session;

  Wire(AppOffice& o, const std::string& id)
      : office(o), to(*find(o, id)), channel(alerting::make_channel(to.kind)) {
    if (!channel->caps(to).sessions) return;
    alerting::SendResult why;
    const auto got = channel->logged_in(o.http->send(channel->log_in(to), to), o.clock.wall(), why);
    REQUIRE(got);
    session = *got;
  }
  static const alerting::Destination* find(const AppOffice& o, const std::string& id) {
    for (const alerting::Destination& to : o.destinations)
      if (to.id == id) return &to;
    return nullptr;
  }
  alerting::Rendered rendered(const core::Notification& n) const {
    alerting::Extras extras;
    extras.links = {{"ack", "确认接手", "https://console.example/a/1", "press-1"}};
    return channel->render(n, extras, to, {});
  }
  alerting::SendResult send(const core::Notification& n) {
    return channel->classify(
        office.http->send(channel->prepare(rendered(n), to, n, office.clock.wall(), session), to));
  }
  // nullopt: not attempted.
  std::optional<alerting::SendResult> change(const alerting::MessageHandle& handle,
                                             const core::Notification& n) {
    const auto request =
        channel->prepare_update(handle, rendered(n), to, n, office.clock.wall(), session);
    if (!request) return std::nullopt;
    return channel->classify(office.http->send(*request, to));
  }
};

// With its end, as the courier keeps it.
alerting::MessageHandle handle_of(const alerting::SendResult& sent, core::Time now) {
  REQUIRE(sent.outcome == Outcome::Delivered);
  REQUIRE(sent.handle);
  if (sent.handle_life.count() == 0) return *sent.handle;
  return {sent.handle->text, now + sent.handle_life};
}

}  // namespace

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 19: WeCom's response code changes its card once, and is not tried "
                  "after 72 hours") {
  Wire wire(*this, "wecom_app:qa");
  const core::Notification n = told("wecom_app:qa");
  const auto handle = handle_of(wire.send(n), clock.wall());
  CHECK(wire.channel->caps(wire.to).handle_once);
  const auto changed = wire.change(handle, n);
  REQUIRE(changed);
  CHECK(changed->outcome == Outcome::Delivered);
  REQUIRE(wecom.updated().size() == 1);
  CHECK(wecom.updated()[0].code == handle.text);
  const auto again = wire.change(handle, n);  // the vendor's word, if somebody did try
  REQUIRE(again);
  CHECK(again->outcome == Outcome::DeadMessage);
  CHECK(wecom.updated().size() == 1);
  CHECK(wecom.codes_refused() == 1);
  clock.advance(Millis(72 * 3'600'000LL));
  CHECK_FALSE(wire.change(handle, n));
  CHECK(wecom.codes_refused() == 1);
}

TEST_CASE_FIXTURE(AppOffice,
                  "WeCom's newer code, from a press, changes the card after the first is spent") {
  Wire wire(*this, "wecom_app:qa");
  const core::Notification n = told("wecom_app:qa");
  const auto first = handle_of(wire.send(n), clock.wall());
  REQUIRE(wire.change(first, n)->outcome == Outcome::Delivered);
  const auto push = wecom.press("wangqing", wecom.posted()[0].task, "press-1");
  const auto press = wire.channel->parse_callback(
      {push.method, "/callbacks/wecom_app:qa" + push.target, push.body, push.headers}, wire.to,
      clock.wall());
  REQUIRE(press.kind == alerting::Callback::Kind::Press);
  REQUIRE(press.handle);
  CHECK(press.handle->text != first.text);
  CHECK(wire.change(*press.handle, n)->outcome == Outcome::Delivered);
  CHECK(wecom.updated().size() == 2);
}

TEST_CASE_FIXTURE(AppOffice, "Feishu's card is changed for 14 days, five times a second") {
  Wire wire(*this, "feishu_app:qa");
  const core::Notification n = told("feishu_app:qa");
  const auto handle = handle_of(wire.send(n), clock.wall());
  for (int i = 0; i < 5; ++i) CHECK(wire.change(handle, n)->outcome == Outcome::Delivered);
  CHECK(wire.change(handle, n)->outcome == Outcome::RetryDestination);
  REQUIRE(feishu.posted().size() == 1);
  CHECK(feishu.posted()[0].changes.size() == 5);
  clock.advance(Millis(14 * 86'400'000LL));
  CHECK_FALSE(wire.change(handle, n));
}

TEST_CASE_FIXTURE(AppOffice,
                  "Slack's message is changed where it stands, and a lost one is said to be lost") {
  Wire wire(*this, "slack_app:qa");
  const core::Notification n = told("slack_app:qa");
  const auto handle = handle_of(wire.send(n), clock.wall());
  CHECK(wire.change(handle, n)->outcome == Outcome::Delivered);
  REQUIRE(slack.posted().size() == 1);
  CHECK(slack.posted()[0].changes.size() == 1);
  CHECK(wire.change({"U1 1.000001", core::kTimeMax}, n)->outcome == Outcome::DeadMessage);
}
