#include "tests/fakes/slack_app.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/fakes/callback_crypt.h"

namespace fakes {

namespace {

using nlohmann::json;

Reply refused(const std::string& word) {
  return {200, json{{"ok", false}, {"error", word}}.dump(), "application/json", {}};
}

Reply taken(const std::string& channel, const std::string& ts) {
  return {200, json{{"ok", true}, {"channel", channel}, {"ts", ts}}.dump(), "application/json", {}};
}

bool blocks_fit(const json& body) {
  const json blocks = body.value("blocks", json::array());
  if (blocks.size() > 50) return false;
  return std::ranges::all_of(blocks, [](const json& block) {
    const size_t most = block.value("type", "") == "header" ? 150 : 3'000;
    return !block.contains("text") || block["text"].value("text", "").size() <= most * 3;
  });
}

}  // namespace

SlackApp::SlackApp(core::Clock& clock, SlackAppRules rules)
    : clock_(clock), rules_(std::move(rules)), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

std::vector<SlackApp::Posted> SlackApp::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

Reply SlackApp::handle(const Request& request) {
  if (request.method != "POST") return {405, "", "text/html", {}};
  if (request.header("authorization") != "Bearer " + rules_.token) return refused("invalid_auth");
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) return refused("invalid_json");
  const std::string channel = body.value("channel", "");
  if (request.target == "/api/chat.update")
    return change(request.body, channel, body.value("ts", ""));
  if (request.target != "/api/chat.postMessage") return refused("unknown_method");
  const size_t calls = paces_[channel].call(clock_.wall(), core::Millis(1'000));
  if (busy_next_.exchange(false) || calls > rules_.burst) {
    Reply busy = refused("ratelimited");
    busy.status = 429;
    busy.headers = {{"Retry-After", std::to_string(rules_.busy_seconds)}};
    return busy;
  }
  if (std::ranges::find(rules_.channels, channel) == rules_.channels.end())
    return refused("channel_not_found");
  if (body.value("text", "").empty()) return refused("no_text");
  if (!blocks_fit(body)) return refused("invalid_blocks");
  return message(request.body, channel);
}

Reply SlackApp::message(const std::string& body, const std::string& channel) {
  const std::string ts = std::to_string(core::to_ms(clock_.wall()) / 1'000) + "." +
                         std::to_string(100'000 + posted_.size());
  posted_.push_back({clock_.wall(), channel, ts, body});
  return taken(channel, ts);
}

Reply SlackApp::change(const std::string& body, const std::string& channel, const std::string& ts) {
  const auto known = std::ranges::find_if(
      posted_, [&](const Posted& p) { return p.channel == channel && p.ts == ts; });
  if (known == posted_.end()) return refused("message_not_found");
  known->changes.push_back(body);
  return taken(channel, ts);
}

Push SlackApp::press(const std::string& person, const Posted& message, const std::string& value,
                     const std::string& action, SlackSignature signature) const {
  const std::string payload =
      json{{"type", "block_actions"},
           {"user", {{"id", person}}},
           {"container", {{"channel_id", message.channel}, {"message_ts", message.ts}}},
           {"actions", json::array({{{"value", value}, {"action_ts", action}}})}}
          .dump();
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  Push push;
  push.body = "payload=";
  for (const char c : payload) {
    const auto byte = static_cast<unsigned char>(c);
    (push.body += '%') += kDigits[byte >> 4];
    push.body += kDigits[byte & 15];
  }
  const int64_t age = signature == SlackSignature::Old ? 301 : 0;
  const std::string timestamp = std::to_string(core::to_ms(clock_.wall()) / 1'000 - age);
  const std::string secret = signature == SlackSignature::Bad ? "another" : rules_.signing_secret;
  push.headers = {
      {"Content-Type", "application/x-www-form-urlencoded"},
      {"X-Slack-Request-Timestamp", timestamp},
      {"X-Slack-Signature", "v0=" + hmac_hex(secret, "v0:" + timestamp + ":" + push.body)}};
  return push;
}

}  // namespace fakes
