#include "alerting/quiet.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "alerting/deadlines.h"
#include "alerting/estimate.h"
#include "alerting/ladder.h"
#include "alerting/telling.h"
#include "alerting/waiting_reasons.h"
#include "core/rota.h"

namespace alerting {

namespace {

struct Sleep {
  core::Time until;
  bool gives_way = false;  // to the expected loss
};

// The rung's quiet hours, else the person's, in the person's local time.
std::optional<Sleep> sleep_of(const Incident& i, const Step& s, const Told& whom) {
  const auto known = s.policy.people.find(whom.person);
  if (known == s.policy.people.end()) return std::nullopt;
  const core::Person& person = known->second;
  const auto& of_rung = rung_of(s.policy.ladder(i.ladder), whom.rung).quiet_hours;
  const auto& quiet = of_rung ? of_rung : person.quiet_hours;
  const core::Zone& zone = s.policy.zone(person.zone);
  if (!quiet || !core::is_quiet(*quiet, zone, s.at)) return std::nullopt;
  const int64_t bound = quiet->unless_loss_over_cny;
  return Sleep{core::quiet_until(*quiet, zone, s.at),
               bound >= 0 && expected_loss(i.subject, s.policy).cny > bound};
}

bool all_asleep(const Incident& i, const Step& s, const std::vector<Told>& people) {
  return std::ranges::all_of(people, [&](const Told& t) {
    const std::optional<Sleep> sleep = sleep_of(i, s, t);
    return sleep && !sleep->gives_way;
  });
}

bool red_rouses(const Incident& i, const Step& s, const std::vector<Told>& more) {
  return i.level == core::Level::Red && all_asleep(i, s, i.told) && all_asleep(i, s, i.asleep) &&
         all_asleep(i, s, more);
}

void leave_asleep(Incident& i, const Told& whom, core::Time until) {
  std::erase_if(i.asleep, [&](const Told& t) { return t.person == whom.person; });
  if (i.asleep.size() == Incident::kToldMax) {
    ++i.dropped;
    return;
  }
  i.asleep.push_back(whom);
  core::Time wake = until;
  if (i.deadlines.wake) wake = std::min(wake, *i.deadlines.wake);
  i.deadlines.wake = wake;
}

// What is taken out of the list here is told by the caller.
std::vector<Told> take_woken(Incident& i, const Step& s, bool all, bool& gave_way) {
  std::vector<Told> woken, asleep;
  i.deadlines.wake.reset();
  for (const Told& whom : std::exchange(i.asleep, {})) {
    const std::optional<Sleep> sleep = sleep_of(i, s, whom);
    if (sleep && !sleep->gives_way && !all) {
      leave_asleep(i, whom, sleep->until);
      continue;
    }
    gave_way |= sleep.has_value();
    if (whom.rung <= i.rung) woken.push_back(whom);  // not what was taken back meanwhile
  }
  return woken;
}

}  // namespace

Bedtime put_to_bed(Incident& i, const Step& s, const std::vector<Told>& now) {
  Bedtime bed;
  const bool all = red_rouses(i, s, now);
  for (const Told& whom : now) {
    const std::optional<Sleep> sleep = sleep_of(i, s, whom);
    if (sleep && !sleep->gives_way && !all) {
      leave_asleep(i, whom, sleep->until);
      continue;
    }
    bed.awake.push_back(whom);
    if (sleep) bed.roused.push_back(whom);
    std::erase_if(i.asleep, [&](const Told& t) { return t.person == whom.person; });
  }
  const bool waked =
      std::ranges::any_of(bed.awake, [&](const Told& t) { return t.rung == i.rung; });
  if (!waked && rung_sleeps(i)) drop_deadlines(i);
  return bed;
}

void run_waking(Incident& i, const Step& s) {
  if (i.asleep.empty()) {
    i.deadlines.wake.reset();
    return;
  }
  if (!i.waits()) {
    i.asleep.clear();
    i.deadlines.wake.reset();
    return;
  }
  const bool slept = rung_sleeps(i);
  bool gave_way = false;
  const std::vector<Told> woken = take_woken(i, s, red_rouses(i, s, {}), gave_way);
  if (woken.empty()) return;
  const bool on_rung = std::ranges::any_of(woken, [&](const Told& t) { return t.rung == i.rung; });
  if (slept && on_rung) set_deadlines(i, s.policy.ladder(i.ladder), s.at);
  const core::Because because =
      gave_way ? why_roused(i, s) : reasons::quiet_hours_end(woken.front().person);
  revise(i, s, because);
  for (const Told& whom : woken)
    tell(i, s, whom.rung == 1 ? core::Cause::Opened : core::Cause::Escalated, whom, because);
}

bool sleeps(const Incident& i, const std::string& person) {
  return std::ranges::find(i.asleep, person, &Told::person) != i.asleep.end();
}

bool rung_sleeps(const Incident& i) {
  return std::ranges::find(i.asleep, i.rung, &Told::rung) != i.asleep.end() &&
         std::ranges::find(i.told, i.rung, &Told::rung) == i.told.end();
}

core::Because why_roused(const Incident& i, const Step& s) {
  return reasons::quiet_gives_way(i.level, expected_loss(i.subject, s.policy).cny);
}

}  // namespace alerting
