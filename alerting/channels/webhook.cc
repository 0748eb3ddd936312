// Any HTTP receiver: a JSON envelope {type, timestamp, data}, signed by Standard Webhooks 1.0.0.
// The body of a notification is the same at every attempt; only its timestamp header and signature
// are new, so a receiver that remembers webhook-id sees it once. docs/formats.md holds the shape.
#include "alerting/channels/answer.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/standard_webhooks.h"
#include "alerting/channels/webhook_body.h"

namespace alerting {

namespace {

constexpr size_t kBodyBytesMax = 20'000;

class Webhook final : public Channel {
 public:
  Caps caps(const Destination&) const override {
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
  Rendered render(const core::Notification& n, const Extras& extras, const Destination&,
                  const Rendering& how) const override {
    Rendered r;
    for (r.level = how.level;; r.level = static_cast<Degrade>(static_cast<int>(r.level) + 1)) {
      r.text = plain_text(blocks_of(n, extras, {how.zone_offset_minutes, r.level, false}));
      r.body = webhook_body(n, extras, r.text, r.level);
      if (r.body.size() <= kBodyBytesMax || r.level == Degrade::Neutral) return r;
      r.warnings.push_back("over " + std::to_string(kBodyBytesMax) + " bytes");
    }
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                      core::Time wall, const Session&) const override {
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
