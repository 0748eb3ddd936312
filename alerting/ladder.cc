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

// The median now is what messages show: an integer, compared as such.
bool plain(const core::Over& over) {
  return over.chance_permille == 500 && over.within == core::Millis{0};
}

core::Because by_people(const core::Over& bound, const Standing& s) {
  if (plain(bound)) return by_count("rung_people", "people", s.people, bound.over);
  return {"rung_people_ahead",
          {{"people", people_ahead(s.spread, bound.within).middle, ""},
           {"within_minutes", bound.within.count() / 60'000, ""},
           {"bound", bound.over, ""},
           {"chance_permille", people_chance_permille(s.spread, bound.over, bound.within), ""}}};
}

bool crosses_people(const core::Over& bound, const Standing& s) {
  if (plain(bound)) return s.people > bound.over;
  return people_chance_permille(s.spread, bound.over, bound.within) >= bound.chance_permille;
}

// Loss rests on what was sold, not on how far the talk goes: `within` changes nothing.
bool crosses_loss(const core::Over& bound, const Standing& s) {
  if (bound.chance_permille == 500) return s.loss.cny > bound.over;
  return loss_chance_permille(s.loss, bound.over) >= bound.chance_permille;
}

core::Because by_loss_bound(const core::Over& bound, const Standing& s) {
  if (bound.chance_permille == 500) return by_loss(s.loss, bound.over);
  return {"rung_loss_chance",
          {{"loss_cny", s.loss.cny, ""},
           {"bound_cny", bound.over, ""},
           {"chance_permille", loss_chance_permille(s.loss, bound.over), ""}}};
}

// Of the bounds but the level's: the strongest that is crossed.
enum class Crossed : uint8_t { None, Loss, People, Threats, Groups, Speed, Always };
Crossed strongest(const core::Bounds& bounds, const Standing& s) {
  if (bounds.loss_cny && crosses_loss(*bounds.loss_cny, s)) return Crossed::Loss;
  if (bounds.people && crosses_people(*bounds.people, s)) return Crossed::People;
  if (bounds.exposure_threats && s.threats >= *bounds.exposure_threats) return Crossed::Threats;
  if (bounds.groups && s.groups >= *bounds.groups) return Crossed::Groups;
  if (bounds.groups_per_hour && s.groups_per_hour > *bounds.groups_per_hour) return Crossed::Speed;
  return bounds.always ? Crossed::Always : Crossed::None;
}

std::optional<core::Because> crossed(const core::Bounds& bounds, const Standing& s) {
  const Crossed what = strongest(bounds, s);
  if (what == Crossed::Loss) return by_loss_bound(*bounds.loss_cny, s);
  if (what == Crossed::People) return by_people(*bounds.people, s);
  if (what == Crossed::Threats)
    return by_count("rung_threats", "threats", s.threats, *bounds.exposure_threats);
  if (what == Crossed::Groups) return by_count("rung_groups", "groups", s.groups, *bounds.groups);
  if (what == Crossed::Speed)
    return by_count("rung_speed", "groups", s.groups_per_hour, *bounds.groups_per_hour);
  if (bounds.level && s.level >= *bounds.level)
    return core::Because{"rung_level", {{"level", 0, std::string(core::name_of(s.level))}}};
  if (what == Crossed::Always) return core::Because{"rung_always", {}};
  return std::nullopt;
}

// Whether anything but its own level bound is crossed, without making a reason.
bool raises(const core::Bounds& bounds, const Standing& s) {
  if (!bounds.level || s.level >= *bounds.level) return false;
  return strongest(bounds, s) != Crossed::None;
}

}  // namespace

Climb climb(const core::Ladder& ladder, uint32_t entered, const Standing& standing) {
  Climb result;
  Standing now = standing;
  for (uint32_t i = standing.calmed; i < rungs_of(ladder); ++i) {
    const core::Rung& rung = ladder.rungs[i];
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
