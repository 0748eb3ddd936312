#pragma once
// Batch: events and marks on their way from a reader to a lane, in order. BatchLink is the bounded
// way itself: full batches go forward, emptied ones come back, so that in steady state nothing is
// allocated.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/record.h"
#include "core/ring.h"
#include "engine/doorbell.h"

namespace engine {

class Batch {
 public:
  struct MarkAt {
    size_t before = 0;  // it stands in front of event number `before`
    uint32_t stream = 0;
    core::Mark mark;
  };

  // Takes the event of a stream by swapping slots: `event` gets an old one, to be cleared and
  // reused.
  void push(core::EventSlot& event, uint32_t stream = 0) {
    if (size_ == events_.size()) {
      events_.push_back(std::make_unique<core::Event>());
      streams_.push_back(0);
    }
    streams_[size_] = stream;
    std::swap(events_[size_++], event);
  }
  // Of several marks of a stream without an event between them only the last one says anything.
  void push(uint32_t stream, const core::Mark& mark) {
    for (auto it = marks_.rbegin(); it != marks_.rend() && it->before == size_; ++it) {
      if (it->stream != stream) continue;
      const auto restart = mark.restart ? mark.restart : it->mark.restart;
      it->mark = mark;
      it->mark.restart = restart;
      return;
    }
    marks_.push_back({size_, stream, mark});
  }
  void clear() {
    size_ = 0;
    marks_.clear();
  }

  bool empty() const { return size_ == 0 && marks_.empty(); }
  size_t size() const { return size_; }  // events
  core::Event& event(size_t i) { return *events_[i]; }
  // To be swapped with another slot, never emptied.
  core::EventSlot& slot(size_t i) { return events_[i]; }
  uint32_t stream(size_t i) const { return streams_[i]; }  // of event i
  const std::vector<MarkAt>& marks() const { return marks_; }
  // The largest time of any event or mark in it; kTimeMin when it is empty.
  core::Time newest() const {
    core::Time newest = core::kTimeMin;
    for (size_t i = 0; i < size_; ++i) newest = std::max(newest, events_[i]->at);
    for (const MarkAt& mark : marks_) newest = std::max(newest, mark.mark.at);
    return newest;
  }

 private:
  std::vector<core::EventSlot> events_;
  std::vector<uint32_t> streams_;  // of the events
  size_t size_ = 0;
  std::vector<MarkAt> marks_;
};

struct BatchLink {
  explicit BatchLink(size_t batches, Doorbell& lane, Doorbell& reader)
      : full(batches), empty(batches + 1), lane_bell(lane), reader_bell(reader) {}

  core::Ring<std::unique_ptr<Batch>> full, empty;
  Doorbell& lane_bell;    // rung by the reader: there is a full one
  Doorbell& reader_bell;  // rung by the lane: there is an empty one
};

}  // namespace engine
