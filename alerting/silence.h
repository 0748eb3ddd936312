#pragma once
// Silence: for a while nobody is told of an incident. What is known grows on, people's deadlines
// stand still; a red level or the bound of a higher rung ends it at once. A decision and the end
// of the incident are told in spite of it: they end what people were asked for.
#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"

namespace alerting {

inline bool is_silent(const Incident& incident) { return incident.deadlines.silence.has_value(); }

// Acts. Act.value of the first: minutes, 1..10080. Whoever holds a rung or may "silence".
void silence(Incident& incident, const Step& step, const core::Act& act);
void unsilence(Incident& incident, const Step& step, const core::Act& act);

// It is over, if it is: the rung is told, and its deadlines begin.
void run_silence(Incident& incident, const Step& step);

// Ends without a word; what came due meanwhile is due now.
void end_silence(Incident& incident, core::Time at);

}  // namespace alerting
