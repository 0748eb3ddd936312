#include "engine/system_clock.h"

#include <thread>

namespace engine {

namespace {

core::Time now() {
  return std::chrono::time_point_cast<core::Millis>(std::chrono::system_clock::now());
}

}  // namespace

SystemClock::SystemClock(double speed)
    : speed_(speed), start_wall_(now()), start_(std::chrono::steady_clock::now()) {}

// From the steady clock, so that it never goes back when the machine's time is set.
core::Time SystemClock::wall() {
  const std::chrono::duration<double, std::milli> passed =
      std::chrono::steady_clock::now() - start_;
  return start_wall_ + core::Millis(static_cast<int64_t>(passed.count() * speed_));
}

void SystemClock::wait(core::Millis d) {
  std::this_thread::sleep_for(
      std::chrono::duration<double, std::milli>(static_cast<double>(d.count()) / speed_));
}

}  // namespace engine
