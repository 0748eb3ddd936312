#include "engine/heartbeat.h"

#include <pthread.h>

#include <nlohmann/json.hpp>

#include "alerting/channel_secrets.h"
#include "alerting/channels/standard_webhooks.h"
#include "alerting/message_text.h"
#include "core/log.h"
#include "engine/system_clock.h"

namespace engine {

namespace {

constexpr core::Millis kTimeout{10'000};
constexpr core::Millis kEveryMin{1'000};

alerting::Destination destination_of(const HeartbeatSettings& settings) {
  alerting::Destination to;
  to.id = to.kind = "heartbeat";
  to.url = settings.url;
  to.secrets = settings.secrets;
  to.allow_private = settings.allow_private;
  return to;
}

}  // namespace

alerting::HttpRequest heartbeat_request(const HeartbeatSettings& settings, const Pulse& pulse,
                                        core::Time wall) {
  nlohmann::ordered_json body;
  body["type"] = "qingyu.heartbeat";
  body["timestamp"] = alerting::utc(wall);
  body["data"]["every_s"] = settings.every.count() / 1000;
  body["data"]["events"] = pulse.events;
  body["data"]["book"] = pulse.book;
  alerting::HttpRequest request;
  request.url = settings.url;
  request.body = body.dump();
  request.timeout = kTimeout;
  const int64_t seconds = core::to_ms(wall) / 1000;
  const std::string id = "heartbeat-" + std::to_string(seconds);
  request.headers = {{"Content-Type", "application/json"},
                     {"webhook-id", id},
                     {"webhook-timestamp", std::to_string(seconds)}};
  if (!settings.secrets.empty())
    request.headers.emplace_back(
        "webhook-signature",
        alerting::webhook_signature(settings.secrets, id, seconds, request.body));
  return request;
}

HeartbeatThread::HeartbeatThread(HeartbeatSettings settings, std::function<Pulse()> collect)
    : settings_(std::move(settings)),
      collect_(std::move(collect)),
      transport_(alerting::make_http_transport()) {}

void HeartbeatThread::start() {
  if (settings_.url.empty()) return;
  thread_ = std::thread(&HeartbeatThread::work, this);
}

void HeartbeatThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

HeartbeatCounters HeartbeatThread::counters() {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void HeartbeatThread::work() {
  pthread_setname_np(pthread_self(), "heartbeat");
  for (;;) {
    beat(SystemClock().wall());
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, std::max(settings_.every, kEveryMin), [this] { return stopping_; });
    if (stopping_) return;
  }
}

void HeartbeatThread::beat(core::Time wall) {
  const Pulse pulse = collect_();
  const bool first = turned_ == core::Time{};
  if (first || pulse.turns != last_.turns) turned_ = wall;
  if (first || !pulse.working || pulse.progress != last_.progress) progressed_ = wall;
  last_ = pulse;
  const char* why = wall - turned_ >= kStill       ? "the main loop stands still"
                    : wall - progressed_ >= kStill ? "the work stands still"
                    : !pulse.store_well            ? "the store does not answer"
                                                   : nullptr;
  if (why != nullptr) {
    core::log(core::LogLevel::Error, std::string("heartbeat withheld: ") + why);
    const std::lock_guard lock(mutex_);
    ++counters_.withheld;
    return;
  }
  const alerting::Destination to = destination_of(settings_);
  const alerting::TransportResult result =
      transport_->send(heartbeat_request(settings_, pulse, wall), to);
  const bool arrived =
      result.how == alerting::TransportResult::How::Answered && result.status / 100 == 2;
  if (!arrived)
    core::log(core::LogLevel::Warning,
              "heartbeat: " + (result.error.empty() ? "HTTP " + std::to_string(result.status)
                                                    : alerting::redacted(result.error, to)));
  const std::lock_guard lock(mutex_);
  ++(arrived ? counters_.sent : counters_.failed);
}

}  // namespace engine
