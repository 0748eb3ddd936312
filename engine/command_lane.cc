#include "engine/command_lane.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/check.h"
#include "core/log.h"

namespace engine {

namespace {

using core::Time;

constexpr size_t kRequestsAtOnce = 64;
constexpr size_t kJournalAtOnce = 1024;
constexpr size_t kQueuedMax = 4096;  // more requests wait in the store
constexpr uint64_t kVersion = 2;

}  // namespace

std::string encode(const core::Act& act) {
  core::ByteWriter out;
  out.u64(kVersion);
  for (const std::string* s : {&act.what, &act.incident, &act.notification, &act.by, &act.option,
                               &act.because, &act.door, &act.value})
    out.str(*s);
  out.u64(act.revision);
  return out.take();
}

bool decode(std::string_view bytes, core::Act& act) {
  core::ByteReader in(bytes);
  const uint64_t version = in.u64();
  if (version < 1 || version > kVersion) return false;
  for (std::string* s :
       {&act.what, &act.incident, &act.notification, &act.by, &act.option, &act.because, &act.door})
    *s = in.str();
  if (version >= 2) {
    act.value = in.str();
    act.revision = static_cast<uint32_t>(in.u64());
  }
  return in.ok() && in.at_end();
}

std::string encode_hold(bool held) { return held ? "held" : "caught_up"; }

CommandLane::CommandLane(core::Store& store, uint32_t stream, std::vector<Link*> outlets)
    : store_(store), stream_(stream), outlets_(std::move(outlets)), next_(outlets_.size(), 0) {}

core::Result<core::Record> CommandLane::record_of(const core::JournalEntry& entry) {
  if (entry.kind == "hold")
    return core::Record{0, core::Hold{entry.at, entry.sequence, entry.bytes == encode_hold(true)}};
  core::ActRecord record;
  record.at = entry.at;
  record.sequence = entry.sequence;
  record.kind = entry.kind == "outcome" ? core::Kind::Outcome : core::Kind::Command;
  if (!decode(entry.bytes, record.act))
    return core::Error{core::Code::BadSettings, "journal entry " + std::to_string(entry.sequence) +
                                                    " has an unknown layout"};
  return core::Record{0, std::move(record)};
}

core::Result<core::Unit> CommandLane::start(uint64_t sequence, Time from) {
  const std::lock_guard lock(mutex_);
  mark_ = from;
  for (;;) {
    const auto entries = store_.journal(sequence, kJournalAtOnce);
    if (!entries) return entries.error();
    for (const core::JournalEntry& entry : *entries) {
      auto record = record_of(entry);
      if (!record) return record.error();
      if (const auto* hold = std::get_if<core::Hold>(&record->what)) repeated_hold_ = hold->held;
      queued_.push_back(std::move(*record));
      sequence = entry.sequence;
      mark_ = std::max(mark_, entry.at);
    }
    if (entries->size() < kJournalAtOnce) return core::Unit{};
  }
}

core::Result<size_t> CommandLane::take_requests() {
  const auto requests = store_.requests(kRequestsAtOnce);
  if (!requests) return requests.error();
  const std::lock_guard lock(mutex_);
  if (mark_ == core::kTimeMin) return size_t{0};  // there is no time yet to stamp them with
  if (queued_.size() >= kQueuedMax) return size_t{0};
  for (const auto& [id, bytes] : *requests) {
    core::ActRecord record;
    record.at = mark_;
    record.id = id;
    core::JournalEntry entry{0, "command", mark_, bytes};
    if (!decode(bytes, record.act)) {
      core::log(core::LogLevel::Warning, "request " + id + " has an unknown layout: ignored");
      ++counters_.refused_requests;
      entry.bytes = encode(core::Act{});  // journalled as an act on nothing, so that it is gone
    }
    const auto sequence = store_.accept(id, entry);
    if (!sequence) return sequence.error();
    if (*sequence == 0) continue;  // another process took it
    record.sequence = *sequence;
    ++counters_.commands;
    queued_.push_back({0, std::move(record)});
  }
  return requests->size();
}

core::Result<core::Unit> CommandLane::conclude(const std::string& notification,
                                               const core::OutboxState& state,
                                               const core::Act& act) {
  const std::lock_guard lock(mutex_);
  core::JournalEntry entry{0, "outcome", mark_, encode(act)};
  const auto sequence = store_.settle(notification, state, entry);
  if (!sequence) return sequence.error();
  ++counters_.outcomes;
  queued_.push_back({0, core::ActRecord{mark_, *sequence, core::Kind::Outcome, notification, act}});
  return core::Unit{};
}

core::Result<core::Unit> CommandLane::hold(bool held) {
  const std::lock_guard lock(mutex_);
  const Time at = std::max(mark_, Time{});  // Time{}: before all events, when there is no time yet
  const auto sequence = store_.append({0, "hold", at, encode_hold(held)});
  if (!sequence) return sequence.error();
  queued_.push_back({0, core::Hold{at, *sequence, held}});
  return core::Unit{};
}

void CommandLane::advance(Time to) {
  const std::lock_guard lock(mutex_);
  if (to <= mark_ || to == core::kTimeMax) to = mark_;
  mark_ = to;
  if (mark_ <= announced_) return;
  announced_ = mark_;
  // Shards that stand still must not make the queue grow: one mark that nobody has yet is enough.
  const bool waits = !queued_.empty() &&
                     std::ranges::all_of(next_, [&](size_t n) { return n < queued_.size(); }) &&
                     std::holds_alternative<core::Mark>(queued_.back().what);
  if (waits) queued_.pop_back();
  queued_.push_back({stream_, core::Mark{mark_, false, nullptr}});
}

void CommandLane::end(Time at) {
  const std::lock_guard lock(mutex_);
  mark_ = std::max(mark_, at);
  queued_.push_back({stream_, core::Mark{mark_, true, nullptr}});
}

bool CommandLane::flush() {
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < outlets_.size(); ++i) {
    const size_t before = next_[i];
    for (; next_[i] < queued_.size(); ++next_[i]) {
      core::Record copy = queued_[next_[i]];
      if (!outlets_[i]->ring.push(copy)) break;
    }
    if (next_[i] != before) outlets_[i]->shard_bell.ring();
  }
  const size_t gone = next_.empty() ? queued_.size() : *std::ranges::min_element(next_);
  queued_.erase(queued_.begin(), queued_.begin() + static_cast<ptrdiff_t>(gone));
  for (size_t& next : next_) next -= gone;
  return queued_.empty();
}

std::optional<bool> CommandLane::repeated_hold() const {
  const std::lock_guard lock(mutex_);
  return repeated_hold_;
}

Time CommandLane::mark() const {
  const std::lock_guard lock(mutex_);
  return mark_;
}

CommandCounters CommandLane::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace engine
