#include "tests/fakes/pagerduty.h"

#include <nlohmann/json.hpp>

namespace fakes {

Pagerduty::Pagerduty(core::Clock& clock)
    : clock_(clock), server_(clock, [this](const Request& request) {
        const std::scoped_lock lock(mutex_);
        return handle(request);
      }) {}

std::vector<Pagerduty::Alert> Pagerduty::alerts(const std::string& dedup_key) const {
  const std::scoped_lock lock(mutex_);
  const auto it = alerts_.find(dedup_key);
  return it != alerts_.end() ? it->second : std::vector<Alert>{};
}

size_t Pagerduty::dropped() const {
  const std::scoped_lock lock(mutex_);
  return dropped_;
}

Reply Pagerduty::handle(const Request& request) {
  const auto invalid = [](const std::string& why) {
    return Reply{
        400,
        nlohmann::json{
            {"status", "invalid event"}, {"message", "Event object is invalid"}, {"errors", {why}}}
            .dump(),
        "application/json",
        {}};
  };
  if (request.method != "POST" || request.target != "/v2/enqueue") return {404, "", "", {}};
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return invalid("not JSON");
  if (body.value("routing_key", "") != routing_key()) return invalid("Invalid routing key");
  if (pace_.call(clock_.wall(), core::Millis(60'000)) > 120) return {429, "{}", "", {}};
  const std::string action = body.value("event_action", ""), key = body.value("dedup_key", "");
  if (key.empty() || key.size() > 255) return invalid("dedup_key");
  if (action == "trigger" &&
      (!body.contains("payload") || body["payload"].value("summary", "").empty() ||
       body["payload"]["summary"].get<std::string>().size() > 1024))
    return invalid("payload.summary");
  if (request.body.size() > 512'000) return {413, "{}", "", {}};
  take(action, alerts_[key]);
  return {202,
          nlohmann::json{{"status", "success"}, {"message", "Event processed"}, {"dedup_key", key}}
              .dump(),
          "application/json",
          {}};
}

void Pagerduty::take(const std::string& action, std::vector<Alert>& alerts) {
  const bool open = !alerts.empty() && alerts.back().state != "resolved";
  if (action != "trigger" && !open) {
    ++dropped_;
    return;
  }
  if (!open) alerts.push_back({"triggered", 0});
  ++alerts.back().events;
  if (action == "acknowledge") alerts.back().state = "acknowledged";
  if (action == "resolve") alerts.back().state = "resolved";
}

}  // namespace fakes
