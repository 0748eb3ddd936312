// (R) of DESIGN 11.12: enough distinct groups hold a rule hit of the family within a short time. A
// count; no probability is needed when a rule has already judged the words. A category alone (大米,
// 牛奶) says little about whose goods they are, so unrelated complaints meet there: it takes more.
#include <algorithm>

#include "detectors/roster.h"

namespace detectors {

namespace {

int64_t groups_needed(const View& view) {
  const bool category = view.signal.family.starts_with("category:");
  return category ? std::max(view.bounds.category_groups, view.bounds.rule_groups)
                  : view.bounds.rule_groups;
}

}  // namespace

std::optional<core::Because> rule_groups(const View& view) {
  if (!view.finding.counts || view.finding.rule_groups < groups_needed(view)) return std::nullopt;
  return core::Because{"rule_groups",
                       {{"groups", view.finding.rule_groups, ""},
                        {"within_minutes", view.bounds.within.count() / 60'000, ""},
                        {"rule", 0, counting_rule(view.signal)}}};
}

}  // namespace detectors
