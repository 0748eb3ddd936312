#include "engine/alarms.h"

#include "core/log.h"
#include "core/notification.h"
#include "core/rota.h"

namespace engine {

void Alarms::tell(const std::string& person, const core::Because& why, std::string_view except) {
  const core::Time now = clock_.wall();
  const auto policy = book_.policy();
  const auto& people = policy->people;
  const auto known = people.find(person);
  if (known == people.end())
    return core::log(core::LogLevel::Error, "alarm " + why.code + ": nobody is called " + person);
  size_t ways = 0;
  for (const std::string& channel : known->second.channels) {
    if (channel == except) continue;
    ++ways;
    core::Notification n;
    n.at = now;
    n.cause = core::Cause::Alarm;
    n.person = person;
    n.person_name = known->second.name;
    n.channel = channel;
    n.because = why;
    // An alarm of the same code is another one a second later.
    n.incident.revision = static_cast<uint32_t>(core::to_ms(now) / 1000);
    n.action = why.code;
    for (const auto& [kind, id] : known->second.contacts) n.contacts.push_back({kind, id});
    n.id = core::notification_id(n);
    const auto posted = store_.post({n.id, channel + " " + why.code, now, core::encode(n)});
    if (!posted)
      core::log(core::LogLevel::Error, "alarm " + why.code + ": " + posted.error().message);
  }
  if (ways == 0)
    core::log(core::LogLevel::Error, "alarm " + why.code + ": " + person + " has no other channel");
}

void Alarms::tell_keeper(const core::Because& why, std::string_view except) {
  const auto in_use = book_.policy();
  const core::Policy& policy = *in_use;
  if (!policy.fallback_person.empty()) return tell(policy.fallback_person, why, except);
  const core::Ladder& ladder = policy.ladder("");
  const core::OnDuty duty = core::resolve(policy, ladder.rungs.front().who, clock_.wall());
  const auto& whom = duty.now.empty() ? duty.standby : duty.now;
  if (whom.empty()) core::log(core::LogLevel::Error, "alarm " + why.code + ": nobody is on duty");
  for (const std::string& person : whom) tell(person, why, except);
}

}  // namespace engine
