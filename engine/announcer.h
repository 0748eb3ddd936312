#pragma once
// Announcer: what a live system says when no message does (DESIGN 11.2). An idle stream follows the
// smallest mark of the busy ones; when all are idle, time follows the wall clock from the newest
// event on. Every announcement is in the store before any shard sees it, so that a restart or a
// replay repeats it. Owned by one reader's thread.
#include <vector>

#include "core/clock.h"
#include "core/store.h"
#include "engine/mark_board.h"
#include "engine/reader.h"

namespace engine {

struct AnnouncerSpec {
  core::Millis lateness{5'000};
  core::Millis lag_max{60'000};  // without data for so long a stream does not hold the others back,
                                 // behind its end or not
  core::Millis every{50};        // at most so often: each time is a transaction
  std::vector<std::string> stream_names;  // of the reader's partitions
};

class Announcer {
 public:
  Announcer(AnnouncerSpec spec, core::Clock& clock, core::Store& store, const MarkBoard& board);

  // To be called after every step of the reader. Unavailable: nothing was announced, try again.
  core::Result<core::Unit> consider(Reader& reader);

 private:
  core::Time target();
  bool idle(Reader& reader, uint32_t partition, core::Time wall);
  bool begins(const Reader& reader, uint32_t partition, core::Time wall) const;

  AnnouncerSpec spec_;
  core::Clock& clock_;
  core::Store& store_;
  const MarkBoard& board_;
  // The newest event of all, and when it was first seen.
  core::Time newest_ = core::kTimeMin, newest_wall_{};
  bool resumed_ = false;  // what was announced before a restart has been taken up
  core::Time announced_wall_{};
  struct Progress {
    int64_t next = -1;
    core::Time wall{};
  };
  std::vector<Progress> progress_;  // per partition: the last position, and since when
};

}  // namespace engine
