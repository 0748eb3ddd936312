#pragma once
// Review: how it went, told at the end to everybody who was told, and kept as a case (P1, P14):
// time to detect, time on each rung and to the decision, forecast against truth, what did not
// arrive, what was carried out.
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

// Logs the end, tells the review and puts the case on its shelf. REQUIRES: closed and revised.
void stand_down(Incident& incident, const Step& step);

std::vector<core::Figure> review_facts(const Incident& incident, const Step& step);

// Messages of which no attempt arrived, over all channels of their person.
int64_t undelivered(const Incident& incident);

}  // namespace alerting
