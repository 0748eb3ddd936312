#pragma once
// Consulting: an agent's report that is not too sensitive asks the agent's peers before the ladder
// is climbed (P1). The first who confirms, or a time without all of them in doubt, starts the
// ladder; all in doubt close it.
#include <optional>
#include <string>
#include <vector>

#include "alerting/climbing.h"
#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/event.h"
#include "core/signal.h"

namespace alerting {

struct Report {
  std::string reporter;
  uint8_t sensitivity = 0;
  std::vector<std::string> peers;  // whom to ask; empty: the ladder is climbed at once
  core::Millis within{0};
  size_t left_out = 0;  // peers beyond Consultation::kPeersMax
};

// What an agent reports with a sensitivity, where the ladder of its hits asks peers.
std::optional<Report> report_of(const core::Signal& signal, const Step& step);

// The first step of an incident on rung 0: its peers are asked. REQUIRES: report.peers is not empty
// and the evidence is in the tally.
void consult(Incident& incident, const Step& step, Opening opening, const Report& report);

// The act of a peer: "confirm" or "doubt". The last word of each counts.
void advise(Incident& incident, const Step& step, const core::Act& act);

// The time for answers is over, if it is.
void run_consultation(Incident& incident, const Step& step);

// Everybody who learnt of it while peers were asked: these and the reporter, who is not told twice.
std::vector<Told> consulted(const Incident& incident, const core::Policy& policy);

}  // namespace alerting
