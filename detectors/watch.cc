#include "detectors/watch.h"

#include <algorithm>

#include "core/hash.h"
#include "detectors/baseline.h"
#include "detectors/copies.h"
#include "detectors/roster.h"
#include "detectors/saved.h"
#include "detectors/seen.h"

namespace detectors {

namespace {

constexpr uint64_t kVersion = 1;
constexpr core::Millis kEventsRemembered{72 * 3600'000};
constexpr size_t kEventsMax = 65'536;
constexpr size_t kGroupsMax = 16'384;  // of one window
constexpr core::Millis kHour{3600'000};

}  // namespace

struct Watch::State {
  std::string family;
  const core::PolicyTimeline* policies;
  bool named;  // whether a text can name the family: not so unknown:*

  Seen events{kEventsMax};  // ids: a duplicate changes nothing
  Copies copies;
  Seen rule_groups{kGroupsMax}, mention_groups{kGroupsMax};  // within OpenBounds::within
  Seen counted{kGroupsMax};  // groups whose mention was counted in the hour `counting`
  core::Time counting{};
  ScanWindows windows;
  Baseline baseline;
  bool open = false;
  core::Time last{};

  void count_groups(uint64_t group, const core::OpenBounds& bounds, Finding& f);
  void count_mention(uint64_t group);
  void scan(uint64_t group, const core::Limits& limits, Finding& f);
  std::pair<double, double> prior(const core::Limits& limits) const;
};

Watch::Watch(std::string family, const core::PolicyTimeline& policies)
    : state_(std::make_unique<State>()) {
  state_->named = !family.starts_with("unknown:");
  state_->family = std::move(family);
  state_->policies = &policies;
}
Watch::~Watch() = default;
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;

Finding Watch::observe(const core::Signal& signal, const core::OpenBounds& bounds) {
  State& s = *state_;
  Finding f;
  s.last = std::max(s.last, signal.at);
  s.events.expire(s.last - kEventsRemembered);
  if (!s.events.insert(core::hash64(signal.event), s.last)) {
    f.duplicate = true;
    return f;
  }

  f.copy = s.copies.observe(signal, s.events);
  f.counts = std::ranges::any_of(signal.hits, counts);
  f.mention = signal.named && (!signal.advertising || f.counts);
  const uint64_t group = signal.group();
  s.count_groups(group, bounds, f);
  if (s.named) s.scan(group, s.policies->at(s.last).limits, f);
  f.evidence = f.counts || (f.mention && f.p <= bounds.evidence_p);

  const View view{signal, f, bounds, s.baseline.rate() * 24};
  for (const Row& row : roster()) {
    if (!s.named && !row.unnamed_too) continue;
    f.opens = row.crossed(view);
    if (f.opens) break;
  }
  f.evidence |= f.opens.has_value();
  return f;
}

void Watch::State::count_groups(uint64_t group, const core::OpenBounds& bounds, Finding& f) {
  rule_groups.expire(last - bounds.within);
  mention_groups.expire(last - bounds.within);
  if (f.counts) rule_groups.touch(group, last);
  if (f.mention) mention_groups.touch(group, last);
  f.rule_groups = static_cast<int64_t>(rule_groups.size());
  f.mention_groups = static_cast<int64_t>(mention_groups.size());
}

void Watch::State::scan(uint64_t group, const core::Limits& limits, Finding& f) {
  if (!baseline.started()) {
    const auto [a, b] = prior(limits);
    baseline.start(last, a, b);
  }
  baseline.advance(last, limits, open ? Baseline::Pace::Slow : Baseline::Pace::Usual);
  windows.expire(last);
  if (f.mention) count_mention(group);
  f.p = scan_p(windows, baseline, limits, last);
}

// Ten messages of one excited group are one piece of evidence: a group counts once an hour.
void Watch::State::count_mention(uint64_t group) {
  const core::Time hour = core::floor_to(last, kHour);
  if (hour != counting) counted.clear();
  counting = hour;
  if (!counted.insert(group, last)) return;
  windows.add(last);
  baseline.count();
}

std::pair<double, double> Watch::State::prior(const core::Limits& limits) const {
  const auto learned = limits.learned.find(family);
  if (learned != limits.learned.end()) return learned->second;
  return {limits.prior_mentions_a, limits.prior_mentions_b_hours};
}

void Watch::set_open(bool open) {
  State& s = *state_;
  // What was told once must not open again by itself: after an incident the groups are counted
  // anew, so that reopening needs the whole bound again (DESIGN 11.12).
  if (s.open && !open) {
    s.rule_groups.clear();
    s.mention_groups.clear();
  }
  s.open = open;
}

Figures Watch::figures() const {
  const State& s = *state_;
  Figures f;
  f.at = s.last;
  f.rule_groups = static_cast<int64_t>(s.rule_groups.size());
  f.mention_groups = static_cast<int64_t>(s.mention_groups.size());
  if (!s.named || !s.baseline.started()) return f;
  const core::Limits& limits = s.policies->at(s.last).limits;
  f.p = scan_p(s.windows, s.baseline, limits, s.last);
  f.usual_per_day = s.baseline.rate() * 24;
  f.windows = window_counts(s.windows, s.baseline, limits, s.last);
  return f;
}

core::Time Watch::last() const { return state_->last; }

uint64_t Watch::evicted() const {
  const State& s = *state_;
  return s.events.evicted() + s.copies.evicted() + s.rule_groups.evicted() +
         s.mention_groups.evicted() + s.counted.evicted() + s.windows.evicted();
}

std::pair<double, double> Watch::prior() const {
  const State& s = *state_;
  if (s.baseline.started()) return {s.baseline.a(), s.baseline.b_hours()};
  return s.prior(s.policies->at(core::kTimeMin).limits);
}

void Watch::save(core::ByteWriter& out) const {
  const State& s = *state_;
  out.u64(kVersion);
  out.u64(s.open ? 1 : 0);
  out.time(s.last);
  s.events.save(out);
  s.copies.save(out);
  s.rule_groups.save(out);
  s.mention_groups.save(out);
  out.time(s.counting);
  s.counted.save(out);
  s.windows.save(out);
  s.baseline.save(out);
}

bool Watch::load(core::ByteReader& in) {
  auto loaded = std::make_unique<State>();
  State& s = *loaded;
  s.family = state_->family;
  s.policies = state_->policies;
  s.named = state_->named;
  if (in.u64() != kVersion) return false;
  s.open = in.u64() != 0;
  const int64_t last = in.i64();
  if (!sane(last)) return false;
  s.last = core::from_ms(last);
  if (!s.events.load(in) || !s.copies.load(in) || !s.rule_groups.load(in) ||
      !s.mention_groups.load(in))
    return false;
  s.counting = in.time();
  if (!s.counted.load(in) || !s.windows.load(in) || !s.baseline.load(in)) return false;
  state_ = std::move(loaded);
  return true;
}

}  // namespace detectors
