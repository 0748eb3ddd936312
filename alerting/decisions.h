#pragma once
// Decisions: who may decide what about an incident, and the way of a decision that needs somebody
// else too (P4, P5): above a person's authority it climbs to the lowest rung that may; above the
// policy's four-eyes bound a second person approves. An act that can take no effect becomes a
// Refusal and changes nothing.
#include <cstdint>
#include <optional>
#include <string_view>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"

namespace alerting {

// REQUIRES for all three: act.by is in the policy.
//
// act.option is one of the incident's offers; where the policy has none for it, words of which no
// cost is known. Decided already: only a person of a higher rung may decide otherwise.
void decide(Incident& incident, const Step& step, const core::Act& act);
// The option that is proposed ("": whichever it is); another one is a decision of one's own.
void approve(Incident& incident, const Step& step, const core::Act& act);
// Drops the proposal: whoever may approve it, or who proposed it. Needs a reason.
void reject(Incident& incident, const Step& step, const core::Act& act);

// The highest rung that a person holds, by duty now or because they were told of this incident.
struct Holder {
  uint32_t rung = 0;
  int64_t authority_cny = 0;  // -1: unlimited
};
std::optional<Holder> holder_of(const Incident& incident, const Step& step,
                                std::string_view person);

}  // namespace alerting
