#pragma once
// Queue: first in, first out, in one block of memory. Elements are numbered as they come, from 0,
// and keep their number while others leave, so that an index can point at them.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace detectors {

template <typename T>
class Queue {
 public:
  bool empty() const { return head_ == items_.size(); }
  size_t size() const { return items_.size() - head_; }
  uint64_t first() const { return dropped_ + head_; }  // number of the oldest
  uint64_t next() const { return dropped_ + items_.size(); }

  void push(T item) { items_.push_back(std::move(item)); }
  // REQUIRES: !empty().
  void pop() {
    items_[head_++] = T();  // gives back what it holds
    if (head_ * 2 < items_.size()) return;
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
    dropped_ += head_;
    head_ = 0;
  }
  const T& front() const { return items_[head_]; }  // REQUIRES: !empty()

  // REQUIRES: first() <= number < next(). Numbers may be given modulo 2^32.
  T& at(uint32_t number) { return items_[number - static_cast<uint32_t>(dropped_)]; }
  const T& at(uint32_t number) const { return items_[number - static_cast<uint32_t>(dropped_)]; }

  auto begin() const { return items_.begin() + static_cast<std::ptrdiff_t>(head_); }
  auto end() const { return items_.end(); }

 private:
  std::vector<T> items_;  // from head_ on; the part before it is waste
  size_t head_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace detectors
