#pragma once
// Telling: the lines and messages that come of a step. One revision is one IncidentChange; a
// notification goes to the first channel of its person, and to the next one when it does not
// arrive.
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

// Makes the next revision of the incident as it stands now.
void revise(Incident& incident, const Step& step, core::Because because);

// Tells one person on their first channel. Nobody is told twice for one (incident, revision,
// cause, rung, person, channel).
void tell(Incident& incident, const Step& step, core::Cause cause, const Told& whom,
          const core::Because& because);

// Tells about one action of the policy: the system that carries it out, by the action's own
// channel (Cause::Action), or a person on their first one. The id of the delivery.
uint64_t tell_action(Incident& incident, const Step& step, core::Cause cause, const Told& whom,
                     const core::Because& because, const std::string& action);

// Everybody who was told before, once each, on the highest rung they hold.
std::vector<Told> all_told(const Incident& incident);

// `id` as a Delivery holds it; 0 when it is no notification id.
uint64_t delivery_id(std::string_view id);

// A delivery failed: the person's next channel is tried. When none is left and nobody else could
// wake them: true, and somebody else must be told.
bool try_next_channel(Incident& incident, const Step& step, const Delivery& failed,
                      const core::Because& because);

}  // namespace alerting
