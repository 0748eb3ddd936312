#pragma once
// Climbing: how an incident opens, grows, goes up its ladder and ends. Each function is one step:
// it makes at most one revision and tells whom that concerns.
#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

// The first step of a new incident, or the return of a closed one: rung 1 at least is told, and
// whoever was told before. REQUIRES: the evidence is in its tally.
enum class Opening : uint8_t { New, Again };
void open_incident(Incident& incident, const Step& step, Opening opening, core::Because because);

// The same on rung 0, where nobody of the ladder is told; the caller makes the revision.
void open_below(Incident& incident, const Step& step, Opening opening);

// From rung 0 onto the ladder, told as an opening.
void start_ladder(Incident& incident, const Step& step, const core::Because& because);

// New evidence is in the tally: a revision, if what is shown has changed.
void reassess(Incident& incident, const Step& step);

// Into the next rung, whatever the bounds say. REQUIRES: there is one.
void climb_by_one(Incident& incident, const Step& step, const core::Because& because);

// Into a rung above the one it stands on, by hand or by a decision that is beyond the rung.
void climb_to(Incident& incident, const Step& step, uint32_t rung, const core::Because& because);

// Tells those of the rung it stands on, at the revision as it is.
void tell_holders(Incident& incident, const Step& step, core::Cause cause,
                  const core::Because& because);

// Ends it; everybody who was told gets the all-clear. `by` is "" when nobody did it.
void close_incident(Incident& incident, const Step& step, const std::string& by,
                    const core::Because& because);

// Runs what is due at step.at, of people and deliveries; not forgetting, which is the desk's.
void run_due(Incident& incident, const Step& step);

// A delivery failed: next channel, else who stands by, else next rung.
void fail_over(Incident& incident, const Step& step, uint64_t delivery);

// The category that the incident is about: a second incident's own; else the one that most of its
// groups name, else that of its subject; "" when unknown. (Not the subject's first: a second
// trouble's votes could turn the subject, and with it the first trouble, into the second.)
std::string category_of(const Incident& incident, const core::Policy& policy);

}  // namespace alerting
