#include "tests/fakes/slack_webhook.h"

#include <nlohmann/json.hpp>

namespace fakes {

namespace {

bool blocks_fit(const nlohmann::json& body) {
  if (!body.contains("blocks")) return true;
  if (body["blocks"].size() > 50) return false;
  for (const auto& block : body["blocks"]) {
    const std::string type = block.value("type", "");
    const size_t limit = type == "header" ? 150 : 3'000;
    if (block.contains("text") && block["text"].value("text", "").size() > limit * 3) return false;
  }
  return true;
}

}  // namespace

SlackWebhook::SlackWebhook(core::Clock& clock)
    : clock_(clock), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

std::vector<std::string> SlackWebhook::posted() const {
  const std::scoped_lock lock(mutex_);
  return posted_;
}

Reply SlackWebhook::handle(const Request& request) {
  if (request.method != "POST") return {405, "", "text/html", {}};
  if (request.target != "/services/T000/B000/hook-of-slack")
    return {404, "no_service", "text/html", {}};
  if (pace_.call(clock_.wall(), core::Millis(1'000)) > 3)
    return {429,
            R"({"retry_after":1,"ok":false,"error":"rate_limited"})",
            "application/json",
            {{"Retry-After", "1"}}};
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return {400, "invalid_payload", "text/html", {}};
  if (body.value("text", "").empty()) return {400, "no_text", "text/html", {}};
  if (!blocks_fit(body)) return {400, "invalid_blocks", "text/html", {}};
  posted_.push_back(request.body);
  return {200, "ok", "text/html", {}};
}

}  // namespace fakes
