#pragma once
// SystemClock: the one real clock. With a speed of N an hour of its time passes in 3600/N seconds,
// for the courier, quotas and announcements alike (DESIGN 11.15).
#include <chrono>

#include "core/clock.h"

namespace engine {

class SystemClock final : public core::Clock {
 public:
  explicit SystemClock(double speed = 1);
  core::Time wall() override;          // any thread
  void wait(core::Millis d) override;  // of this clock's time

 private:
  const double speed_;
  const core::Time start_wall_;
  const std::chrono::steady_clock::time_point start_;
};

}  // namespace engine
