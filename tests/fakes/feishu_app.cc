#include "tests/fakes/feishu_app.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/fakes/callback_crypt.h"

namespace fakes {

namespace {

using nlohmann::json;

// Within its last half hour a token is not given out again.
constexpr core::Millis kTokenRenewed{1'800'000};
constexpr core::Millis kTokenLife{7'200'000}, kUuidLife{3'600'000}, kChangeLife{14 * 86'400'000LL};
constexpr size_t kCardBytesMax = 30 * 1024, kSecondMax = 50, kMinuteMax = 1'000, kChangesMax = 5;
const std::string kMessages = "/open-apis/im/v1/messages";

Reply answer(int status, int code, const std::string& words, const json& inner = json::object()) {
  return {status,
          json{{"code", code}, {"msg", words}, {"data", inner}}.dump(),
          "application/json; charset=utf-8",
          {}};
}

bool may_be_changed(const json& card) {
  return card.is_object() && card.contains("config") && card["config"].value("update_multi", false);
}

}  // namespace

FeishuApp::FeishuApp(core::Clock& clock, FeishuAppRules rules)
    : clock_(clock), rules_(std::move(rules)), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

void FeishuApp::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  for (auto& [token, until] : tokens_) until = clock_.wall();
}

void FeishuApp::say_next(const std::vector<Reply>& replies) {
  const std::scoped_lock lock(mutex_);
  script_.insert(script_.end(), replies.begin(), replies.end());
}

std::vector<FeishuApp::Posted> FeishuApp::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

size_t FeishuApp::repeated() const {
  const std::scoped_lock lock(mutex_);
  return repeated_;
}

size_t FeishuApp::tokens_issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

std::vector<std::string> FeishuApp::secrets() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> all = secrets_;
  for (const std::string& secret : {rules_.secret, rules_.callback_token, rules_.callback_key})
    if (!secret.empty()) all.push_back(secret);
  return all;
}

