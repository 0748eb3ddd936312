#pragma once
// Actions: what is carried out once it is decided (P10). Each action of the option becomes one
// message to the system that does it; "delivered" means that it took the message, not that it is
// done: that is said by a result, and missed when its time is over. A decision is carried out when
// all of its actions are done.
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"

namespace alerting {

// Of the decision that stands, by its decider on `rung`. An action that an overruled decision
// has sent already, and that has not failed, is not sent again. REQUIRES: it is decided.
void send_actions(Incident& incident, const Step& step, uint32_t rung);

// act.option: the action; act.value: done or failed. A failure is told to the decider and to the
// duty rung. Late is not final: a result still counts. REQUIRES: act.by is in the policy.
void result(Incident& incident, const Step& step, const core::Act& act);

// The message to the system that carries it out failed: `delivery` of the incident.
void action_undelivered(Incident& incident, const Step& step, uint64_t delivery);

// How the actions of the decision that stands are taken back, "" if none need be: those that
// `option` has too are left out.
std::string undo_notes(const Incident& incident, const Step& step, const std::string& option);

struct ActionFigures {
  int64_t sent = 0, done = 0, failed = 0, late = 0;  // sent: no result yet and none due
};
ActionFigures action_figures(const Incident& incident);

// --- what runs by time: results that are missing, briefings ---
// Empty when the incident as it stands waits for none.
std::vector<core::Time> response_dues(const Incident& incident);
void run_response(Incident& incident, const Step& step);
// A hold ended at `at`: results are waited for anew, briefings missed meanwhile are left out.
void restart_response(Incident& incident, const core::Policy& policy, core::Time at);

}  // namespace alerting
