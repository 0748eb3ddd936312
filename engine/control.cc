#include "engine/control.h"

#include <algorithm>

namespace engine {

namespace {

using core::Time;

constexpr core::Millis kSecond{1000};

}  // namespace

Control::Control(ControlSpec spec, Pipeline& pipeline, core::Store& store, core::Clock& clock)
    : spec_(std::move(spec)),
      pipeline_(pipeline),
      store_(store),
      clock_(clock),
      caught_up_wall_(clock.wall()) {
  for (const Shard& shard : pipeline_.shards()) held_ = held_ || shard.counters().held != 0;
  held_ = pipeline_.commands()->repeated_hold().value_or(held_);
  began_ = held_ || spec_.paced.size() == pipeline_.board().streams();
}

core::Result<core::Unit> Control::tick() {
  CommandLane& commands = *pipeline_.commands();
  const auto taken = commands.take_requests();
  const bool is_behind = behind();
  const auto held = hold_if_behind(is_behind);
  // Until the first hold is in the journal no shard may go on: it waits for this lane's mark.
  if (began_ && !ending_) commands.advance(target());
  const auto released = is_behind || !held_ ? core::Unit{} : set_hold(false);
  const auto ended = end_if_over();
  commands.flush();
  if (!taken) return taken.error();
  if (!held) return held.error();
  if (!released) return released.error();
  return ended;
}

// The command lane keeps back nobody: it follows the slowest stream, and the wall clock when all
// have ended.
Time Control::target() {
  const MarkBoard& board = pipeline_.board();
  if (!board.all_ended()) return board.smallest();
  if (board.newest() == core::kTimeMin) return core::kTimeMin;
  if (!ended_wall_) ended_wall_ = clock_.wall();
  const Time follows = board.newest() + (clock_.wall() - *ended_wall_) - spec_.lateness;
  // What came last must take effect even when time is not to go on.
  const Time last = core::floor_to(board.newest(), kSecond) + kSecond;
  return core::floor_to(spec_.until_end ? last : std::max(last, follows), kSecond);
}

bool Control::behind() const {
  const MarkBoard& board = pipeline_.board();
  for (uint32_t i = 0; i < board.streams(); ++i) {
    const bool paced = std::ranges::find(spec_.paced, i) != spec_.paced.end();
    if (!paced && board.going(i) == MarkBoard::Going::Busy) return true;
  }
  return false;
}

// Nobody is hurried while the program catches up: from its start, since nobody knows yet how much
// there is to read, and when it has been behind for long.
core::Result<core::Unit> Control::hold_if_behind(bool is_behind) {
  const Time wall = clock_.wall();
  if (!is_behind) caught_up_wall_ = wall;
  if (held_) return core::Unit{};
  const bool long_behind = is_behind && wall - caught_up_wall_ >= spec_.lag_max;
  if (began_ && !long_behind) return core::Unit{};
  const auto held = set_hold(true);
  began_ = began_ || held.ok();
  return held;
}

core::Result<core::Unit> Control::set_hold(bool hold) {
  const auto journalled = pipeline_.commands()->hold(hold);
  if (journalled) held_ = hold;
  return journalled;
}

// Everything that was decided has been told, so nothing more can come of it.
core::Result<core::Unit> Control::end_if_over() {
  const MarkBoard& board = pipeline_.board();
  if (!spec_.until_end || ending_ || !board.all_ended()) return core::Unit{};
  if (board.newest() != core::kTimeMin && pipeline_.drained() <= board.newest())
    return core::Unit{};
  const auto unsent = store_.pending(1);
  if (!unsent) return unsent.error();
  const auto requests = store_.requests(1);
  if (!requests) return requests.error();
  if (!unsent->empty() || !requests->empty()) return core::Unit{};
  ending_ = true;
  pipeline_.commands()->end(pipeline_.commands()->mark());
  return core::Unit{};
}

}  // namespace engine
