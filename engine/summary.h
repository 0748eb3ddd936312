#pragma once
// Summary: what a ledger says, in numbers for people.
#include <cstdint>
#include <map>
#include <string>

#include "core/store.h"

namespace engine {

struct LedgerSummary {
  std::map<std::string, uint64_t>
      incidents_by_level;                // the highest level each reached; all four are there
  std::map<std::string, uint64_t> told;  // person -> notifications
  uint64_t incidents = 0, incidents_told = 0, notifications = 0, refusals = 0, lines = 0;
};

core::Result<LedgerSummary> summarise(core::Store& store);

}  // namespace engine
