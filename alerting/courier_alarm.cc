// A destination that takes nothing any more is a person's business: who watches over the system is
// told once, and again while it lasts, by whatever way the hook knows.
#include "alerting/courier_state.h"
#include "core/log.h"

namespace alerting {

namespace {

constexpr core::Millis kLongRest{10 * 60'000}, kAlarmAgain{60 * 60'000};

std::string alarm_line(const Target& target, core::Time now) {
  const std::string& id = target.destination.id;
  const std::string words = target.trouble.empty() ? "" : ": " + target.trouble;
  if (target.road->found_dead())
    return "渠道 " + id + " 被对方拒绝，消息改走其他渠道 channel " + id + " is dead" + words;
  const std::string minutes = std::to_string((now - target.road->ailing_since()).count() / 60'000);
  return "渠道 " + id + " 发不出，已 " + minutes + " 分钟 channel " + id + " takes nothing for " +
         minutes + " minutes" + words;
}

}  // namespace

void Courier::State::raise_alarms() {
  const core::Time now = clock.wall();
  for (auto& [id, target] : targets) {
    if (target.road == nullptr) continue;
    const Road& road = *target.road;
    if (road.ailing_since() == core::Time{}) target.alarmed_at = {};
    const bool sick = road.found_dead() || road.ails_for(kLongRest);
    if (!sick) continue;
    // Again only when it was tried again since.
    if (target.alarmed_at != core::Time{} &&
        (now < target.alarmed_at + kAlarmAgain || road.failed_at() <= target.alarmed_at))
      continue;
    target.alarmed_at = now;
    ++counters.sick_channels;
    const std::string line = alarm_line(target, now);
    core::log(core::LogLevel::Error, "courier: " + line);
    if (spec.alarm) spec.alarm(id, line);
  }
}

}  // namespace alerting
