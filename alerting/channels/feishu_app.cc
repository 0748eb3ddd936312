// 飞书应用机器人 (CHANNELS 2.4): a card with buttons that come back; the card can be changed for 14
// days. `uuid` makes the vendor drop a repetition for an hour, so a repetition is the same bytes.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "alerting/channels/answer.h"
#include "alerting/channels/app.h"
#include "alerting/channels/feishu_crypto.h"
#include "alerting/channels/json_body.h"
#include "alerting/channels/kinds.h"
#include "alerting/channels/robot.h"
#include "alerting/channels/signing.h"
#include "alerting/message_fit.h"

namespace alerting {

namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kBodyBytesMax = 26'000;  // the vendor takes cards of 30 KB
constexpr core::Millis kPause{2'000}, kHandleLife{14 * 86'400'000LL}, kSkew{3600'000};

constexpr std::array<AnswerRow, 19> kRows = {{
    {0, "", Outcome::Delivered},
    {99991661, "", Outcome::RefreshSession},
    {99991663, "", Outcome::RefreshSession},
    {99991664, "", Outcome::RefreshSession},
    {99991668, "", Outcome::RefreshSession},
    {9499, "too many request", Outcome::RetryDestination, "pace", kPause},
    {11232, "", Outcome::RetryDestination, "pace", kPause},
    {230020, "", Outcome::RetryDestination, "pace", kPause},
    {99991400, "", Outcome::RetryDestination, "pace", kPause},
    {10003, "", Outcome::DeadDestination, "app"},
    {10014, "", Outcome::DeadDestination, "secret"},
    {230002, "", Outcome::DeadDestination, "robot not in chat"},
    {230006, "", Outcome::DeadDestination, "robot not enabled"},
    {230013, "", Outcome::DeadMessage, "person out of the app's reach"},
    {230025, "", Outcome::FixContent, "size"},
    {.code = 230028,
     .words = "",
     .outcome = Outcome::FixContent,
     .reason = "unsafe content",
     .sanitise = true},
    {230031, "", Outcome::DeadMessage, "too old to change"},
    {kAnyCode, "too many request", Outcome::RetryDestination, "pace", kPause},
    {kAnyCode, "exceeds the size limit", Outcome::FixContent, "size"},
}};

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// (receive_id_type, receive_id): the person, else the chat.
std::pair<std::string, std::string> receiver_of(const core::Notification& n,
                                                const Destination& to) {
  for (const core::PersonContact& c : n.contacts)
    if (c.kind == "feishu" && is_id(c.id)) return {option(to, "receive_id_type", "open_id"), c.id};
  return {"chat_id", option(to, "chat")};
}

std::string_view colour_of(const core::Notification& n) {
  constexpr std::array<std::string_view, 4> kColours = {"blue", "yellow", "orange", "red"};
  if (n.cause == core::Cause::AllClear) return "green";
  switch (n.incident.level) {
    case core::Level::Red:
      return kColours[3];
    case core::Level::Orange:
      return kColours[2];
    case core::Level::Yellow:
      return kColours[1];
    case core::Level::Blue:
      break;
  }
  return kColours[0];
}

// plain_text elements hold no markup at all: nothing in them can mention or link.
Json plain(const std::string& text) { return {{"tag", "plain_text"}, {"content", text}}; }

Json card_of(const core::Notification& n, const std::vector<Block>& blocks,
             const std::vector<ActionLink>& presses) {
  Json elements = Json::array(), buttons = Json::array();
  for (const ActionLink& link : presses)
    buttons.push_back({{"tag", "button"},
                       {"text", plain(clipped(one_line(link.label), {20, 80}))},
                       {"type", link.action == "ack" ? "primary" : "default"},
                       {"value", {{"press", link.value}}}});
  for (size_t i = 1; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    if (b.part == Part::Link && b.url.starts_with("http")) {
      if (!pressed(presses, b.action))
        buttons.push_back(
            {{"tag", "button"}, {"text", plain(b.text)}, {"type", "default"}, {"url", b.url}});
      continue;
    }
    elements.push_back(
        {{"tag", "div"}, {"text", plain((b.label.empty() ? "" : b.label + "：") + b.text)}});
  }
  if (!buttons.empty()) elements.push_back({{"tag", "action"}, {"actions", buttons}});
  Json card;
  card["config"] = {{"wide_screen_mode", true},
                    {"update_multi", true}};  // without: no change later
  card["header"] = {{"title", plain(blocks.front().text)}, {"template", colour_of(n)}};
  card["elements"] = elements;
  return card;
}

class FeishuApp final : public Channel {
 public:
  Caps caps(const Destination& to) const override {
    Caps caps;
    caps.digests = true;
    caps.body_bytes = caps.text_bytes = kBodyBytesMax;
    caps.bucket = {40, 40, core::Millis(1'000)};
    caps.further_buckets = {{900, 60, core::Millis(60'000)}};
    caps.sessions = caps.edits = caps.idempotent = true;
    caps.buttons = !to.callback_token.empty();
    return caps;
  }

  core::Result<core::Unit> check(const Destination& to) const override {
    const auto app = check_robot(
        to, "feishu_app", {"open.feishu.cn", "open.larksuite.com"},
        {{"app", {}}, {"chat", {}}, {"receive_id_type", {"open_id", "user_id", "union_id"}}});
    if (!app) return app.error();
    if (option(to, "app").empty() || to.secrets.empty() || to.secrets.front().empty())
      return wrong_settings(to, "a feishu app needs app and its secret");
    if (!to.callback_key.empty() && to.callback_token.empty())
      return wrong_settings(to, "callbacks need the verification token");
    return core::Unit{};
  }

  HttpRequest log_in(const Destination& to) const override {
    HttpRequest request;
    request.url = endpoint(to, "/open-apis/auth/v3/tenant_access_token/internal");
    request.body = compact<Json>({{"app_id", option(to, "app")},
                                  {"app_secret", to.secrets.empty() ? "" : to.secrets.front()}});
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    return request;
  }

  std::optional<Session> logged_in(const TransportResult& result, core::Time wall,
                                   SendResult& why) const override {
    const auto body = nlohmann::json::parse(result.body, nullptr, false);
    const std::string token = text_at(body, "tenant_access_token");
    why = judged(result, !token.empty());
    if (why.outcome == Outcome::Delivered)
      return Session{token, token_until(wall, number_at(body, "expire"))};
    if (why.outcome != Outcome::RetryDestination && why.outcome != Outcome::DeadDestination)
      why.outcome = Outcome::Unknown;
    return std::nullopt;
  }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                  const Rendering& how) const override {
    const std::vector<ActionLink> presses =
        to.callback_token.empty() ? std::vector<ActionLink>() : press_links(extras);
    const std::string receiver = receiver_of(n, to).second;
    Rendering same = how;
    same.resend = false;
    Rendered r = rendered_within(
        n, extras, same,
        [&](const std::vector<Block>& blocks) {
          Json body;
          body["receive_id"] = receiver;
          body["msg_type"] = "interactive";
          body["content"] = compact(card_of(n, blocks, presses));
          body["uuid"] = feishu_uuid({to.id, n.incident.incident, core::name_of(n.cause),
                                      std::to_string(n.incident.revision), n.id});
          return compact(body);
        },
        kBodyBytesMax);
    if (receiver.empty()) r.warnings.emplace_back("no feishu id: nobody is reached");
    return r;
  }

  HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                      core::Time, const Session& session) const override {
    HttpRequest request = called(to, session, r.body);
    request.url =
        endpoint(to, "/open-apis/im/v1/messages?receive_id_type=") + receiver_of(n, to).first;
    return request;
  }

  std::optional<HttpRequest> prepare_update(const MessageHandle& handle, const Rendered& r,
                                            const Destination& to, const core::Notification&,
                                            core::Time wall,
                                            const Session& session) const override {
    const Json body = Json::parse(r.body, nullptr, false);
    if (!is_id(handle.text) || wall >= handle.until || !body.is_object() ||
        !body.contains("content"))
      return std::nullopt;
    HttpRequest request = called(to, session, compact<Json>({{"content", body["content"]}}));
    request.method = "PATCH";
    request.url = endpoint(to, "/open-apis/im/v1/messages/") + handle.text;
    return request;
  }

  SendResult classify(const TransportResult& result) const override {
    const auto body = nlohmann::json::parse(result.body, nullptr, false);
    SendResult r = judged(result, true);
    if (r.outcome != Outcome::Delivered || !body.contains("data")) return r;
    if (const std::string id = text_at(body["data"], "message_id"); !id.empty()) {
      r.handle = MessageHandle{id, core::kTimeMax};
      r.handle_life = kHandleLife;
    }
    return r;
  }

  Callback parse_callback(const CallbackRequest& request, const Destination& to,
                          core::Time wall) const override;

  std::pair<std::string, std::string> callback_answer(const std::string& toast) const override {
    return {compact<Json>({{"toast", {{"type", "info"}, {"content", toast}}}}), "application/json"};
  }

 private:
  // `proven`: code 0 counts.
  static SendResult judged(const TransportResult& result, bool proven) {
    const auto body = nlohmann::json::parse(result.body, nullptr, false);
    const bool coded =
        body.is_object() && body.contains("code") && body["code"].is_number_integer();
    // 400 and 401 come with a code, and only the code tells a stale token from a mistake of ours.
    const bool refused = result.status == 400 || result.status == 401 || result.status == 403;
    if (!(coded && refused && result.how == TransportResult::How::Answered))
      if (const auto decided = classify_http(result, kPause)) return *decided;
    if (result.status / 100 == 5 && coded)
      return unclassified(Outcome::RetryMessage, "the vendor's own", result.status);
    if (result.status / 100 == 5 || body.is_discarded())
      return unclassified(Outcome::Unknown, looks_like_html(result) ? "HTML" : "no JSON",
                          result.status);
    if (!coded) return unclassified(Outcome::DeadMessage, "JSON without code", result.status);
    SendResult r = by_table(kRows, body["code"].get<int64_t>(), text_at(body, "msg"));
    if (r.outcome == Outcome::Delivered && (refused || !proven))
      return unclassified(Outcome::DeadMessage, "code 0 without proof", result.status);
    if (r.outcome == Outcome::RetryDestination)
      r.retry_after = std::max(r.retry_after, retry_after_of(result));
    return r;
  }

  static HttpRequest called(const Destination&, const Session& session, std::string body) {
    HttpRequest request;
    request.body = std::move(body);
    request.headers = {{"Content-Type", "application/json; charset=utf-8"},
                       {"Authorization", "Bearer " + session.token}};
    return request;
  }
};

// The person by the same kind of id as the one that messages are sent to.
Callback press_of(const nlohmann::json& event, const Destination& to, core::Time wall) {
  Callback callback;
  callback.kind = Callback::Kind::Ignored;
  if (!event.contains("header") || !event.contains("event") ||
      text_at(event["header"], "event_type") != "card.action.trigger")
    return callback;
  const auto& inner = event["event"];
  if (!inner.is_object() || !inner.contains("operator") || !inner.contains("action") ||
      !inner["action"].is_object() || !inner["action"].contains("value"))
    return callback;
  callback.user = text_at(inner["operator"], option(to, "receive_id_type", "open_id"));
  callback.value = text_at(inner["action"]["value"], "press");
  callback.event = text_at(event["header"], "event_id").substr(0, 128);
  if (callback.user.empty() || callback.value.empty() || callback.event.empty() ||
      callback.value.size() > kPressBytesMax)
    return refused_callback("a press without user, value or id");
  callback.kind = Callback::Kind::Press;
  if (inner.contains("context"))
    if (const std::string id = text_at(inner["context"], "open_message_id"); is_id(id))
      callback.handle = MessageHandle{id, wall + kHandleLife};
  return callback;
}

// The vendor's question whether we are here is not signed; the token in it is its proof.
Callback FeishuApp::parse_callback(const CallbackRequest& request, const Destination& to,
                                   core::Time wall) const {
  if (to.callback_token.empty()) return refused_callback("no callbacks are configured");
  if (request.body.size() > kCallbackBytesMax) return refused_callback("too large");
  const std::string timestamp = header_of(request, "X-Lark-Request-Timestamp"),
                    nonce = header_of(request, "X-Lark-Request-Nonce");
  const std::string expected =
      to.callback_key.empty()
          ? feishu_card_signature(timestamp, nonce, to.callback_token, request.body)
          : feishu_event_signature(timestamp, nonce, to.callback_key, request.body);
  const bool signed_by_it = same_secret(expected, header_of(request, "X-Lark-Signature"));
  auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!to.callback_key.empty()) {
    const auto plain = feishu_decrypted(to.callback_key, text_at(body, "encrypt"));
    if (!plain) return refused_callback(signed_by_it ? "cannot be decrypted" : "wrong signature");
    body = nlohmann::json::parse(*plain, nullptr, false);
  }
  if (!body.is_object()) return refused_callback(signed_by_it ? "no JSON" : "wrong signature");
  if (text_at(body, "type") == "url_verification") {
    if (!same_secret(text_at(body, "token"), to.callback_token))
      return refused_callback("wrong token");
    Callback callback;
    callback.kind = Callback::Kind::Challenge;
    callback.answer = compact<Json>({{"challenge", text_at(body, "challenge")}});
    callback.content_type = "application/json";
    return callback;
  }
  if (!signed_by_it) return refused_callback("wrong signature");
  if (!timely(timestamp, wall, kSkew)) return refused_callback("too old or too new");
  if (!body.contains("header") || !same_secret(text_at(body["header"], "token"), to.callback_token))
    return refused_callback("wrong token");
  return press_of(body, to, wall);
}

}  // namespace

std::unique_ptr<Channel> make_feishu_app() { return std::make_unique<FeishuApp>(); }

}  // namespace alerting
