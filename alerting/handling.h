#pragma once
// Handling: what people do to an incident itself: take it over, pass it up, down or on, end it. One
// function an act, a row each in acts.cc. REQUIRES: act.by is of the policy's people.
#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"

namespace alerting {

void acknowledge(Incident& incident, const Step& step, const core::Act& act);
void close_by_hand(Incident& incident, const Step& step, const core::Act& act);
void escalate(Incident& incident, const Step& step, const core::Act& act);
void deescalate(Incident& incident, const Step& step, const core::Act& act);
void hand_over(Incident& incident, const Step& step, const core::Act& act);

}  // namespace alerting
