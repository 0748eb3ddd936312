#pragma once
// Ring: a bounded queue between exactly one producer thread and one consumer thread. No locks; one
// release and one acquire an element. A full ring refuses: the producer stops, and the source keeps
// the data.
#include <atomic>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

namespace core {

template <typename T>
class Ring {
 public:
  // Holds at least `capacity` elements.
  explicit Ring(size_t capacity) : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // Producer only. Moves from `value` and returns true, or leaves it alone and returns false when
  // full.
  bool push(T& value) {
    const size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ == slots_.size()) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (tail - head_seen_ == slots_.size()) return false;
    }
    slots_[tail & mask_] = std::move(value);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer only. Returns false when empty.
  bool pop(T& value) {
    const size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_seen_) {
      tail_seen_ = tail_.load(std::memory_order_acquire);
      if (head == tail_seen_) return false;
    }
    value = std::move(slots_[head & mask_]);
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  // Any thread; a moment's view.
  size_t size() const {
    return tail_.load(std::memory_order_relaxed) - head_.load(std::memory_order_relaxed);
  }
  size_t capacity() const { return slots_.size(); }

 private:
  std::vector<T> slots_;
  const size_t mask_;
  alignas(64) std::atomic<size_t> head_{0};  // written by the consumer
  size_t tail_seen_ = 0;                     // the consumer's last look at tail_
  alignas(64) std::atomic<size_t> tail_{0};  // written by the producer
  size_t head_seen_ = 0;                     // the producer's last look at head_
};

}  // namespace core
