#pragma once
// Doorbell: how one thread sleeps until another has given it work, without a lock and without
// waking for nothing. Any thread rings; one thread waits. What was written before ring() is seen
// after the wait() that it ended.
#include <atomic>
#include <cstdint>

namespace engine {

class Doorbell {
 public:
  void ring() {
    rings_.fetch_add(1, std::memory_order_release);
    rings_.notify_one();
  }
  // A number to hand to wait(): taken before looking for work, so that work given meanwhile is not
  // slept over.
  uint32_t listen() const { return rings_.load(std::memory_order_acquire); }
  void wait(uint32_t heard) const { rings_.wait(heard, std::memory_order_acquire); }

 private:
  std::atomic<uint32_t> rings_{0};
};

}  // namespace engine
