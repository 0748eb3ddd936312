#include "engine/courier_thread.h"

#include <pthread.h>

#include "core/log.h"

namespace engine {

namespace {

constexpr std::chrono::milliseconds kLookAgain{50};

}  // namespace

void CourierThread::start() { thread_ = std::thread(&CourierThread::work, this); }

void CourierThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  woken_.notify_one();
}

void CourierThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

alerting::CourierCounters CourierThread::counters() {
  const std::lock_guard lock(mutex_);
  return counters_;
}

void CourierThread::work() {
  pthread_setname_np(pthread_self(), "courier");
  for (;;) {
    const auto stepped = courier_.step();
    if (!stepped) core::log(core::LogLevel::Warning, "courier: " + stepped.error().message);
    std::unique_lock lock(mutex_);
    counters_ = courier_.counters();
    if (stepped && *stepped > 0 && !stopping_) continue;
    woken_.wait_for(lock, kLookAgain, [this] { return awake_ || stopping_; });
    awake_ = false;
    if (stopping_) return;
  }
}

}  // namespace engine
