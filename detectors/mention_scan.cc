// (M) of DESIGN 11.12: enough distinct groups name the family within a short time, rule or not,
// and that is too unlikely for how often it is usually named.
#include <cmath>

#include "detectors/roster.h"

namespace detectors {

std::optional<core::Because> mention_scan(const View& view) {
  const Finding& f = view.finding;
  if (!f.mention || f.mention_groups < view.bounds.mention_groups || f.p > view.bounds.p)
    return std::nullopt;
  return core::Because{"mention_scan",
                       {{"groups", f.mention_groups, ""},
                        {"within_minutes", view.bounds.within.count() / 60'000, ""},
                        {"p_e9", std::llround(f.p * 1e9), ""},
                        {"usual_per_day_milli", std::llround(view.usual_per_day * 1000), ""}}};
}

}  // namespace detectors
