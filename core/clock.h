#pragma once
// Seam 5: the wall clock. Only a source (to announce on an idle lane) and the courier (to retry)
// may look at one; everything else is told the time by its records.
#include "core/time.h"

namespace core {

class Clock {
 public:
  virtual ~Clock() = default;
  // Wall time, scaled by --speed where one is set. Never goes backwards.
  virtual Time wall() = 0;
  // Waits about `d` of this clock's time, or less when interrupted by the owner.
  virtual void wait(Millis d) = 0;
};

}  // namespace core
