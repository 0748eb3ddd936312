// A Slack bot (CHANNELS 2.5): chat.postMessage and chat.update with blocks, buttons that come back.
// Only ok: true with a ts proves anything; nothing is deduplicated.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/app.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/channels/signing.h"
#include "alerting/channels/slack_app.h"
#include "alerting/message_fit.h"

namespace alerting {

std::string slack_signature(std::string_view secret, std::string_view timestamp,
                            std::string_view body) {
  return "v0=" + hex(hmac_sha256(secret, "v0:" + std::string(timestamp) + ":" + std::string(body)));
}

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kBodyBytesMax = 10'000, kSectionBytesMax = 2'800, kBlocksMax = 20;
constexpr core::Millis kPause{1'000}, kSkew{300'000};

constexpr std::array<AnswerRow, 21> kRows = {{
    {kAnyCode, "ratelimited", Outcome::RetryDestination, "pace", kPause},
    {kAnyCode, "rate_limited", Outcome::RetryDestination, "pace", kPause},
    {.code = kAnyCode, .words = "internal_error", .outcome = Outcome::Unknown},
    {.code = kAnyCode, .words = "fatal_error", .outcome = Outcome::Unknown},
    {kAnyCode, "service_unavailable", Outcome::RetryMessage},
    {kAnyCode, "msg_blocks_too_long", Outcome::FixContent, "size"},
    {kAnyCode, "msg_too_long", Outcome::FixContent, "size"},
    {kAnyCode, "invalid_blocks", Outcome::FixContent, "size"},
    {kAnyCode, "invalid_auth", Outcome::DeadDestination},
    {kAnyCode, "not_authed", Outcome::DeadDestination},
    {kAnyCode, "account_inactive", Outcome::DeadDestination},
    {kAnyCode, "token_revoked", Outcome::DeadDestination},
    {kAnyCode, "token_expired", Outcome::DeadDestination},
    {kAnyCode, "missing_scope", Outcome::DeadDestination},
    // One wrong person or channel says nothing of the others.
    {.code = kAnyCode,
     .words = "channel_not_found",
     .outcome = Outcome::DeadMessage,
     .alarm = true},
    {.code = kAnyCode, .words = "not_in_channel", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = kAnyCode, .words = "is_archived", .outcome = Outcome::DeadMessage, .alarm = true},
    {.code = kAnyCode, .words = "user_not_found", .outcome = Outcome::DeadMessage, .alarm = true},
    {kAnyCode, "message_not_found", Outcome::DeadMessage},
    {kAnyCode, "cant_update_message", Outcome::DeadMessage},
    {kAnyCode, "edit_window_closed", Outcome::DeadMessage},
}};

bool is_slack_id(std::string_view id) {
  return id.size() > 1 && id.size() <= 20 && id[0] >= 'A' && id[0] <= 'Z' &&
         std::ranges::all_of(
             id, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

std::string channel_of(const core::Notification& n, const Destination& to) {
  for (const core::PersonContact& c : n.contacts)
    if (c.kind == "slack" && is_slack_id(c.id)) return c.id;
  return option(to, "chat");
}

// plain_text everywhere: nothing in it can mention, link or look like ours.
Json plain(const std::string& text) {
  return {{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}

Json blocks_json(const std::vector<Block>& blocks, const std::vector<ActionLink>& presses) {
  Json out = Json::array();
  out.push_back({{"type", "header"}, {"text", plain(clipped(blocks.front().text, {100, 150}))}});
  std::string lines;
  const auto flush = [&out, &lines] {
    if (!lines.empty())
      out.push_back({{"type", "section"}, {"text", plain(std::exchange(lines, ""))}});
  };
  Json buttons = Json::array();
  for (const ActionLink& link : presses)
    buttons.push_back({{"type", "button"},
                       {"text", plain(clipped(one_line(link.label), {20, 75}))},
                       {"action_id", "qingyu_" + std::to_string(buttons.size())},
                       {"value", link.value}});
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    if (b.part == Part::Link && b.url.starts_with("http")) {
      if (!pressed(presses, b.action))
        buttons.push_back({{"type", "button"},
                           {"text", plain(clipped(b.text, {20, 75}))},
                           {"action_id", "qingyu_" + std::to_string(buttons.size())},
                           {"url", b.url}});
      continue;
    }
    const std::string line = (b.label.empty() ? "" : b.label + "：") + b.text;
    if (lines.size() + line.size() + 1 > kSectionBytesMax) flush();
    lines += (lines.empty() ? "" : "\n") + line;
  }
  flush();
  if (!buttons.empty()) out.push_back({{"type", "actions"}, {"elements", buttons}});
  return out;
}

class SlackApp final : public Channel {
 public:
  Caps caps(const Destination& to) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = caps.text_bytes = kBodyBytesMax;
    caps.bucket = {1, 1, core::Millis(1'000)};
    caps.edits = true;
    caps.buttons = !to.callback_key.empty();
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto app = check_robot(to, "slack_app", {"slack.com"}, {{"chat", {}}});
    if (!app) return app.error();
    if (to.secrets.empty() || to.secrets.front().empty())
      return wrong_settings(to, "a slack app needs its bot token");
    if (to.options.contains("chat") && !is_slack_id(option(to, "chat")))
      return wrong_settings(to, "chat must be a channel's id");
    return core::Unit{};
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    const std::vector<ActionLink> presses =
        to.callback_key.empty() ? std::vector<ActionLink>() : press_links(extras);
    Rendered r = rendered_within(
        n, extras, how,
        [&](const std::vector<Block>& blocks) {
          Json body;
          body["channel"] = channel_of(n, to);
          // The fallback text is markup: without `<` and `&` it holds none.
          constexpr std::array<Twin, 3> kTwins = {{{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}}};
          body["text"] = replaced(blocks.front().text, kTwins);
          body["blocks"] = blocks_json(blocks, presses);
          body["unfurl_links"] = body["unfurl_media"] = false;
          return compact(body);
        },
        [](const std::string& body) {
          return body.size() <= kBodyBytesMax && Json::parse(body)["blocks"].size() <= kBlocksMax;
        });
    if (channel_of(n, to).empty()) r.warnings.emplace_back("no slack id: nobody is reached");
    return r;
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification&,
                      core::Time, const Session&) const override {
    return posted(to, "/chat.postMessage", r.body);
  }

  std::optional<HttpRequest> prepare_update(const MessageHandle& handle, const Rendered& r,
                                            const Destination& to, const core::Notification&,
                                            core::Time wall, const Session&) const override {
    const size_t blank = handle.text.find(' ');
    Json body = Json::parse(r.body, nullptr, false);
    if (blank == std::string::npos || wall >= handle.until || !body.is_object())
      return std::nullopt;
    body["channel"] = handle.text.substr(0, blank);
    body["ts"] = handle.text.substr(blank + 1);
    return posted(to, "/chat.update", compact(body));
  }

  SendResult classify(const TransportResult& result) const override {
    if (const auto decided = classify_http(result, kPause)) return *decided;
    const auto body = nlohmann::json::parse(result.body, nullptr, false);
    const bool told = body.is_object() && body.contains("ok") && body["ok"].is_boolean();
    if (result.status / 100 == 5 || body.is_discarded())
      return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                          result.status);
    const std::string channel = text_at(body, "channel"), ts = text_at(body, "ts");
    if (!told || (body["ok"].get<bool>() && ts.empty()))
      return unclassified(Outcome::DeadMessage, "JSON without proof", result.status);
    if (!body["ok"].get<bool>()) return by_table(kRows, 0, text_at(body, "error"));
    SendResult r;
    r.outcome = Outcome::Delivered;
    r.vendor_answer = "ok";
    r.handle = MessageHandle{channel + " " + ts, core::kTimeMax};
    return r;
  }

  Callback parse_callback(const CallbackRequest& request, const Destination& to,
                          core::Time wall) const override;

  // Slack reads nothing from the answer to a press but its status.
  std::pair<std::string, std::string> callback_answer(const std::string&) const override {
    return {"", "text/plain"};
  }

 private:
  static HttpRequest posted(const Destination& to, std::string_view path, std::string body) {
    HttpRequest request;
    request.url = endpoint(to, path);
    request.body = std::move(body);
    request.headers = {
        {"Content-Type", "application/json; charset=utf-8"},
        {"Authorization", "Bearer " + (to.secrets.empty() ? std::string() : to.secrets.front())}};
    return request;
  }
};

Callback SlackApp::parse_callback(const CallbackRequest& request, const Destination& to,
                                  core::Time wall) const {
  if (to.callback_key.empty()) return refused_callback("no callbacks are configured");
  if (request.body.size() > kCallbackBytesMax) return refused_callback("too large");
  const std::string timestamp = header_of(request, "X-Slack-Request-Timestamp");
  if (!same_secret(slack_signature(to.callback_key, timestamp, request.body),
                   header_of(request, "X-Slack-Signature")))
    return refused_callback("wrong signature");
  if (!timely(timestamp, wall, kSkew)) return refused_callback("too old or too new");
  if (!request.body.starts_with("payload=")) return refused_callback("no payload");
  const auto payload =
      nlohmann::json::parse(form_decoded(std::string_view(request.body).substr(8)), nullptr, false);
  Callback callback;
  callback.kind = Callback::Kind::Ignored;
  if (text_at(payload, "type") != "block_actions" || !payload.contains("actions") ||
      !payload["actions"].is_array() || payload["actions"].empty() || !payload.contains("user"))
    return callback;
  const auto& action = payload["actions"][0];
  callback.user = text_at(payload["user"], "id");
  callback.value = text_at(action, "value");
  if (callback.user.empty() || callback.value.empty()) return callback;  // a link button
  if (callback.value.size() > kPressBytesMax) return refused_callback("a press without its key");
  callback.kind = Callback::Kind::Press;
  if (payload.contains("container")) {
    const std::string channel = text_at(payload["container"], "channel_id"),
                      ts = text_at(payload["container"], "message_ts");
    if (!channel.empty() && !ts.empty())
      callback.handle = MessageHandle{channel + " " + ts, core::kTimeMax};
  }
  callback.event =
      sha256_hex("slack\n" + (callback.handle ? callback.handle->text : "") + "\n" +
                 text_at(action, "action_ts") + "\n" + callback.value + "\n" + callback.user)
          .substr(0, 40);
  return callback;
}

}  // namespace

std::unique_ptr<Channel> make_slack_app() { return std::make_unique<SlackApp>(); }

}  // namespace alerting
