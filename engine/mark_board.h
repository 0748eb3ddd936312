#pragma once
// MarkBoard: how far every stream of events has come, for all readers to see. Reading it never
// changes a ledger: it only says who waits for whom, and what an idle stream may announce
// (DESIGN 11.2). Any thread; atomics only, each stream is written by its own reader.
#include <algorithm>
#include <atomic>
#include <vector>

#include "core/time.h"

namespace engine {

class MarkBoard {
 public:
  enum class Going : uint8_t {
    Busy,   // more is there to read: the others wait for it
    Idle,   // read to its end, or stalled for too long: it follows the others
    Ended,  // nothing will ever come
  };

  explicit MarkBoard(size_t streams) : rows_(streams) {}

  // `lag`: messages or bytes behind the end, -1 unknown.
  void set(uint32_t stream, core::Time mark, core::Time newest, Going going, int64_t lag) {
    Row& row = rows_[stream];
    row.mark.store(core::to_ms(mark), std::memory_order_relaxed);
    row.newest.store(core::to_ms(newest), std::memory_order_relaxed);
    row.lag.store(lag, std::memory_order_relaxed);
    row.going.store(going, std::memory_order_release);
  }

  size_t streams() const { return rows_.size(); }
  core::Time mark(uint32_t stream) const {
    return core::from_ms(rows_[stream].mark.load(std::memory_order_relaxed));
  }
  int64_t lag(uint32_t stream) const { return rows_[stream].lag.load(std::memory_order_relaxed); }
  Going going(uint32_t stream) const { return rows_[stream].going.load(std::memory_order_acquire); }

  // The smallest mark of the busy streams; kTimeMax when none is busy.
  core::Time smallest_busy() const {
    core::Time smallest = core::kTimeMax;
    for (uint32_t i = 0; i < rows_.size(); ++i)
      if (going(i) == Going::Busy) smallest = std::min(smallest, mark(i));
    return smallest;
  }
  // The smallest mark of the streams that have not ended; kTimeMax when all have.
  core::Time smallest() const {
    core::Time smallest = core::kTimeMax;
    for (uint32_t i = 0; i < rows_.size(); ++i)
      if (going(i) != Going::Ended) smallest = std::min(smallest, mark(i));
    return smallest;
  }
  // The newest event of any stream; kTimeMin before the first.
  core::Time newest() const {
    core::Time newest = core::kTimeMin;
    for (const Row& row : rows_)
      newest = std::max(newest, core::from_ms(row.newest.load(std::memory_order_relaxed)));
    return newest;
  }
  // The largest mark of any stream; kTimeMin before the first.
  core::Time largest() const {
    core::Time largest = core::kTimeMin;
    for (uint32_t i = 0; i < rows_.size(); ++i) largest = std::max(largest, mark(i));
    return largest;
  }
  bool all_ended() const {
    for (uint32_t i = 0; i < rows_.size(); ++i)
      if (going(i) != Going::Ended) return false;
    return true;
  }

 private:
  struct Row {
    std::atomic<int64_t> mark{core::to_ms(core::kTimeMin)};
    std::atomic<int64_t> newest{core::to_ms(core::kTimeMin)};
    std::atomic<int64_t> lag{-1};
    std::atomic<Going> going{Going::Busy};
  };
  std::vector<Row> rows_;
};

}  // namespace engine
