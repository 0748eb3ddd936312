// Any HTTP receiver: a JSON envelope {type, timestamp, data}, signed by Standard Webhooks 1.0.0.
// The body of a notification is the same at every attempt; only its timestamp header and signature
// are new, so a receiver that remembers webhook-id sees it once. docs/formats.md holds the shape.
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/standard_webhooks.h"
#include "alerting/message.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kBodyBytesMax = 20'000;
constexpr Room kIdRoom = {80, 320};
constexpr Room kQuoteRoom = {140, 420}, kShortQuoteRoom = {40, 160};

std::string_view type_of(core::Cause cause) {
  switch (cause) {
    case core::Cause::Opened:
      return "incident.opened";
    case core::Cause::Escalated:
      return "escalation.step";
    case core::Cause::Updated:
      return "incident.updated";
    case core::Cause::Reminder:
      return "decision.requested";
    case core::Cause::Decided:
      return "decision.recorded";
    case core::Cause::AllClear:
      return "incident.resolved";
    case core::Cause::Reopened:
      return "incident.reopened";
  }
  return "";
}

std::string name(std::string_view text) { return clipped(one_line(text), kIdRoom); }
Json time_or_null(core::Time at) { return at == core::Time{} ? Json(nullptr) : Json(utc(at)); }

Json figures_of(const core::Because& because) {
  Json figures = Json::object();
  for (const core::Figure& f : because.figures)
    figures[name(f.name)] = f.text.empty() ? Json(f.number) : Json(name(f.text));
  return figures;
}

Json evidence_of(const core::Notification& n, Degrade level) {
  Json list = Json::array();
  if (level >= Degrade::NoQuotes) return list;
  for (const core::Evidence& e : n.evidence) {
    if (level == Degrade::Shorter && !list.empty()) break;
    list.push_back(
        {{"at", utc(e.at)},
         {"channel", quotable(e.channel_name, kIdRoom)},
         {"quote", quotable(e.excerpt, level == Degrade::Full ? kQuoteRoom : kShortQuoteRoom)}});
  }
  return list;
}

// Ids and numbers: all that a receiver needs to ask for the rest.
Json thin(const core::Notification& n, Degrade level) {
  const core::IncidentChange& i = n.incident;
  return {{"notification_id", n.id},
          {"incident_id", name(i.incident)},
          {"revision", i.revision},
          {"cause", core::name_of(n.cause)},
          {"level", core::name_of(i.level)},
          {"state", core::name_of(i.state)},
          {"rung", n.rung},
          {"incident_rung", i.rung},
          {"person", name(n.person)},
          {"channel", name(n.channel)},
          {"groups", i.groups},
          {"people_estimated", i.people},
          {"loss_cny_estimated", i.loss_cny},
          {"doubling_minutes", i.doubling_minutes},
          {"messages", i.messages},
          {"copies", i.copies},
          {"ack_by", time_or_null(n.ack_by)},
          {"decide_by", time_or_null(n.decide_by)},
          {"authority_cny", n.authority_cny < 0 ? Json(nullptr) : Json(n.authority_cny)},
          {"authority_unlimited", n.authority_cny < 0},
          {"degrade", static_cast<int>(level)}};
}

void add_words(const core::Notification& n, Degrade level, const std::string& text, Json& data) {
  const core::IncidentChange& i = n.incident;
  data["family"] = name(i.family);
  data["subject"] = name(i.subject);
  data["subject_name"] = name(n.subject_name);
  data["issue"] = name(i.issue);
  data["issue_name"] = name(n.issue_name);
  data["rung_name"] = name(i.rung_name);
  data["person_name"] = name(n.person_name);
  data["first_at"] = time_or_null(i.first_at);
  data["previous"] = name(i.previous);
  data["products"] = Json::array();
  for (const core::ProductVotes& p : i.products)
    data["products"].push_back({{"sku", name(p.sku)}, {"votes_permille", p.votes_permille}});
  data["because"] = {{"code", name(n.because.code)},
                     {"figures", figures_of(n.because)},
                     {"sentence", sentence(n.because, Language::Chinese)},
                     {"sentence_en", sentence(n.because, Language::English)}};
  data["evidence"] = evidence_of(n, level);
  data["text"] = text;
}

class Webhook final : public Channel {
 public:
  Caps caps() const override {
    Caps caps;
    caps.body_bytes = kBodyBytesMax;
    caps.text_bytes = kBodyBytesMax;
    caps.bucket = {600, 60, core::Millis(60'000)};
    caps.idempotent = true;
    caps.retry_max = core::Millis(30 * 60'000);
    caps.ttl = core::Millis(24 * 3600'000);
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    if (const auto url = check_url(to); !url) return url.error();
    if (to.secrets.empty())
      return core::Error{core::Code::BadSettings, "channel " + to.id + ": it needs a secret"};
    for (const std::string& secret : to.secrets)
      if (const auto key = webhook_key(secret); !key)
        return core::Error{key.error().code, "channel " + to.id + ": " + key.error().message};
    return core::Unit{};
  }

  // `resend` changes nothing: the receiver knows the id.
  Rendered render(const core::Notification& n, int zone_offset_minutes, Degrade level,
                  bool) const override {
    Rendered r;
    for (r.level = level;; r.level = static_cast<Degrade>(static_cast<int>(r.level) + 1)) {
      r.text = plain_text(blocks_of(n, {zone_offset_minutes, r.level, false}));
      Json data = thin(n, r.level);
      if (r.level != Degrade::Neutral) add_words(n, r.level, r.text, data);
      const Json body = {{"type", type_of(n.cause)}, {"timestamp", utc(n.at)}, {"data", data}};
      r.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
      if (r.body.size() <= kBodyBytesMax || r.level == Degrade::Neutral) return r;
      r.warnings.push_back("over " + std::to_string(kBodyBytesMax) + " bytes");
    }
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                      core::Time wall) const override {
    const int64_t seconds = core::to_ms(core::floor_to(wall, core::Millis(1000))) / 1000;
    HttpRequest request;
    request.url = to.url;
    request.body = r.body;
    request.timeout = core::Millis(20'000);
    request.headers = {{"Content-Type", "application/json"},
                       {"webhook-id", n.id},
                       {"webhook-timestamp", std::to_string(seconds)},
                       {"webhook-signature", webhook_signature(to.secrets, n.id, seconds, r.body)}};
    return request;
  }

  SendResult classify(const TransportResult& result) const override {
    if (const auto decided = classify_http(result, core::Millis(0))) return *decided;
    SendResult r;
    r.vendor_answer = "HTTP " + std::to_string(result.status);
    r.retry_after = retry_after_of(result);
    if (result.status / 100 == 2)
      r.outcome = Outcome::Delivered;
    else if (result.status >= 502 && result.status <= 504)
      r.outcome =
          Outcome::RetryDestination;  // it is overloaded or restarting; the id makes it safe
    else
      r.outcome = Outcome::RetryMessage;
    return r;
  }
};

}  // namespace

std::unique_ptr<Channel> make_webhook() { return std::make_unique<Webhook>(); }

}  // namespace alerting
