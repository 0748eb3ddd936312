#pragma once
// A clock that stands still until the test moves it. Any thread may read it: the fake servers tell
// the courier's time, so that quotas are kept on one time line.
#include <atomic>

#include "core/clock.h"

namespace fakes {

inline constexpr core::Time kStart = core::from_ms(1'773'129'600'000);  // 2026-03-10 16:00 Beijing

class FakeClock final : public core::Clock {
 public:
  core::Time wall() override { return core::from_ms(ms_.load()); }
  void wait(core::Millis d) override { advance(d); }
  void advance(core::Millis d) { ms_ += d.count(); }

 private:
  std::atomic<int64_t> ms_ = core::to_ms(kStart);
};

}  // namespace fakes
