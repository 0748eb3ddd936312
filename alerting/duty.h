#pragma once
// Duty: whom a rung tells at a moment, and who stands in when nobody is there. Pure.
#include <optional>
#include <string>
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"

namespace alerting {

// Those on duty for the rung; without any the policy's fallback person, else the first who stands
// by for rung 1. Empty: nobody at all, and the next rung takes its place at once.
struct Holders {
  std::vector<std::string> people;
  bool instead = false;  // nobody of the rung itself is on duty
};
Holders holders_of(const core::Ladder& ladder, uint32_t rung, const Step& step);

// The top rung has nobody: whom reminders go to, the fallback and rung 1.
std::vector<std::string> last_resort(const core::Ladder& ladder, const Step& step);

// The next one who stands by for the incident's rung and was not told on it; nullopt: none is left.
std::optional<std::string> next_standby(const Incident& incident, const Step& step);

}  // namespace alerting
