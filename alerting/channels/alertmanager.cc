// Receivers of Alertmanager's webhook, version 4 (CHANNELS 2.9), so that what a team has already
// can be used. Any 2xx is their proof. There is no signature, unless one in GitHub's style.
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
constexpr size_t kBodyBytesMax = 20'000;
constexpr Room kIdRoom = {60, 160};
constexpr std::string_view kNotYet = "0001-01-01T00:00:00Z";

std::string name(std::string_view text) { return clipped(one_line(text), kIdRoom); }

std::string body_json(const core::Notification& n, const std::vector<Block>& blocks,
                      const std::vector<ActionLink>& links) {
  const core::IncidentChange& i = n.incident;
  const bool over = i.state == core::IncidentState::Closed || n.cause == core::Cause::AllClear;
  const std::string status = over ? "resolved" : "firing", id = name(i.incident);
  const std::string page = links.empty() ? "" : links.front().url;
  const Json group = {{"alertname", "qingyu"}, {"incident", id}};
  Json labels = group;
  labels["family"] = name(i.family);
  labels["issue"] = name(i.issue);
  labels["severity"] = core::name_of(i.level);
  const Json annotations = {{"description", plain_text(blocks)}, {"summary", blocks.front().text}};
  const Json alert = {
      {"status", status},
      {"labels", labels},
      {"annotations", annotations},
      {"startsAt", utc(i.first_at == core::Time{} ? n.at : i.first_at)},
      {"endsAt", over ? utc(n.at) : std::string(kNotYet)},
      {"generatorURL", page},
      {"fingerprint", dedup_key(i.incident).substr(0, 16)},
  };
  return compact<Json>({{"version", "4"},
                        {"groupKey", "{}:{incident=\"" + id + "\"}"},
                        {"truncatedAlerts", 0},
                        {"status", status},
                        {"receiver", name(n.channel)},
                        {"groupLabels", group},
                        {"commonLabels", labels},
                        {"commonAnnotations", annotations},
                        {"routeLabels", Json::object()},
                        {"externalURL", page},
                        {"notification_reason", core::name_of(n.cause)},
                        {"alerts", Json::array({alert})}});
}

class Alertmanager final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {600, 60, core::Millis(60'000)};
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    return check_robot(to, "alertmanager", {}, {});
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    std::vector<ActionLink> links = usable_links(extras, to, extras.links.size());
    // An answer's token never goes to a machine; the incident's page may.
    std::erase_if(links, [](const ActionLink& link) { return link.action != "open"; });
    return robot_message(
        {n, extras, how, links}, {},
        [&](const std::vector<Block>& blocks) { return body_json(n, blocks, links); },
        kBodyBytesMax);
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    HttpRequest request = json_post(to.url, r.body);
    request.timeout = core::Millis(20'000);
    if (!to.secrets.empty())
      request.headers.emplace_back("X-Hub-Signature-256",
                                   github_signature(to.secrets.front(), r.body));
    return request;
  }

  SendResult classify(const TransportResult& result) const override {
    if (const auto decided = classify_http(result, core::Millis(0))) return *decided;
    SendResult r;
    r.vendor_answer = "HTTP " + std::to_string(result.status);
    r.outcome = result.status / 100 == 2 ? Outcome::Delivered : Outcome::RetryMessage;
    // A proxy's 5xx proves nothing, and nobody deduplicates.
    if (result.status / 100 == 5 && looks_like_html(result)) r.outcome = Outcome::Unknown;
    r.retry_after = retry_after_of(result);
    return r;
  }
};

}  // namespace

std::unique_ptr<Channel> make_alertmanager() { return std::make_unique<Alertmanager>(); }

}  // namespace alerting
