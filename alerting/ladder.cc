#include "alerting/ladder.h"

#include <algorithm>
#include <optional>

#include "core/check.h"

namespace alerting {

namespace {

core::Because by_loss(const Loss& loss, int64_t bound) {
  return {"rung_loss",
          {{"loss_cny", loss.cny, ""},
           {"bound_cny", bound, ""},
           {"units", loss.units, ""},
           {"price_fen", loss.price_fen, ""},
           {"share_permille", loss.share_permille, ""},
           {"sku", 0, loss.sku}}};
}

core::Because by_count(std::string code, std::string name, int64_t value, int64_t bound) {
  return {std::move(code), {{std::move(name), value, ""}, {"bound", bound, ""}}};
}

std::optional<core::Because> crossed(const core::Bounds& bounds, const Standing& s) {
  if (bounds.loss_cny && s.loss.cny > *bounds.loss_cny) return by_loss(s.loss, *bounds.loss_cny);
  if (bounds.people && s.people > *bounds.people)
    return by_count("rung_people", "people", s.people, *bounds.people);
  if (bounds.groups && s.groups >= *bounds.groups)
    return by_count("rung_groups", "groups", s.groups, *bounds.groups);
  if (bounds.level && s.level >= *bounds.level)
    return core::Because{"rung_level", {{"level", 0, std::string(core::name_of(s.level))}}};
  if (bounds.always) return core::Because{"rung_always", {}};
  return std::nullopt;
}

// Whether anything but its own level bound is crossed, without making a reason.
bool raises(const core::Bounds& bounds, const Standing& s) {
  if (!bounds.level || s.level >= *bounds.level) return false;
  return (bounds.loss_cny && s.loss.cny > *bounds.loss_cny) ||
         (bounds.people && s.people > *bounds.people) ||
         (bounds.groups && s.groups >= *bounds.groups) || bounds.always;
}

}  // namespace

Climb climb(const core::Ladder& ladder, uint32_t entered, const Standing& standing) {
  Climb result;
  Standing now = standing;
  for (const core::Rung& rung : ladder.rungs) {
    if (!raises(rung.enter, now)) continue;
    now.level = *rung.enter.level;
    result.level_by = rung.name;
  }
  result.level = now.level;
  for (uint32_t i = entered; i < rungs_of(ladder); ++i) {
    auto because = crossed(ladder.rungs[i].enter, standing);
    if (!because) because = crossed(ladder.rungs[i].enter, now);
    if (because) result.crossed.push_back({i + 1, std::move(*because)});
  }
  return result;
}

const core::Rung& rung_of(const core::Ladder& ladder, uint32_t number) {
  INVARIANT(number >= 1 && !ladder.rungs.empty());
  return ladder.rungs[std::min(number, rungs_of(ladder)) - 1];
}

uint32_t rungs_of(const core::Ladder& ladder) { return static_cast<uint32_t>(ladder.rungs.size()); }

}  // namespace alerting
