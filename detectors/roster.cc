#include "detectors/roster.h"

#include <algorithm>

namespace detectors {

std::optional<core::Because> first_message(const View& view);
std::optional<core::Because> rule_groups(const View& view);
std::optional<core::Because> mention_scan(const View& view);

namespace {

constexpr int32_t kCountsAbovePermille = 500;

constexpr Row kRoster[] = {
    {"first_message", false, first_message},
    {"rule_groups", true, rule_groups},
    {"mention_scan", false, mention_scan},
};

}  // namespace

std::span<const Row> roster() { return kRoster; }

bool counts(const core::RuleHit& hit) { return hit.weight_permille > kCountsAbovePermille; }

const std::string& counting_rule(const core::Signal& signal) {
  static const std::string none;
  const auto hit = std::ranges::find_if(signal.hits, counts);
  return hit != signal.hits.end() ? hit->rule : none;
}

}  // namespace detectors
