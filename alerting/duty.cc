#include "alerting/duty.h"

#include <algorithm>

#include "alerting/ladder.h"
#include "core/rota.h"

namespace alerting {

Holders holders_of(const core::Ladder& ladder, uint32_t rung, const Step& s) {
  Holders holders{core::resolve(s.policy, rung_of(ladder, rung).who, s.at).now, false};
  if (!holders.people.empty()) return holders;
  holders.instead = true;
  if (s.policy.people.contains(s.policy.fallback_person)) {
    holders.people = {s.policy.fallback_person};
  } else if (rung > 1) {
    const core::OnDuty first = core::resolve(s.policy, rung_of(ladder, 1).who, s.at);
    if (!first.standby.empty()) holders.people = {first.standby.front()};
  }
  return holders;
}

std::vector<std::string> last_resort(const core::Ladder& ladder, const Step& s) {
  std::vector<std::string> people = holders_of(ladder, rungs_of(ladder), s).people;
  for (const std::string& person : core::resolve(s.policy, rung_of(ladder, 1).who, s.at).now)
    if (std::ranges::find(people, person) == people.end()) people.push_back(person);
  return people;
}

std::optional<std::string> next_standby(const Incident& i, const Step& s) {
  const core::Rung& rung = rung_of(s.policy.ladder(i.ladder), i.rung);
  for (const std::string& person : core::resolve(s.policy, rung.who, s.at).standby) {
    const auto same = [&](const Told& t) { return t.rung == i.rung && t.person == person; };
    if (std::ranges::none_of(i.told, same)) return person;
  }
  return std::nullopt;
}

}  // namespace alerting
