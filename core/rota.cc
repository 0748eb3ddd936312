#include "core/rota.h"

#include <algorithm>

namespace core {

namespace {

constexpr int64_t kMinuteMs = 60'000, kDayMinutes = 24 * 60;
constexpr int64_t kDayMs = kDayMinutes * kMinuteMs;
constexpr Millis kStep{15 * kMinuteMs};  // hand-overs are looked for so finely, then exactly

int64_t local_ms(const Zone& zone, Time at) {
  return to_ms(at) + zone.offset_minutes(at) * kMinuteMs;
}

// The latest local time that a clock on the wall has shown by `at`: where a clock is set back, the
// hour that is shown twice passes once. Without it a hand-over within that hour would be undone.
int64_t reached_local_ms(const Zone& zone, Time at) {
  int64_t reached = local_ms(zone, at);
  const auto after = std::ranges::upper_bound(zone.offsets, at, {}, &std::pair<Time, int>::first);
  if (after == zone.offsets.begin() || std::prev(after) == zone.offsets.begin()) return reached;
  const auto change = std::prev(after), before = std::prev(change);
  return std::max(reached, to_ms(change->first) + before->second * kMinuteMs - 1);
}

int minute_of_day(const Zone& zone, Time at) {
  const int64_t ms = ((local_ms(zone, at) % kDayMs) + kDayMs) % kDayMs;
  return static_cast<int>(ms / kMinuteMs);
}

void add(std::vector<std::string>& people, const std::string& person) {
  if (!person.empty() && std::ranges::find(people, person) == people.end())
    people.push_back(person);
}

// Who stands in on the first layer at `at`, if anybody said so: "" is a holiday.
const RotaOverride* override_at(const Rota& rota, Time at) {
  const RotaOverride* found = nullptr;
  for (const RotaOverride& o : rota.overrides)
    if (o.from <= at && at < o.to) found = &o;
  return found;
}

OnDuty of_rota(const Policy& policy, const Rota& rota, Time at) {
  const Zone& zone = policy.zone(rota.zone);
  OnDuty duty;
  for (size_t i = 0; i < rota.layers.size(); ++i) {
    const RotaOverride* instead = i == 0 ? override_at(rota, at) : nullptr;
    const std::string person =
        instead != nullptr ? instead->person : on_layer(rota, rota.layers[i], zone, at);
    if (!policy.people.contains(person)) continue;
    if (duty.now.empty())
      duty.now.push_back(person);
    else if (person != duty.now.front())
      add(duty.standby, person);
  }
  return duty;
}

}  // namespace

OnDuty resolve(const Policy& policy, const Who& who, Time at) {
  OnDuty duty;
  if (who.kind == Who::Kind::Person) {
    if (policy.people.contains(who.id)) duty.now.push_back(who.id);
  } else if (who.kind == Who::Kind::Role) {
    const auto role = policy.roles.find(who.id);
    if (role == policy.roles.end()) return duty;
    for (const std::string& person : role->second.people)
      if (policy.people.contains(person)) add(duty.now, person);
  } else if (const auto rota = policy.rotas.find(who.id); rota != policy.rotas.end()) {
    return of_rota(policy, rota->second, at);
  }
  return duty;
}

std::string on_layer(const Rota&, const RotaLayer& layer, const Zone& zone, Time at) {
  if (layer.people.empty() || layer.turn_days < 1 || at < layer.start) return "";
  const int64_t since = reached_local_ms(zone, at) - local_ms(zone, layer.start);
  const int64_t turn = std::max<int64_t>(since, 0) / (layer.turn_days * kDayMs);
  return layer.people[static_cast<size_t>(turn) % layer.people.size()];
}

namespace {

// When overrides and layers of the rota begin and end, ascending.
std::vector<Time> edges_of(const Policy& policy, const Who& who) {
  std::vector<Time> edges;
  const auto rota = policy.rotas.find(who.id);
  if (who.kind != Who::Kind::Rota || rota == policy.rotas.end()) return edges;
  for (const RotaLayer& layer : rota->second.layers) edges.push_back(layer.start);
  for (const RotaOverride& o : rota->second.overrides) {
    edges.push_back(o.from);
    edges.push_back(o.to);
  }
  std::ranges::sort(edges);
  return edges;
}

}  // namespace

std::optional<Time> next_change(const Policy& policy, const Who& who, Time at, Millis horizon) {
  const std::vector<std::string> before = resolve(policy, who, at).now;
  const auto same = [&](Time t) { return resolve(policy, who, t).now == before; };
  const std::vector<Time> edges = edges_of(policy, who);
  Time low = at;
  while (low < at + horizon) {
    Time high = std::min(floor_to(low, kStep) + kStep, at + horizon);
    const auto edge = std::ranges::upper_bound(edges, low);  // spans may be shorter than a step
    if (edge != edges.end()) high = std::min(high, *edge);
    if (same(high)) {
      low = high;
      continue;
    }
    while (high - low > Millis(1)) {
      const Time middle = low + (high - low) / 2;
      (same(middle) ? low : high) = middle;
    }
    return high;
  }
  return std::nullopt;
}

bool is_quiet(const QuietHours& quiet, const Zone& zone, Time at) {
  const int minute = minute_of_day(zone, at);
  if (quiet.from_minute <= quiet.to_minute)
    return quiet.from_minute <= minute && minute < quiet.to_minute;
  return minute >= quiet.from_minute || minute < quiet.to_minute;
}

Time quiet_until(const QuietHours& quiet, const Zone& zone, Time at) {
  // Minute by minute, at most a day of them: the clock may change in between.
  Time t = floor_to(at, Millis(kMinuteMs)) + Millis(kMinuteMs);
  while (is_quiet(quiet, zone, t)) t += Millis(kMinuteMs);
  return t;
}

}  // namespace core
