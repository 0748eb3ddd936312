#include "engine/shard.h"

#include <algorithm>
#include <utility>

#include "engine/ledger.h"

namespace engine {

namespace {

using core::Time;

constexpr size_t kPopsAtOnce = 256;  // from one link, before the others are looked at

// The counters as the store keeps them.
constexpr std::pair<const char*, int64_t ShardCounters::*> kCounters[] = {
    {"signals", &ShardCounters::signals},
    {"acts", &ShardCounters::acts},
    {"recalls", &ShardCounters::recalls},
    {"families_dropped", &ShardCounters::families_dropped},
    {"journal_sequence", &ShardCounters::journal_sequence},
    {"held", &ShardCounters::held},
    {"tally_dropped", &ShardCounters::tally_dropped},
};

std::vector<std::vector<uint32_t>> streams_of(const std::vector<ShardInlet>& inlets) {
  std::vector<std::vector<uint32_t>> all;
  for (const ShardInlet& inlet : inlets) all.push_back(inlet.streams);
  return all;
}

bool empty(const alerting::Decisions& d) {
  return d.changes.empty() && d.notifications.empty() && d.refusals.empty() && d.entries.empty();
}

}  // namespace

Shard::Shard(ShardSpec spec, core::Store& store, const core::PolicyTimeline& policies,
             std::vector<std::string> streams, std::vector<ShardInlet> inlets, Publish publish)
    : spec_(spec),
      store_(store),
      inlets_(std::move(inlets)),
      publish_(std::move(publish)),
      progress_(std::move(streams), streams_of(inlets_)),
      families_(policies, spec.cases, spec.families_max),
      tally_(spec.index),
      policies_(policies) {}

core::Result<core::Unit> Shard::start() {
  const auto fence = store_.take(spec_.index);
  if (!fence) return fence.error();
  fence_ = *fence;
  auto state = store_.load(spec_.index);
  if (!state) return state.error();
  for (auto& [name, bytes] : state->streams) restart_states_[name] = std::move(bytes);
  for (const auto& [name, value] : state->counters)
    for (const auto& [known, member] : kCounters)
      if (name == known) counters_.*member = value;
  families_.set_held(counters_.held != 0);
  set_drained(state->drained);
  const auto tally = tally_.load(store_, state->drained);
  if (!tally) return tally.error();
  return families_.load(state->families);
}

core::Result<bool> Shard::step() {
  if (done_) return false;
  if (unsaved_) {
    const auto committed = commit();
    if (!committed) return committed.error();
  }
  const bool popped = pop();
  const bool drained = drain();
  waiting_.store(agenda_.size(), std::memory_order_relaxed);
  if (commit_is_due(!popped && !drained)) {
    const auto committed = commit();
    if (!committed) return committed.error();
    done_ = finished_;
    return true;
  }
  return popped || drained;
}

bool Shard::pop() {
  bool popped = false;
  core::Record record;
  for (size_t i = 0; i < inlets_.size(); ++i) {
    const bool crowded = agenda_.size() >= spec_.records_max;
    if (crowded && progress_.smallest(i) > progress_.smallest()) continue;
    size_t n = 0;
    for (; n < kPopsAtOnce && inlets_[i].link->ring.pop(record); ++n) take(i, record);
    if (n == 0) continue;
    popped = true;
    work_ += n;
    inlets_[i].link->lane_bell.ring();
  }
  return popped;
}

void Shard::take(size_t inlet, core::Record& record) {
  if (const auto* mark = std::get_if<core::Mark>(&record.what)) {
    progress_.take(inlet, record.stream, *mark);
  } else if (Agenda::time_of(record) < drained()) {
    ++counters_.repeated;
  } else {
    agenda_.add(std::move(record));
  }
}

// Whether anything took effect.
bool Shard::drain() {
  if (finished_) return false;
  Time to = progress_.smallest();
  if (progress_.ended()) to = std::max(progress_.ended_at(), spec_.until) + core::Millis(1);
  if (to <= drained()) {
    finished_ = progress_.ended();
    return finished_;
  }
  for (auto records = agenda_.take_before(to); !records.empty(); records = agenda_.take_before(to))
    for (core::Record& record : records) apply(record);
  families_.run_deadlines(to, decided_);
  set_drained(to);
  finished_ = progress_.ended();
  return true;
}

void Shard::apply(core::Record& record) {
  families_.run_deadlines(Agenda::time_of(record), decided_);
  if (const auto* signal = std::get_if<core::Signal>(&record.what)) {
    observe(*signal);
  } else if (const auto* act = std::get_if<core::ActRecord>(&record.what)) {
    counters_.acts += families_.act(*act, decided_) ? 1 : 0;
    if (act->sequence > 0) counters_.journal_sequence = static_cast<int64_t>(act->sequence);
  } else if (const auto* recall = std::get_if<core::Recall>(&record.what)) {
    families_.recall(*recall);
    ++counters_.recalls;
  } else if (const auto* hold = std::get_if<core::Hold>(&record.what)) {
    families_.hold(hold->held, hold->at);
    counters_.held = hold->held ? 1 : 0;
    counters_.journal_sequence = static_cast<int64_t>(hold->sequence);
  }
}

// A signal of shadows alone is none for the families; of a message that comes again nothing is
// counted twice.
void Shard::observe(const core::Signal& signal) {
  const bool fresh = signal.shadow_only() || families_.observe(signal, decided_);
  if (!signal.shadow_only()) ++counters_.signals;
  if (!fresh) return;
  const uint64_t dropped = tally_.dropped();
  tally_.take(signal, policies_.at(signal.at).limits.zone_offset_minutes);
  counters_.tally_dropped += static_cast<int64_t>(tally_.dropped() - dropped);
}

void Shard::set_drained(Time at) { drained_.store(core::to_ms(at), std::memory_order_release); }

bool Shard::commit_is_due(bool idle) const {
  if (finished_) return true;
  if (work_ >= spec_.commit_every) return true;
  if (!spec_.live) return false;
  return !empty(decided_) ||
         (idle && work_ > 0 && (families_.any_changed() || tally_.any_changed()));
}

core::Checkpoint Shard::checkpoint() {
  core::Checkpoint c;
  c.shard = spec_.index;
  c.fence = fence_;
  c.drained = drained();
  c.streams = progress_.new_restart_states(c.drained);
  c.families = families_.changed(c.drained);
  counters_.families_dropped = static_cast<int64_t>(families_.dropped());
  for (const auto& [name, member] : kCounters) c.counters.emplace_back(name, counters_.*member);
  for (const auto& change : decided_.changes) c.ledger.push_back(ledger_line(change));
  for (const auto& n : decided_.notifications) c.ledger.push_back(ledger_line(n));
  for (const auto& refusal : decided_.refusals) c.ledger.push_back(ledger_line(refusal));
  for (const auto& entry : decided_.entries) c.ledger.push_back(ledger_line(entry));
  c.slots = decided_.slots;
  for (core::Slot& slot : tally_.changed()) c.slots.push_back(std::move(slot));
  if (!spec_.live) return c;
  for (const auto& n : decided_.notifications)
    c.outbox.push_back({n.id, n.channel + " " + n.incident.incident, n.at, core::encode(n)});
  return c;
}

core::Result<core::Unit> Shard::commit() {
  if (!unsaved_) unsaved_ = checkpoint();
  const auto committed = store_.commit(*unsaved_);
  if (!committed) return committed.error();
  unsaved_.reset();
  work_ = 0;
  dropped_.families.set(families_.dropped());
  dropped_.evidence.set(families_.evidence_dropped() + tally_.dropped());
  dropped_.repeated.set(static_cast<uint64_t>(counters_.repeated));
  if (publish_ && !empty(decided_)) publish_(decided_);
  decided_ = {};
  return core::Unit{};
}

}  // namespace engine
