#include "engine/stream.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/check.h"

namespace engine {

namespace {

using core::Time;

constexpr uint64_t kVersion = 1;
constexpr core::Millis kMarkStep{1000};
// A restart point costs a string for each shard and a commit for each lane (engine/replies.h); one
// in this many messages, or minutes of event time, is enough: what is read twice after a crash is
// dropped by the shards in microseconds.
constexpr uint32_t kPointMessages = 4'096;
constexpr core::Millis kPointStep{10 * 60'000};

}  // namespace

bool Stream::far_ahead(Time published, int64_t broker_ms) const {
  if (knows_time() && published <= known() + limits_.future_max) return false;
  const bool believed = broker_ms >= 0 && std::chrono::abs(published - core::from_ms(broker_ms)) <=
                                              limits_.broker_tolerance;
  return !believed;
}

void Stream::take(core::EventSlot& event, int64_t offset, uint32_t index, int64_t broker_ms,
                  StreamSink& sink) {
  const Time published = event->published;
  for (Waiting& w : waiting_) {
    ++w.seen;
    if (published >= w.published - limits_.future_max) ++w.confirmed;
  }
  if (far_ahead(published, broker_ms)) {
    waiting_.emplace_back();
    Waiting& w = waiting_.back();
    std::swap(w.event, event);
    w.published = published;
    w.offset = offset;
    w.index = index;
  } else {
    accept(event, offset, index, sink);
  }
  settle(sink);
}

void Stream::accept(core::EventSlot& event, int64_t offset, uint32_t index, StreamSink& sink) {
  const bool late = event->published < mark_;
  if (late && event->published < mark_ - limits_.age_max) {
    ++counters_.refused;
    return sink.refuse(*event, offset, index,
                       "too_old: older than the allowed age behind the stream");
  }
  event->at = late ? mark_ : event->published;
  counters_.late += late ? 1 : 0;
  ++counters_.accepted;
  newest_ = std::max(newest_, event->at);
  first_ = std::min(first_, event->at);
  sink.accept(event);
  advance(core::floor_to(newest_ - limits_.lateness, kMarkStep), sink);
}

// Accepting one that waited can settle others, so it begins again after each.
void Stream::settle(StreamSink& sink) {
  for (size_t i = 0; i < waiting_.size();) i = settle_one(i, sink) ? 0 : i + 1;
}

// Whether waiting_[i] was accepted or refused.
bool Stream::settle_one(size_t i, StreamSink& sink) {
  Waiting& w = waiting_[i];
  const bool near = knows_time() && w.published <= known() + limits_.future_max;
  const bool given_up = w.seen >= limits_.confirm_within;
  if (!near && w.confirmed < limits_.confirmations && !given_up) return false;
  Waiting taken = std::move(w);
  waiting_.erase(waiting_.begin() + static_cast<ptrdiff_t>(i));
  if (near || taken.confirmed >= limits_.confirmations) {
    accept(taken.event, taken.offset, taken.index, sink);
  } else {
    ++counters_.refused;
    sink.refuse(*taken.event, taken.offset, taken.index,
                "future: more than a day ahead of the stream");
  }
  return true;
}

// Nothing more will confirm the first event: it is believed unless a later one lies far before it.
void Stream::settle_first(StreamSink& sink) {
  while (!knows_time() && !waiting_.empty()) {
    Waiting taken = std::move(waiting_.front());
    waiting_.pop_front();
    const bool doubted = std::ranges::any_of(waiting_, [&](const Waiting& later) {
      return later.published < taken.published - limits_.future_max;
    });
    if (!doubted) {
      accept(taken.event, taken.offset, taken.index, sink);
    } else {
      ++counters_.refused;
      sink.refuse(*taken.event, taken.offset, taken.index,
                  "future: a later event lies a day before it");
    }
  }
  settle(sink);
}

void Stream::advance(Time at, StreamSink& sink) {
  if (at <= mark_) return;
  mark_ = at;
  sink.mark({mark_, false, nullptr});
}

void Stream::announce(Time at, StreamSink& sink) {
  settle_first(sink);
  advance(core::floor_to(at, kMarkStep), sink);
}

void Stream::end(StreamSink& sink) {
  settle_first(sink);
  for (Waiting& w : waiting_) {
    ++counters_.refused;
    sink.refuse(*w.event, w.offset, w.index, "future: more than a day ahead of the stream");
  }
  waiting_.clear();
  sink.mark({known(), true, nullptr});
}

void Stream::passed(int64_t next, StreamSink& sink) {
  next_ = next;
  ++since_point_;
  if (mark_ <= point_at_) return;
  const bool due = point_at_ == core::kTimeMin || since_point_ >= kPointMessages ||
                   mark_ - point_at_ >= kPointStep;
  if (!due) return;
  point_at_ = mark_;
  since_point_ = 0;
  sink.mark(
      {mark_, false, std::make_shared<core::RestartPoint>(core::RestartPoint{newest_, state()})});
}

Time Stream::latest_waiting() const {
  Time latest = core::kTimeMin;
  for (const Waiting& w : waiting_) latest = std::max(latest, w.published);
  return latest;
}

std::string Stream::state() const {
  core::ByteWriter out;
  out.u64(kVersion);
  out.i64(next_);
  for (const Time t : {mark_, newest_, first_}) out.time(t);
  for (const uint64_t n : {counters_.accepted, counters_.late, counters_.refused}) out.u64(n);
  out.u64(waiting_.size());
  for (const Waiting& w : waiting_) {
    out.i64(w.offset);
    out.u64(w.index);
    out.time(w.published);
    out.u64(w.seen);
    out.u64(w.confirmed);
  }
  return out.take();
}

core::Result<core::Unit> Stream::restart(std::string_view state) {
  core::ByteReader in(state);
  const bool known_version = in.u64() == kVersion;
  next_ = in.i64();
  for (Time* t : {&mark_, &newest_, &first_}) *t = in.time();
  for (uint64_t* n : {&counters_.accepted, &counters_.late, &counters_.refused}) *n = in.u64();
  waiting_.resize(in.count());
  for (Waiting& w : waiting_) {
    w.offset = in.i64();
    w.index = static_cast<uint32_t>(in.u64());
    w.published = in.time();
    w.seen = static_cast<uint32_t>(in.u64());
    w.confirmed = static_cast<uint32_t>(in.u64());
  }
  point_at_ = mark_;
  if (known_version && in.ok() && in.at_end()) return core::Unit{};
  return core::Error{core::Code::BadInput, "a stream's stored state has an unknown layout"};
}

int64_t Stream::next_of(std::string_view state) {
  core::ByteReader in(state);
  if (in.u64() != kVersion) return -1;
  const int64_t next = in.i64();
  return in.ok() ? next : -1;
}

int64_t Stream::read_from() const {
  int64_t from = next_;
  for (const Waiting& w : waiting_) from = std::min(from, w.offset);
  return from;
}

Stream::Seen Stream::seen(int64_t offset) const {
  if (offset >= next_) return Seen::No;
  const bool waits =
      std::ranges::any_of(waiting_, [&](const Waiting& w) { return w.offset == offset; });
  return waits ? Seen::Waits : Seen::Dealt;
}

void Stream::take_again(core::EventSlot& event, int64_t offset, uint32_t index) {
  for (Waiting& w : waiting_)
    if (w.offset == offset && w.index == index) std::swap(w.event, event);
}

}  // namespace engine