Pusher FeishuApp::event_pusher() {
  return {clock_,
          core::Millis(3'000),
          {core::Millis(15'000), core::Millis(300'000), core::Millis(3'600'000),
           core::Millis(21'600'000)}};
}

Reply FeishuApp::handle(const Request& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/open-apis/auth/v3/tenant_access_token/internal") return token(request);
  if (!path.starts_with(kMessages)) return {404, "404 page not found", "text/plain", {}};
  const std::string header = request.header("authorization");
  const auto known = tokens_.find(header.starts_with("Bearer ") ? header.substr(7) : "");
  if (known == tokens_.end() || known->second <= clock_.wall())
    return answer(400, 99991663,
                  "Invalid access token for authorization. Please make a test attempt");
  const core::Time now = clock_.wall();
  const size_t second = second_.call(now, core::Millis(1'000));
  const size_t minute = minute_.call(now, core::Millis(60'000));
  if (second > kSecondMax || minute > kMinuteMax) {
    Reply busy = answer(429, 99991400, "request trigger frequency limit");
    busy.headers = {{"x-ogw-ratelimit-reset", "7"}};
    return busy;
  }
  if (!script_.empty()) {
    Reply scripted = script_.front();
    script_.pop_front();
    return scripted;
  }
  if (request.method == "PATCH" && path.size() > kMessages.size() + 1)
    return change(request, path.substr(kMessages.size() + 1));
  if (request.method == "POST" && path == kMessages) return message(request);
  return {404, "404 page not found", "text/plain", {}};
}

Reply FeishuApp::token(const Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || body.value("app_id", "") != rules_.app)
    return answer(200, 10003, "invalid param");
  if (body.value("app_secret", "") != rules_.secret)
    return answer(200, 10014, "app secret invalid");
  const core::Time now = clock_.wall();
  auto living = std::ranges::find_if(
      tokens_, [now](const auto& t) { return t.second > now + kTokenRenewed; });
  if (living == tokens_.end()) {
    const std::string made = "t-of-feishu-" + std::to_string(++issued_);
    secrets_.push_back(made);
    living = tokens_.emplace(made, now + kTokenLife).first;
  }
  return {200,
          json{{"code", 0},
               {"msg", "ok"},
               {"tenant_access_token", living->first},
               {"expire", (living->second - now).count() / 1'000}}
              .dump(),
          "application/json; charset=utf-8",
          {}};
}

Reply FeishuApp::message(const Request& request) {
  const json body = json::parse(request.body, nullptr, false);
  const std::string type = request.query("receive_id_type");
  if (!body.is_object() || !body.contains("content") || !body["content"].is_string() ||
      body.value("msg_type", "") != "interactive")
    return answer(400, 230001, "Your request contains an invalid request parameter");
  const std::string card = body["content"], uuid = body.value("uuid", ""),
                    receiver = body.value("receive_id", "");
  if (uuid.size() > 50) return answer(400, 230001, "uuid is too long");
  if (card.size() > kCardBytesMax)
    return answer(400, 230025, "The length of the message content reaches its limit");
  const std::vector<std::string>& known = type == "chat_id" ? rules_.chats : rules_.people;
  if (std::ranges::find(known, receiver) == known.end())
    return type == "chat_id" ? answer(400, 230002, "The bot can not be outside the group.")
                             : answer(400, 230013, "Bot has NO availability to this user.");
  const core::Time now = clock_.wall();
  if (const auto before = uuids_.find(uuid);
      !uuid.empty() && before != uuids_.end() && before->second.second > now) {
    ++repeated_;
    return answer(200, 0, "success", {{"message_id", before->second.first}});
  }
  const std::string id = "om_" + std::to_string(posted_.size() + 1);
  uuids_[uuid] = {id, now + kUuidLife};
  posted_.push_back({now, id, receiver, card});
  return answer(200, 0, "success", {{"message_id", id}});
}

Reply FeishuApp::change(const Request& request, const std::string& id) {
  const auto known = std::ranges::find(posted_, id, &Posted::id);
  if (known == posted_.end()) return answer(400, 230001, "message_id is invalid");
  const core::Time now = clock_.wall();
  if (changes_[id].call(now, core::Millis(1'000)) > kChangesMax)
    return answer(400, 230020, "This operation triggers the frequency limit");
  if (now >= known->at + kChangeLife)
    return answer(400, 230031, "The message was sent more than 14 days ago");
  const json body = json::parse(request.body, nullptr, false);
  const std::string card = body.is_object() ? body.value("content", "") : "";
  if (!may_be_changed(json::parse(known->card, nullptr, false)) ||
      !may_be_changed(json::parse(card, nullptr, false)))
    return answer(400, 230099, "update_multi is required in both cards");
  known->changes.push_back(card);
  return answer(200, 0, "success");
}

// Signed over the body as it is sent; encrypted where the app has a key.
Push FeishuApp::sealed(const std::string& plain) const {
  Push push;
  push.body = rules_.callback_key.empty()
                  ? plain
                  : json{{"encrypt", feishu_encrypted(rules_.callback_key,
                                                      sha1_hex(plain).substr(0, 16), plain)}}
                        .dump();
  const std::string timestamp = std::to_string(core::to_ms(clock_.wall()) / 1'000);
  const std::string nonce = "nonce" + std::to_string(plain.size());
  const std::string signature =
      rules_.callback_key.empty() ? sha1_hex(timestamp + nonce + rules_.callback_token + push.body)
                                  : sha256_hex(timestamp + nonce + rules_.callback_key + push.body);
  push.headers = {{"Content-Type", "application/json"},
                  {"X-Lark-Request-Timestamp", timestamp},
                  {"X-Lark-Request-Nonce", nonce},
                  {"X-Lark-Signature", signature}};
  return push;
}

Push FeishuApp::press(const std::string& person, const std::string& message,
                      const std::string& value, const std::string& event) const {
  return sealed(json{{"schema", "2.0"},
                     {"header",
                      {{"event_id", event},
                       {"token", rules_.callback_token},
                       {"event_type", "card.action.trigger"},
                       {"app_id", rules_.app}}},
                     {"event",
                      {{"operator", {{"open_id", person}}},
                       {"token", "c-of-the-card"},
                       {"action", {{"tag", "button"}, {"value", {{"press", value}}}}},
                       {"context", {{"open_message_id", message}}}}}}
                    .dump());
}

Push FeishuApp::event(const std::string& type, const std::string& event) const {
  return sealed(json{{"schema", "2.0"},
                     {"header",
                      {{"event_id", event},
                       {"token", rules_.callback_token},
                       {"event_type", type},
                       {"app_id", rules_.app}}},
                     {"event", {{"message", {{"message_id", "om_9"}}}}}}
                    .dump());
}

Push FeishuApp::question(const std::string& challenge) const {
  return sealed(
      json{{"type", "url_verification"}, {"challenge", challenge}, {"token", rules_.callback_token}}
          .dump());
}

}  // namespace fakes
