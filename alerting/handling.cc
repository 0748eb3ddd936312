#include "alerting/handling.h"

#include <algorithm>

#include "alerting/acts.h"
#include "alerting/climbing.h"
#include "alerting/deadlines.h"
#include "alerting/ladder.h"
#include "alerting/reasons.h"
#include "alerting/telling.h"

namespace alerting {

using core::IncidentState;

void acknowledge(Incident& i, const Step& s, const core::Act& act) {
  if (i.state != IncidentState::Open)
    return refuse(i, s, act, reasons::already(i.state, i.state_by));
  i.state = IncidentState::Acknowledged;
  i.state_by = act.by;
  drop_ack_deadline(i, s.policy.ladder(i.ladder), s.at);
  revise(i, s, reasons::acknowledged(act.by));
}

void close_by_hand(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  close_incident(i, s, act.by, reasons::closed_by(act.by, words(act.because)));
}

void escalate(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  uint32_t to = i.rung + 1;
  if (!act.option.empty()) {
    const auto named = std::ranges::find(ladder.rungs, act.option, &core::Rung::name);
    to = static_cast<uint32_t>(named - ladder.rungs.begin()) + 1;
  }
  if (!s.tells || to <= i.rung || to > rungs_of(ladder))
    return refuse(i, s, act, reasons::no_such_rung(act.by));
  climb_to(i, s, to, reasons::by_hand(act.by, rung_of(ladder, to).name, words(act.because)));
}

void deescalate(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (i.rung <= 1 && i.level == core::Level::Blue)
    return refuse(i, s, act, reasons::no_such_rung(act.by));
  const core::Level from = i.level;
  // What was known on the higher rung must not bring it back by itself.
  i.calmed_rung = std::max(i.calmed_rung, std::max(i.rung, 1u));
  i.calmed_level = std::max({i.calmed_level, i.level, i.tally.level()});
  if (i.level > core::Level::Blue)
    i.level = static_cast<core::Level>(static_cast<uint8_t>(i.level) - 1);
  if (i.rung > 1) {
    --i.rung;
    set_deadlines(i, s.policy.ladder(i.ladder), s.at);
  }
  const core::Because because = reasons::deescalated(act.by, from, i.level, words(act.because));
  revise(i, s, because);
  for (const Told& whom : all_told(i)) tell(i, s, core::Cause::Updated, whom, because);
}

void hand_over(Incident& i, const Step& s, const core::Act& act) {
  if (!i.waits() || i.rung == 0) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (!s.policy.people.contains(act.value))
    return refuse(i, s, act, reasons::unknown_person(words(act.value)));
  const core::Because because = reasons::handover(act.by, act.value);
  if (i.state == IncidentState::Acknowledged) i.state_by = act.value;
  revise(i, s, because);
  tell(i, s, core::Cause::Updated, {i.rung, act.value}, because);
}

}  // namespace alerting
