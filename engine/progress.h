#pragma once
// Progress: how far the streams have come as one shard hears it - their marks by every way in - and
// from where each stream would have to be read again (DESIGN 4.6, 6). Owned by one shard.
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/record.h"

namespace engine {

class Progress {
 public:
  // `names` of all streams by id; `inlets[i]`: which of them come through inlet i. Every stream has
  // an inlet.
  Progress(std::vector<std::string> names, const std::vector<std::vector<uint32_t>>& inlets);

  void take(size_t inlet, uint32_t stream, const core::Mark& mark);

  // Nothing older than this will come: by any inlet, or by one. kTimeMin before all have announced.
  core::Time smallest() const { return smallest_; }
  core::Time smallest(size_t inlet) const;
  bool ended() const { return going_ == 0; }         // all streams, by all their inlets
  core::Time ended_at() const { return ended_at_; }  // the latest time that any stream knew

  // (name, state) of each stream whose newest restart point behind `drained` has changed since the
  // last call.
  std::vector<std::pair<std::string, std::string>> new_restart_states(core::Time drained);

 private:
  struct Row {
    std::string name;
    std::deque<std::shared_ptr<const core::RestartPoint>> points;  // ascending
    size_t first_inlet = 0;  // points are taken from one inlet: all inlets tell of the same
  };

  core::Time& mark(size_t inlet, uint32_t stream) { return marks_[inlet * rows_.size() + stream]; }
  void find_smallest();

  std::vector<Row> rows_;
  // Inlet-major; kTimeMax where a stream does not come, or has ended.
  std::vector<core::Time> marks_;
  core::Time smallest_ = core::kTimeMin, ended_at_ = core::kTimeMin;
  size_t going_ = 0;
};

}  // namespace engine
