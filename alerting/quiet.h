#pragma once
// Quiet hours: whoever is in them is told of a rung only when they end, and the rung's deadlines
// begin then. They give way to a greater expected loss (the one rule for money), and to a red
// level when everybody of the ladder so far is asleep.
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

struct Bedtime {
  std::vector<Told> awake;   // told now, in the order given
  std::vector<Told> roused;  // of these: whose quiet hours give way
};

// Those of `now` who are in quiet hours are left asleep; others are told now. When the whole rung
// that the incident stands on sleeps, its deadlines wait.
Bedtime put_to_bed(Incident& incident, const Step& step, const std::vector<Told>& now);

// Tells those whose quiet hours are over, or give way to what is known now.
void run_waking(Incident& incident, const Step& step);

// On this rung or another.
bool sleeps(const Incident& incident, const std::string& person);

// Everybody of the rung it stands on is asleep: nothing is waited for.
bool rung_sleeps(const Incident& incident);

core::Because why_roused(const Incident& incident, const Step& step);

}  // namespace alerting
