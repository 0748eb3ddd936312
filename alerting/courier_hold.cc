#include "alerting/courier_hold.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <tuple>

#include "alerting/courier_state.h"

namespace alerting {

namespace {

using core::Cause;
using core::Millis;
using core::Time;

constexpr int64_t kMinuteMs = 60'000;
constexpr int kMinutesOfDay = 24 * 60;
constexpr std::string_view kHeld = "held back: ", kLetGo = "let go, was ";

bool is_held(const core::OutboxState& state) {
  return state.delivery == core::Delivery::Pending && state.vendor_answer.starts_with(kHeld);
}

// Whether a mute time holds at `at`, in local time. A span over midnight belongs to the day on
// which it begins.
bool is_muted(const core::MuteTime& mute, const core::Zone& zone, Time at) {
  const auto local = at + std::chrono::minutes(zone.offset_minutes(at));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = static_cast<int>((local - day).count() / kMinuteMs);
  const auto on = [&](std::chrono::sys_days begun) {
    return (mute.weekdays >> (std::chrono::weekday(begun).iso_encoding() - 1) & 1) != 0;
  };
  if (mute.from_minute <= mute.to_minute)
    return on(day) && mute.from_minute <= minute && minute < mute.to_minute;
  return (minute >= mute.from_minute && on(day)) ||
         (minute < mute.to_minute && on(day - std::chrono::days(1)));
}

bool is_muted(const core::Policy& policy, const std::string& person, Time at) {
  const auto known = policy.people.find(person);
  const core::Zone& zone =
      policy.zone(known != policy.people.end() ? known->second.zone : std::string());
  return std::ranges::any_of(policy.mute_times, [&](const core::MuteTime& mute) {
    const bool meant =
        mute.people.empty() || std::ranges::find(mute.people, person) != mute.people.end();
    return meant && is_muted(mute, zone, at);
  });
}

std::string sku_in(const core::IncidentChange& i) {
  constexpr std::string_view kProduct = "product:";
  if (i.subject.starts_with(kProduct)) return i.subject.substr(kProduct.size());
  return i.products.empty() ? "" : i.products.front().sku;
}

std::string category_of(const core::Policy& policy, const std::string& sku) {
  const core::Product* product = policy.catalogue.product(sku);
  return product != nullptr ? product->category : "";
}

}  // namespace

bool asks_for_answer(const core::Notification& n) {
  constexpr std::array kInforms = {Cause::Opened,   Cause::Updated,  Cause::AllClear,
                                   Cause::Reopened, Cause::Briefing, Cause::Review,
                                   Cause::Test};
  return n.ack_by != Time{} || n.decide_by != Time{} ||
         std::ranges::find(kInforms, n.cause) == kInforms.end();
}

bool may_be_held(const core::Notification& n) {
  return !asks_for_answer(n) && n.cause != Cause::AllClear && n.cause != Cause::Test;
}

std::optional<Time> muted_until(const core::Policy& policy, const std::string& person, Time at) {
  if (!is_muted(policy, person, at)) return std::nullopt;
  const Time last = at + kHoldMax;
  Time t = core::floor_to(at, Millis(kMinuteMs)) + Millis(kMinuteMs);
  while (t < last && is_muted(policy, person, t)) t += Millis(kMinuteMs);
  return std::min(t, last);
}

void KnownIncidents::learn(const core::Notification& n) {
  const core::IncidentChange& change = n.incident;
  if (change.incident.empty() || n.cause == Cause::Action) return;
  if (!known_.contains(change.incident) && known_.size() >= kMax) forget_one();
  Known& known = known_[change.incident];
  known.people.insert(n.person);
  if (change.revision < known.revision) return;
  open_[known.level].erase(change.incident);
  known.revision = change.revision;
  known.at = change.at;
  known.level = change.level;
  known.open = change.state != core::IncidentState::Closed;
  known.sku = sku_in(change);
  if (known.open) open_[known.level].insert(change.incident);
}

void KnownIncidents::forget_one() {
  const auto oldest = std::ranges::min_element(
      known_, {}, [](const auto& one) { return std::tuple(one.second.open, one.second.at); });
  open_[oldest->second.level].erase(oldest->first);
  known_.erase(oldest);
  ++forgotten_;
}

std::string KnownIncidents::greater_than(const core::Notification& n,
                                         const core::Policy& policy) const {
  const auto lesser = known_.find(n.incident.incident);
  if (lesser == known_.end() || policy.inhibitions.empty()) return "";
  const Known& less = lesser->second;
  const std::string category = category_of(policy, less.sku);
  for (auto level = open_.upper_bound(less.level); level != open_.end(); ++level)
    for (const core::Inhibition& rule : policy.inhibitions) {
      if (level->first < rule.source_at_least || less.level > rule.target_at_most) continue;
      for (const std::string& id : level->second) {
        const Known& known = known_.find(id)->second;
        const bool same = !category.empty() && category == category_of(policy, known.sku);
        if ((same || !rule.same_category) && known.people.contains(n.person)) return id;
      }
    }
  return "";
}

bool KnownIncidents::closed(const std::string& incident) const {
  const auto it = known_.find(incident);
  return it != known_.end() && !it->second.open;
}

std::string why_held(const core::Notification& n, const core::Policy& policy,
                     const KnownIncidents& incidents, Time at) {
  if (!may_be_held(n)) return "";
  if (is_muted(policy, n.person, at)) return "mute time";
  const std::string greater = incidents.greater_than(n, policy);
  return greater.empty() ? "" : greater + " is greater";
}

// Who was told of what before this process began.
core::Result<core::Unit> Courier::State::recall_incidents() {
  if (incidents_recalled) return core::Unit{};
  const auto rows = store.outbox("");
  if (!rows) return rows.error();
  for (const auto& [item, state] : *rows)
    if (core::Notification n; core::decode(item.bytes, n)) incidents.learn(n);
  incidents_recalled = true;
  return core::Unit{};
}

// Parks what is to wait. That it waits is told to the desk once, and kept, before anything else.
core::Result<core::Unit> Courier::State::hold(Queue& queue) {
  const core::Policy* policy = spec.policy ? spec.policy() : nullptr;
  if (policy != nullptr && !policy->inhibitions.empty())
    if (const auto recalled = recall_incidents(); !recalled) return recalled;
  for (const Waiting& w : queue.all())
    if (w.readable) incidents.learn(w.notification);
  const Time now = clock.wall();
  auto held = static_cast<size_t>(
      std::ranges::count_if(queue.all(), [](const Waiting& w) { return is_held(w.state); }));
  for (Waiting& w : queue.all()) {
    const bool before = is_held(w.state);
    if (!untouched(w) || digests.contains(w.item.id)) continue;
    if (w.state.vendor_answer.starts_with(kLetGo)) continue;  // once is enough
    const Target* target = target_of(w);
    const bool usable = target != nullptr && target->broken.empty();
    const Time since = before ? w.note.since : now;
    const bool may =
        policy != nullptr && usable && now - since < kHoldMax && (before || held < kHeldMax);
    const std::string why = may ? why_held(w.notification, *policy, incidents, now) : "";
    if (!why.empty()) {
      w.parked = true;
      if (before) continue;
      ++held;
      if (const auto kept = keep_held(w, why, *policy); !kept) return kept;
    } else if (before) {
      if (const auto done = release(w); !done) return done;
    }
  }
  return core::Unit{};
}

core::Result<core::Unit> Courier::State::keep_held(Waiting& w, const std::string& why,
                                                   const core::Policy& policy) {
  const Time now = clock.wall();
  const Time until = muted_until(policy, w.notification.person, now).value_or(now + kHoldMax);
  w.note.since = now;
  const core::OutboxState state = {Delivery::Pending, 0, core::to_ms(until),
                                   with_note(std::string(kHeld) + why, w.note)};
  core::Act act;
  act.what = "suppressed";
  act.notification = w.item.id;
  act.because = std::string(kHeld) + why;
  act.door = "courier";
  if (const auto kept = spec.hold(w.item.id, state, act); !kept) return kept;
  w.state = state;
  ++counters.held;
  return core::Unit{};
}

// It goes now, unless it is over or the person has been told something newer of it since.
core::Result<core::Unit> Courier::State::release(Waiting& w) {
  const core::Notification& n = w.notification;
  const auto rows = store.outbox(n.incident.incident);
  if (!rows) return rows.error();
  const std::string why(answer_of(w.state.vendor_answer));
  uint32_t later = 0;
  for (const auto& [item, state] : *rows) {
    core::Notification other;
    const bool lives = state.delivery != Delivery::Dead && state.delivery != Delivery::Suppressed;
    if (lives && core::decode(item.bytes, other) && other.person == n.person)
      later = std::max(later, other.incident.revision);
  }
  w.note = {};
  w.state = {};
  if (later > n.incident.revision)
    return conclude(w, Delivery::Suppressed, "suppressed",
                    why + ", told since by r" + std::to_string(later));
  if (incidents.closed(n.incident.incident) && n.cause != Cause::Review)
    return conclude(w, Delivery::Suppressed, "suppressed", why + ", over by now");
  w.state.vendor_answer = std::string(kLetGo) + why;
  w.released = true;
  seen[w.item.id] = clock.wall();  // its time to live begins
  return store.settle(w.item.id, w.state);
}

}  // namespace alerting
