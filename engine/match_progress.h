#pragma once
// A line of progress on standard error while `qingyu match` reads a long file: only when that is a
// terminal and the matches do not go to it.
#include <chrono>
#include <cstdint>

#include "ingest/source.h"

namespace engine {

class MatchProgress {
 public:
  MatchProgress();
  // `read`: bytes of this file so far, -1: as before.
  void show(const ingest::Source& source, int64_t read, uint64_t messages);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool wanted_ = false, shown_ = false;
  int64_t read_ = 0;
  Clock::time_point start_, last_;
};

}  // namespace engine
