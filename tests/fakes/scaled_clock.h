#pragma once
// A clock that several processes share and that runs faster than the world (DESIGN 11.15): made of
// the machine's steady clock and three numbers that the processes give each other.
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "core/clock.h"

namespace fakes {

class ScaledClock final : public core::Clock {
 public:
  // At `from_ns` of the steady clock it was `from`.
  ScaledClock(core::Time from, int64_t from_ns, int64_t speed)
      : from_(from), from_ns_(from_ns), speed_(speed) {}

  core::Time wall() override {
    return from_ + core::Millis((now_ns() - from_ns_) * speed_ / 1'000'000);
  }
  // At least a millisecond of the world.
  void wait(core::Millis d) override {
    ::poll(nullptr, 0, static_cast<int>(std::max<int64_t>(1, d.count() / speed_)));
  }
  static int64_t now_ns() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  }

 private:
  core::Time from_;
  int64_t from_ns_, speed_;
};

}  // namespace fakes
