// (R) of DESIGN 11.12: enough distinct groups hold a rule hit of the family within a short time. A
// count; no probability is needed when a rule has already judged the words. A category alone (大米,
// 牛奶) says little about whose goods they are, so unrelated complaints meet there: it takes more.
#include <algorithm>

#include "detectors/roster.h"

namespace detectors {

int64_t rule_groups_needed(std::string_view family, const core::OpenBounds& bounds) {
  const bool category = family.starts_with("category:");
  return category ? std::max(bounds.category_groups, bounds.rule_groups) : bounds.rule_groups;
}

std::optional<core::Because> rule_groups(const View& view) {
  if (!view.finding.counts ||
      view.finding.rule_groups < rule_groups_needed(view.signal.family, view.bounds))
    return std::nullopt;
  return core::Because{"rule_groups",
                       {{"groups", view.finding.rule_groups, ""},
                        {"within_minutes", view.bounds.within.count() / 60'000, ""},
                        {"rule", 0, counting_rule(view.signal)}}};
}

}  // namespace detectors
