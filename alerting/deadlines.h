#pragma once
// Deadlines: when somebody must have acted on an incident. They are set when a rung is entered or
// when a hold ends, and run by climbing.h's run_due().
#include <optional>

#include "alerting/incident.h"
#include "core/policy.h"

namespace alerting {

inline constexpr core::Millis kDeliveryProof{60'000};  // an outcome is expected within this

// Those of the rung entered, counted from `from`: an acknowledgement while open, a decision while
// open or acknowledged. On the top rung without either: the next reminder; below it, on a ladder
// without briefings: a day, then up, so that nothing that is open is forgotten.
void set_deadlines(Incident& incident, const core::Ladder& ladder, core::Time from);
// The incident was acknowledged at `at`.
void drop_ack_deadline(Incident& incident, const core::Ladder& ladder, core::Time at);
// Decided or closed: nobody is waited for.
void drop_deadlines(Incident& incident);
// A hold ended at `at`: all that stood still begins anew.
void restart_deadlines(Incident& incident, const core::Ladder& ladder, core::Time at);

// A policy's span as a deadline uses it: from nothing to five years.
core::Millis bounded(core::Millis span);
// When the next reminder comes after one at `at`: never at the same time.
core::Time next_reminder(const core::Ladder& ladder, core::Time at);

// The earliest one that runs; while held only those that wait for nobody.
std::optional<core::Time> next_due(const Incident& incident, bool held);

// Whether they can be those of a desk whose last step was at `last`: none should have run a
// day before, none is years ahead. Damaged ones could otherwise run from long ago till now.
bool deadlines_fit(const Incident& incident, bool held, core::Time last);

}  // namespace alerting
