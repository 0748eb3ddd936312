#pragma once
// Pacer: lets a source of the past be read as fast as it happened, times the clock's speed: the
// story of the quick start. Owned by the reader's thread.
#include "core/clock.h"
#include "engine/reader.h"

namespace engine {

class Pacer {
 public:
  explicit Pacer(core::Clock& clock) : clock_(clock) {}

  // Events published later than this are to wait. The first event that is seen sets the beginning.
  core::Time until(const Reader& reader);

 private:
  core::Clock& clock_;
  core::Time first_ = core::kTimeMin, first_wall_{};
};

}  // namespace engine
