#pragma once
// Agenda: what a shard has heard and may not act on yet, because something older may still come.
// Records are kept by the second and put into their one total order when the second is over: time,
// then signals before acts before holds and recalls, then event id, then content (DESIGN 4.6, 7).
// Owned by one shard.
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "core/record.h"

namespace engine {

class Agenda {
 public:
  // REQUIRES: `record` is no mark.
  void add(core::Record record);
  // The records of the oldest second, in order, if it ends at or before `to`; else those of it that
  // are older than `to` when `to` lies inside of it. Empty when there is nothing older than `to`.
  std::vector<core::Record> take_before(core::Time to);

  size_t size() const { return size_; }
  static core::Time time_of(const core::Record& record);

 private:
  std::map<int64_t, std::vector<core::Record>> seconds_;
  size_t size_ = 0;
};

}  // namespace engine
