#pragma once
// EventSink: who wants a lane's events when the lane is done with them. The archive is one.
#include "core/event.h"

namespace engine {

class EventSink {
 public:
  virtual ~EventSink() = default;
  // An event that was masked and judged, no act. May be swapped for another slot, whose content
  // does not matter; never waits. The lane's thread.
  virtual void take(core::EventSlot& event) = 0;
};

}  // namespace engine
