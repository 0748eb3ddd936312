#pragma once
// Ladder: which rungs an incident as it stands must have entered, and which bound says so
// (DESIGN 9). Pure: it decides and gives reasons; climbing.h acts.
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/estimate.h"
#include "alerting/forecast.h"
#include "core/incident.h"
#include "core/policy.h"

namespace alerting {

struct Standing {
  core::Level level = core::Level::Blue;
  int64_t groups = 0, people = 0;
  Loss loss;
  int64_t groups_per_hour = 0, threats = 0;
  Spread spread = {};   // for bounds with a chance or ahead of time
  uint32_t calmed = 0;  // the bounds of the rungs up to it give no level: people took it back
};

struct Crossing {
  uint32_t rung = 0;  // from 1
  core::Because because;
};

struct Climb {
  core::Level level = core::Level::Blue;  // of the standing, or of a crossed rung that has more
  std::string level_by;                   // that rung's name, "" when no rung raised it
  std::vector<Crossing> crossed;          // the rungs above `entered`, lowest first
};

// Crossing a bound gives at least the rung's level, which may cross further bounds. A rung with
// several crossed bounds names the strongest: loss, people, groups, level, always; a level that
// only another rung gave comes last.
Climb climb(const core::Ladder& ladder, uint32_t entered, const Standing& standing);

// Rung `number`, or the last one of a shorter ladder. REQUIRES: number >= 1.
const core::Rung& rung_of(const core::Ladder& ladder, uint32_t number);
uint32_t rungs_of(const core::Ladder& ladder);

}  // namespace alerting
