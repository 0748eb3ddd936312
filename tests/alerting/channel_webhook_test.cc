#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "alerting/channel.h"
#include "alerting/channels/standard_webhooks.h"
#include "core/text/utf8.h"
#include "tests/alerting/message_story.h"
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
  sent.rendered = channel->render(n, {}, to, {480, level, false});
  sent.request = channel->prepare(sent.rendered, to, n, wall, {});
  return sent;
}

}  // namespace

TEST_CASE("conformance 1: the signature is the one that the specification publishes") {
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

TEST_CASE("conformance 2: every attempt has the same id and bytes, a new timestamp and signature") {
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
  for (const core::Cause cause : fakes::kCauses)
    types.push_back(
        nlohmann::json::parse(send(fakes::story(cause, 1), fakes::kStart).request.body)["type"]);
  CHECK(types == std::vector<std::string>{
                     "incident.opened", "escalation.step", "incident.updated", "decision.requested",
                     "decision.recorded", "incident.resolved", "incident.reopened",
                     "incident.consulted", "decision.approval_requested", "action.requested",
                     "action.late", "incident.briefing", "incident.review", "channel.test"});
}

TEST_CASE("an escalation carries ranges, options, similar cases and no link of a person") {
  const core::Notification n = fakes::story(core::Cause::Escalated, 3);
  const alerting::Extras extras = fakes::story_extras(core::Cause::Escalated);
  const std::string body =
      alerting::make_channel("webhook")->render(n, extras, destination(), {}).body;
  const auto data = nlohmann::json::parse(body)["data"];
  CHECK(data["loss_cny_range"] ==
        nlohmann::json{{"low", 602000}, {"middle", 1204000}, {"high", 2408000}});
  CHECK(data["people_in_6h"]["high"] == 40000);
  CHECK(data["wait_cost_cny"] == 56000);
  CHECK(data["golden_until"] == "2026-03-10T08:40:00Z");
  REQUIRE(data["options"].size() == 3);
  CHECK(data["options"][0]["id"] == "return-and-compensate");
  CHECK(data["options"][0]["cost_cny"]["middle"] == 2408000);
  CHECK(data["options"][0]["within_authority"] == false);
  CHECK(data["options"][1]["within_authority"] == true);
  CHECK(data["options"][0]["actions"] == nlohmann::json{"下架", "发布声明"});
  REQUIRE(data["similar"].size() == 1);
  CHECK(data["similar"][0]["outcome"] == "3 小时平息");
  CHECK(!data.contains("links"));
}

TEST_CASE("an action is an order that a system can carry out once") {
  const core::Notification n = fakes::story(core::Cause::Action, 4);
  const auto body = nlohmann::ordered_json::parse(send(n, fakes::kStart).request.body);
  CHECK(body["type"] == "action.requested");
  CHECK(
      body["data"].dump() ==
      R"({"action":"off-shelf","option":"return-and-compensate","subject":"product:TB103","sku":"TB103","skus":["TB103","TB104"],"incident":"INC-20260310-7K3M9Q2A","revision":4,"decided_by":"ceo","confirm_by":"2026-03-10T08:30:00Z","idempotency":"1ca2a011dc688c2f","action_name":"下架","option_name":"全额退货并赔一倍","subject_name":"汀白洗衣液2kg","undo":"在商品后台重新上架，并通知团长","because":"ceo 已决定：全额退货并赔一倍（理由：先认错）"})");
  const auto thin = nlohmann::json::parse(
      send(n, fakes::kStart, destination(), Degrade::Neutral).request.body)["data"];
  CHECK(thin["idempotency"] == n.id);
  CHECK(thin["sku"] == "TB103");
  CHECK(!thin.contains("undo"));
  core::Notification brand = n;
  brand.incident.subject = "brand:汀白";
  CHECK(nlohmann::json::parse(send(brand, fakes::kStart).request.body)["data"]["sku"].is_null());
}

TEST_CASE("whatever is written, the body keeps to the budget") {
  std::mt19937_64 random(11);
  size_t lower = 0;
  for (int round = 0; round < 8; ++round)
    for (const core::Cause cause : fakes::kCauses) {
      const size_t pieces = round % 2 == 0 ? 600 : 30;
      alerting::Extras extras = fakes::worst_extras(cause, random, pieces);
      extras.digest = fakes::others(200);
      const core::Notification n = fakes::worst(cause, 4, random, pieces);
      const alerting::Rendered r =
          alerting::make_channel("webhook")->render(n, extras, destination(), {});
      REQUIRE(r.body.size() <= 20'000);
      REQUIRE(core::text::valid_utf8(r.body));
      REQUIRE(nlohmann::json::accept(r.body));
      lower += r.level > Degrade::Full ? 1 : 0;
    }
  CHECK(lower > 0);
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
