#pragma once
// Briefings: while an incident is open everybody who was told gets one every day at the same local
// time (P14): what grew since yesterday, what is not done, who must decide.
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

// The first one after the golden hour of the last opening: younger ones were told just now. None:
// the ladder has none.
void plan_first_briefing(Incident& incident, const Step& step);
// A hold ended at `at`: what was missed meanwhile is left out.
void plan_briefing_again(Incident& incident, const core::Policy& policy, core::Time at);

// Briefs, as a revision of its own so that its ids are new, and plans the next one.
void brief(Incident& incident, const Step& step);

// The first time after `after` at which it is `minute` of the day, `offset_minutes` east of
// Greenwich.
core::Time next_daily(core::Time after, int minute, int offset_minutes);

// The facts of a Briefing or a Review, in their order; of other causes none.
void fill_facts(core::Notification& notification, const Incident& incident, const Step& step);

}  // namespace alerting
