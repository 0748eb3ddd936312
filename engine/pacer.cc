#include "engine/pacer.h"

namespace engine {

core::Time Pacer::until(const Reader& reader) {
  const core::Time wall = clock_.wall();
  if (first_ == core::kTimeMin) {
    // After a restart the story goes on from where it was.
    const core::Time known = reader.partitions() > 0 ? reader.stream(0).newest() : core::kTimeMin;
    const core::Time next = known != core::kTimeMin ? known : reader.next_published();
    if (next == core::kTimeMax)
      return core::kTimeMin;  // nothing was looked at yet: hold everything
    first_ = next;
    first_wall_ = wall;
  }
  return first_ + (wall - first_wall_);
}

}  // namespace engine
