#include "alerting/channels/answer.h"

#include <doctest/doctest.h>

#include "tests/fakes/sample.h"

using alerting::Outcome;
using How = alerting::TransportResult::How;

namespace {

alerting::TransportResult answered(int status, std::string body = "", std::string type = "") {
  alerting::TransportResult r;
  r.how = How::Answered;
  r.status = status;
  r.body = std::move(body);
  r.content_type = std::move(type);
  return r;
}

alerting::TransportResult broken(How how) {
  alerting::TransportResult r;
  r.how = how;
  r.error = "Couldn't connect to server";
  return r;
}

}  // namespace

TEST_CASE("what the transport and the status say holds for every channel that is sent") {
  for (const std::string_view kind : {"wecom", "webhook"}) {
    CAPTURE(kind);
    const auto channel = alerting::make_channel(kind);
    const auto outcome = [&channel](const alerting::TransportResult& r) {
      return channel->classify(r).outcome;
    };
    CHECK(outcome(broken(How::NotSent)) == Outcome::RetryMessage);
    CHECK(outcome(broken(How::MaybeSent)) == Outcome::Unknown);
    CHECK(outcome(broken(How::Refused)) == Outcome::DeadDestination);
    for (const int status : {301, 302, 307, 401, 403, 404, 410})
      CHECK(outcome(answered(status)) == Outcome::DeadDestination);
    CHECK(outcome(answered(413)) == Outcome::FixContent);
    CHECK(outcome(answered(429)) == Outcome::RetryDestination);
    CHECK(outcome(answered(418)) == Outcome::DeadMessage);
    CHECK(channel->classify(answered(418)).alarm);
    CHECK(channel->classify(broken(How::NotSent)).vendor_answer ==
          "not sent: Couldn't connect to server");
  }
}

TEST_CASE("a moved or missing place is given three chances, a refusal none") {
  const auto webhook = alerting::make_channel("webhook");
  CHECK(webhook->classify(answered(404)).strikes == 1);
  CHECK(webhook->classify(answered(301)).strikes == 1);
  CHECK(webhook->classify(answered(410)).strikes == alerting::kStrikesMax);
  CHECK(webhook->classify(answered(401)).strikes == alerting::kStrikesMax);
}

TEST_CASE("Retry-After is read in seconds and capped") {
  alerting::TransportResult r = answered(429);
  const auto after = [&r](std::string text) {
    r.retry_after = std::move(text);
    return alerting::retry_after_of(r).count();
  };
  CHECK(after("30") == 30'000);
  CHECK(after("") == 0);
  CHECK(after("-5") == 0);
  CHECK(after("5x") == 0);
  CHECK(after("Wed, 21 Oct 2026 07:28:00 GMT") == 0);
  CHECK(after("999999999") == alerting::kRetryAfterMax.count());
  CHECK(after("99999999999999999999999") == 0);
}

TEST_CASE("a vendor's words become one short line without brackets, hint and address") {
  CHECK(alerting::answer_line(
            "api freq out of limit, hint: [17], from ip: 1.2.3.4, more info at x") ==
        "api freq out of limit");
  CHECK(alerting::answer_line("a [L1 m0 b0 t0]\r\nb") == "a (L1 m0 b0 t0) / b");
  CHECK(alerting::answer_line(std::string(5000, 'x')).size() <= alerting::kAnswerBytesMax);
  CHECK(alerting::answer_line("\xff\xfe\x01ok") == "ok");
}

TEST_CASE("the table of channels knows what it makes and nothing else") {
  CHECK(alerting::channel_kinds() ==
        std::vector<std::string_view>{"alertmanager", "dingtalk", "email", "feishu", "feishu_app",
                                      "pagerduty", "slack", "slack_app", "teams", "terminal",
                                      "webhook", "wecom", "wecom_app"});
  for (const std::string_view kind : alerting::channel_kinds())
    CHECK(alerting::make_channel(kind) != nullptr);
  CHECK(alerting::make_channel("fax") == nullptr);
  CHECK(alerting::make_channel("") == nullptr);
}

TEST_CASE("the terminal shows the plain message") {
  const auto terminal = alerting::make_channel("terminal");
  CHECK(terminal->caps({}).local);
  const core::Notification n = fakes::sample();
  const std::string text = terminal->render(n, {}, {}, {480, alerting::Degrade::Full, false}).text;
  CHECK(text.starts_with("【黄】新事件："));
  CHECK(text.find("138********") != std::string::npos);
}
