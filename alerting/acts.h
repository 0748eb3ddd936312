#pragma once
// Acts: what people and the courier did to an incident (DESIGN 11.6). An act that can take no
// effect becomes a Refusal and changes nothing.
#include <string>
#include <string_view>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"

namespace alerting {

// A command of the table in acts.cc. Other words are ignored.
void run_command(Incident& incident, const Step& step, const core::Act& act);

// delivered, refused, unknown, suppressed: of one of the incident's deliveries. Late ones change
// nothing.
void note_outcome(Incident& incident, const Step& step, uint64_t delivery, std::string_view what);

// What a person wrote, as much of it as is kept.
std::string words(const std::string& text);
void refuse(const Incident& incident, const Step& step, const core::Act& act,
            core::Because because);

}  // namespace alerting
