#pragma once
// Counter: one thread counts, any thread reads.
#include <atomic>
#include <cstdint>

namespace engine {

class Counter {
 public:
  void add(uint64_t n = 1) { set(value() + n); }
  void set(uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace engine
