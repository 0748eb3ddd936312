#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "alerting/channel.h"
#include "alerting/channels/standard_webhooks.h"
#include "core/text/utf8.h"
#include "tests/fakes/sample.h"

using alerting::Degrade;
using alerting::Outcome;
using alerting::webhook_signature;

namespace {

const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

alerting::Destination destination() {
  alerting::Destination d;
  d.id = "webhook:backup";
  d.kind = "webhook";
  d.url = "https://hooks.example.com/incidents";
  d.secrets = {kSecret};
  return d;
}

std::string header(const alerting::HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (key == name) return value;
  return "";
}

struct Sent {
  alerting::Rendered rendered;
  alerting::HttpRequest request;
};
Sent send(const core::Notification& n, core::Time wall,
          const alerting::Destination& to = destination(), Degrade level = Degrade::Full) {
  const auto channel = alerting::make_channel("webhook");
  Sent sent;
  sent.rendered = channel->render(n, 480, level, false);
  sent.request = channel->prepare(sent.rendered, to, n, wall);
  return sent;
}

}  // namespace

TEST_CASE("the signature is the one that the specification publishes") {
  CHECK(webhook_signature({kSecret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                          R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("while a secret is replaced both signatures are sent") {
  CHECK(
      webhook_signature(
          {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_GBkaGxwdHh8gISIjJCUmJygpKissLS4v"},
          "msg_01JGYQ0000000000000000000", 1767168000,
          R"({"type":"incident.opened","timestamp":"2025-12-31T08:00:00Z","data":{"incident_id":"INC-20251231-0007","revision":3}})") ==
      "v1,Eo5JrLuY+qvhcgXmMNBH+zMK0kP0bDKIJj1N5UJGwVs= "
      "v1,2lAFwKxkLD/O6686mRGQBNzIjDP0jXcrJRdTVCG+eBo=");
}

TEST_CASE("a secret that is none is refused without being repeated") {
  for (const std::string bad : {"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_MfKQ9r8G",
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!w", "whsec_A"}) {
    CAPTURE(bad);
    const auto key = alerting::webhook_key(bad);
    REQUIRE(!key);
    CHECK(key.error().code == core::Code::BadSettings);
    if (bad.size() > 6) CHECK(key.error().message.find(bad.substr(6)) == std::string::npos);
  }
  CHECK(!alerting::webhook_key("whsec_" + std::string(88, 'A')));  // 66 bytes
  CHECK(alerting::webhook_key(kSecret)->size() == 24);
  CHECK(alerting::webhook_key("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGA==")->size() == 25);
}

TEST_CASE("every attempt has the same id and bytes, and a new timestamp and signature") {
  const core::Notification n = fakes::sample("webhook:backup");
  const Sent first = send(n, fakes::kStart);
  const Sent second = send(n, fakes::kStart + core::Millis(61 * 60'000));
  CHECK(header(first.request, "webhook-id") == n.id);
  CHECK(header(second.request, "webhook-id") == n.id);
  CHECK(first.request.body == second.request.body);
  CHECK(header(first.request, "webhook-timestamp") == "1773129600");
  CHECK(header(second.request, "webhook-timestamp") == "1773133260");
  CHECK(header(first.request, "webhook-signature") != header(second.request, "webhook-signature"));
  CHECK(header(first.request, "webhook-signature") ==
        webhook_signature({kSecret}, n.id, 1773129600, first.request.body));
  CHECK(header(first.request, "Content-Type") == "application/json");
  CHECK(first.request.timeout == core::Millis(20'000));
}

TEST_CASE("the envelope is type, timestamp, data, and data holds figures and words") {
  const core::Notification n = fakes::sample("webhook:backup");
  const auto body = nlohmann::ordered_json::parse(send(n, fakes::kStart).request.body);
  CHECK(body.size() == 3);
  CHECK(body["type"] == "incident.opened");
  CHECK(body["timestamp"] == "2026-03-10T08:00:00Z");
  const auto& data = body["data"];
  CHECK(data["notification_id"] == n.id);
  CHECK(data["incident_id"] == "INC-20260310-7K3M9Q2A");
  CHECK(data["revision"] == 1);
  CHECK(data["level"] == "yellow");
  CHECK(data["groups"] == 3);
  CHECK(data["people_estimated"] == 375);
  CHECK(data["loss_cny_estimated"] == 120000);
  CHECK(data["ack_by"] == "2026-03-10T08:10:00Z");
  CHECK(data["decide_by"].is_null());
  CHECK(data["because"]["code"] == "rule_groups");
  CHECK(data["because"]["figures"]["rule"] == "near-expiry");
  CHECK(data["because"]["sentence"] == "1 小时内有 3 个不同的群命中规则“near-expiry”");
  CHECK(data["evidence"].size() == 2);
  CHECK(data["evidence"][1]["quote"] == "我家这瓶也是，电话138********");
  CHECK(data["text"].get<std::string>().starts_with("【黄】"));
}

TEST_CASE("each cause has its own type") {
  std::vector<std::string> types;
  for (int cause = 0; cause <= static_cast<int>(core::Cause::Reopened); ++cause) {
    core::Notification n = fakes::sample("webhook:backup");
    n.cause = static_cast<core::Cause>(cause);
    types.push_back(nlohmann::json::parse(send(n, fakes::kStart).request.body)["type"]);
  }
  CHECK(types == std::vector<std::string>{"incident.opened", "escalation.step", "incident.updated",
                                          "decision.requested", "decision.recorded",
                                          "incident.resolved", "incident.reopened"});
}

TEST_CASE("lower forms lose quotes, then all words") {
  const core::Notification n = fakes::sample("webhook:backup");
  const auto data = [&n](Degrade level) {
    return nlohmann::json::parse(send(n, fakes::kStart, destination(), level).request.body)["data"];
  };
  CHECK(data(Degrade::Shorter)["evidence"].size() == 1);
  CHECK(data(Degrade::NoQuotes)["evidence"].empty());
  const auto thin = data(Degrade::Neutral);
  CHECK(!thin.contains("text"));
  CHECK(!thin.contains("subject_name"));
  CHECK(thin["incident_id"] == "INC-20260310-7K3M9Q2A");
  CHECK(thin["degrade"] == 3);
}

TEST_CASE("a webhook's settings are checked without repeating them") {
  const auto channel = alerting::make_channel("webhook");
  CHECK(channel->check(destination()).ok());
  const auto error = [&channel](auto change) {
    alerting::Destination d = destination();
    change(d);
    const auto checked = channel->check(d);
    return checked ? std::string() : checked.error().message;
  };
  CHECK(error([](auto& d) { d.secrets.clear(); }) == "channel webhook:backup: it needs a secret");
  CHECK(error([](auto& d) { d.secrets.push_back("whsec_c2hvcnQ="); }).find("24 to 64") !=
        std::string::npos);
  CHECK(error([](auto& d) { d.url = "http://hooks.example.com/x"; }).find("plain http") !=
        std::string::npos);
  CHECK(error([](auto& d) { d.url = "ftp://hooks.example.com/x"; }).find("https://") !=
        std::string::npos);
  CHECK(error([](auto& d) { d.url = "https:///x"; }).find("no host") != std::string::npos);
  CHECK(error([](auto& d) { d.url = "http://10.0.0.7/x", d.allow_private = true; }).empty());
}

TEST_CASE("any 2xx is proof, an overloaded receiver is left alone for as long as it asks") {
  const auto channel = alerting::make_channel("webhook");
  const auto classify = [&channel](int status, std::string retry_after = "") {
    alerting::TransportResult r;
    r.how = alerting::TransportResult::How::Answered;
    r.status = status;
    r.retry_after = std::move(retry_after);
    return channel->classify(r);
  };
  for (const int status : {200, 201, 202, 204})
    CHECK(classify(status).outcome == Outcome::Delivered);
  for (const int status : {502, 503, 504})
    CHECK(classify(status).outcome == Outcome::RetryDestination);
  CHECK(classify(503, "30").retry_after == core::Millis(30'000));
  CHECK(classify(429, "7").retry_after == core::Millis(7'000));
  CHECK(classify(500).outcome == Outcome::RetryMessage);
}
