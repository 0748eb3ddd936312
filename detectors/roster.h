#pragma once
// Roster: the detectors, one row each. A detector looks at one signal in the light of what the
// Watch has counted and says whether its bound is crossed, with the figures that show it. A new
// one is one file with its function and one row in roster.cc.
#include <optional>
#include <span>
#include <string_view>

#include "core/incident.h"
#include "core/policy.h"
#include "core/signal.h"
#include "detectors/watch.h"

namespace detectors {

struct View {
  const core::Signal& signal;
  const Finding& finding;  // all but `opens`, with this signal counted
  const core::OpenBounds& bounds;
  double usual_per_day;  // counted mentions, by the baseline
};

struct Row {
  std::string_view code;  // of the Because it gives
  bool unnamed_too;       // also for unknown:* families, which no text names
  std::optional<core::Because> (*crossed)(const View& view);
};

// The first row that is crossed gives the reason.
std::span<const Row> roster();

// How many distinct groups with a rule hit open an incident of the family.
int64_t rule_groups_needed(std::string_view family, const core::OpenBounds& bounds);

// The rule of the first hit that counts, "" if none: what a person is shown.
const std::string& counting_rule(const core::Signal& signal);
bool counts(const core::RuleHit& hit);

}  // namespace detectors
