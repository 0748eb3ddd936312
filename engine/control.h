#pragma once
// Control: what the main thread of a running system does between its looks at the clock: takes
// requests of other processes, moves the command lane's mark, holds people's deadlines while
// sources catch up (DESIGN 11.2), and sees when everything is over. Owned by the main thread.
#include <optional>

#include "core/clock.h"
#include "engine/pipeline.h"

namespace engine {

struct ControlSpec {
  core::Millis lateness{5'000};
  core::Millis lag_max{60'000};  // behind for so long: deadlines are held
  std::vector<uint32_t> paced;   // streams that are read as fast as they happened are never behind
  bool until_end = false;        // when all sources have ended and everybody was told: end
};

class Control {
 public:
  Control(ControlSpec spec, Pipeline& pipeline, core::Store& store, core::Clock& clock);

  // Unavailable: try again at the next tick.
  core::Result<core::Unit> tick();
  bool held() const { return held_; }

 private:
  core::Time target();
  core::Result<core::Unit> hold_if_behind(bool is_behind);
  core::Result<core::Unit> set_hold(bool hold);
  core::Result<core::Unit> end_if_over();
  bool behind() const;

  ControlSpec spec_;
  Pipeline& pipeline_;
  core::Store& store_;
  core::Clock& clock_;
  core::Time caught_up_wall_;
  bool began_ = false;  // the first hold is journalled, or there is nothing to catch up with
  bool held_ = false, ending_ = false;
  std::optional<core::Time> ended_wall_;  // since when all sources have ended
};

}  // namespace engine
