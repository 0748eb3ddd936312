#pragma once
// Ceiling: how a Book comes into force at one event time T for all lanes, without a lock
// (DESIGN 11.8). Before a lane judges anything it says how far it will go, then looks at the
// ceiling; whoever wants a new Book in force lowers the ceiling to T, then looks how far the lanes
// have gone. Both are one total order, so either the lane sees the ceiling and waits in front of T
// for the Book, or the other one sees the lane beyond T and takes a later T.
#include <atomic>
#include <memory>

#include "core/ring.h"
#include "core/time.h"
#include "rules/book.h"

namespace engine {

// Shared by all lanes; raised and lowered by the control thread.
class Ceiling {
 public:
  void set(core::Time at) { at_.store(core::to_ms(at)); }
  core::Time at() const { return core::from_ms(at_.load()); }

 private:
  std::atomic<int64_t> at_{core::to_ms(core::kTimeMax)};
};

// A lane's own way to use a Book, in force from `from` on.
struct DatedJudge {
  core::Time from{};
  std::unique_ptr<rules::Judge> judge;
};

inline constexpr size_t kJudgesWaitingMax = 4;  // on their way to a lane
// Of a lane: the one in force and those that hold for what may still come. While there are so many,
// no other Book is put in force.
inline constexpr size_t kJudgesMax = 16;

// What a lane and the control thread tell each other.
struct LaneMail {
  std::atomic<int64_t> newest{core::to_ms(core::kTimeMin)};  // it judges nothing later
  std::atomic<size_t> judges{0};                             // it has so many
  core::Ring<DatedJudge> incoming{kJudgesWaitingMax};
  // No longer needed: to be freed where nobody waits for it.
  core::Ring<DatedJudge> outgoing{kJudgesMax};
};

}  // namespace engine
