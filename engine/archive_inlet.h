#pragma once
// ArchiveInlet: the bounded way of a lane's events to the archive's thread. Slots are swapped, so
// that nothing is copied; what has no room is counted and dropped, and no lane waits.
#include <memory>

#include "core/ring.h"
#include "engine/counter.h"
#include "engine/event_sink.h"

namespace engine {

class ArchiveInlet final : public EventSink {
 public:
  static constexpr size_t kEventsMax = 8'192;
  static constexpr uint64_t kBytesMax = 64 * 1024 * 1024;  // of their texts, about

  void take(core::EventSlot& event) override {
    const uint64_t size = size_of(*event);
    core::EventSlot spare;
    const bool room = put_.value() - taken_.value() + size <= kBytesMax &&
                      (back_.pop(spare) || made_ < kEventsMax);
    if (!room) return dropped_.add();
    if (spare == nullptr) {
      spare = std::make_unique<core::Event>();
      ++made_;
    }
    put_.add(size);
    full_.push(event);  // has room: no more slots are under way than it holds
    event = std::move(spare);
  }

  // The archive's thread: the next event, to be given back.
  bool pop(core::EventSlot& event) {
    if (!full_.pop(event)) return false;
    taken_.add(size_of(*event));
    return true;
  }
  void give_back(core::EventSlot& event) {
    if (event->text.capacity() > kCapacityMax) event->text = std::string();
    back_.push(event);
  }
  uint64_t dropped() const { return dropped_.value(); }  // any thread

 private:
  static constexpr size_t kCapacityMax = 16 * 1024;  // of a text that is kept for the next one
  static uint64_t size_of(const core::Event& event) { return event.text.size() + 256; }

  core::Ring<core::EventSlot> full_{kEventsMax}, back_{kEventsMax};
  size_t made_ = 0;      // slots under way; of the lane's thread
  Counter put_, taken_;  // bytes
  Counter dropped_;
};

}  // namespace engine
