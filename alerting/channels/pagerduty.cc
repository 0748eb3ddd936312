// PagerDuty Events API v2 (CHANNELS 2.7): one alert an incident, known by dedup_key. 202 says that
// the event was taken; an acknowledgement of an alert that is not open is dropped without a word.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/channels/signing.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

// UTF-8 as it is: \u escapes double the size of Chinese text.
using core::Cause;

constexpr size_t kBodyBytesMax = 200'000, kKeyBytes = 32, kLinksMax = 3;
constexpr size_t kKeyMemberBytesMax = 64;  // what prepare() adds
constexpr Room kSummaryRoom = {1'000, 1'000};
constexpr core::Millis kPause{30'000};

// What asks somebody to act must page, even when a lower rung has acknowledged already.
std::string_view action_of(const core::Notification& n) {
  if (n.incident.state == core::IncidentState::Closed || n.cause == Cause::AllClear)
    return n.cause == Cause::Review ? "acknowledge" : "resolve";
  const bool asks =
      n.cause == Cause::Opened || n.cause == Cause::Escalated || n.cause == Cause::Reminder ||
      n.cause == Cause::Reopened || n.cause == Cause::Consulted || n.cause == Cause::Approval ||
      n.cause == Cause::ActionLate || n.cause == Cause::Test || n.cause == Cause::Alarm;
  return asks || n.incident.state == core::IncidentState::Open ? "trigger" : "acknowledge";
}

std::string_view severity_of(core::Level level) {
  switch (level) {
    case core::Level::Red:
      return "critical";
    case core::Level::Orange:
      return "error";
    case core::Level::Yellow:
      return "warning";
    case core::Level::Blue:
      break;
  }
  return "info";
}

std::string key_of(const core::Notification& n) {
  return dedup_key(n.incident.incident.empty() ? n.id : n.incident.incident);
}

Json payload_of(const core::Notification& n, const std::vector<Block>& blocks) {
  const core::IncidentChange& i = n.incident;
  Json details = {{"incident", clipped(one_line(i.incident), {60, 160})},
                  {"revision", i.revision},
                  {"groups", i.groups},
                  {"people_estimated", i.people},
                  {"loss_cny_estimated", i.loss_cny},
                  {"text", plain_text(blocks)}};
  return {{"summary", clipped(blocks.front().text, kSummaryRoom)},
          {"source", "qingyu"},
          {"severity", severity_of(i.level)},
          {"timestamp", utc(n.at)},
          {"custom_details", details}};
}

constexpr std::array<AnswerRow, 2> kRows = {{
    {.code = 400,
     .words = "routing key",
     .outcome = Outcome::DeadDestination,
     .reason = "routing key"},
    {.code = 400, .words = "", .outcome = Outcome::DeadMessage, .reason = "event", .alarm = true},
}};

class Pagerduty final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {100, 20, core::Millis(60'000)};
    caps.idempotent = true;  // dedup_key
    caps.proves = false;
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto robot =
        check_robot(to, "pagerduty", {"events.pagerduty.com", "events.eu.pagerduty.com"}, {});
    if (!robot) return robot.error();
    if (to.secrets.size() != 1 || to.secrets[0].size() != kKeyBytes ||
        !std::ranges::all_of(to.secrets[0], [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }))
      return wrong_settings(to, "it needs one secret, a routing key of 32 letters and digits");
    return core::Unit{};
  }

  // `resend` changes nothing: the vendor knows the key.
  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    const std::vector<ActionLink> links = usable_links(extras, to, kLinksMax);
    const auto body_of = [&](const std::vector<Block>& blocks) {
      Json body = {{"event_action", action_of(n)},
                   {"dedup_key", key_of(n)},
                   {"payload", payload_of(n, blocks)},
                   {"client", "qingyu"}};
      for (const ActionLink& link : links)
        body["links"].push_back(
            {{"href", link.url}, {"text", clipped(one_line(link.label), {20, 80})}});
      return compact(body);
    };
    Rendering once = how;
    once.resend = false;
    return robot_message({n, extras, once, links}, {}, body_of, kBodyBytesMax - kKeyMemberBytesMax);
  }

  // The routing key goes in here, so that no rendered message holds it.
  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    HttpRequest request = json_post(to.url, r.body);
    if (!to.secrets.empty() && r.body.starts_with('{'))
      request.body = "{\"routing_key\":\"" + to.secrets.front() + "\"," + r.body.substr(1);
    return request;
  }

  SendResult classify(const TransportResult& result) const override {
    if (result.how == TransportResult::How::Answered && result.status == 400)
      return by_table(kRows, 400, result.body);
    if (const auto decided = classify_http(result, kPause)) return *decided;
    const auto body = nlohmann::json::parse(result.body, nullptr, /*allow_exceptions=*/false);
    if (result.status / 100 == 5)  // the key makes it safe to say it again
      return unclassified(Outcome::RetryMessage, "server error", result.status);
    if (body.is_discarded())
      return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                          result.status);
    const bool taken = result.status == 202 && body.is_object() && body.contains("status") &&
                       body["status"] == "success";
    if (!taken) return unclassified(Outcome::DeadMessage, "not success", result.status);
    SendResult r;
    r.outcome = Outcome::Accepted;
    r.vendor_answer = "HTTP 202 success";
    return r;
  }
};

}  // namespace

std::unique_ptr<Channel> make_pagerduty() { return std::make_unique<Pagerduty>(); }

}  // namespace alerting
