#pragma once
// Growth: when an incident reached how many groups, for its doubling time. A curve of at most 512
// points, every group at first; when it is full every second point goes and from then on only
// every second group makes one: the half way point stays exact to 1/256 of the groups.
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace alerting {

class Growth {
 public:
  static constexpr size_t kPointsMax = 512;

  void reached(int64_t groups, core::Time at);  // REQUIRES: groups never go back
  // Minutes since half of `groups` were reached, at least 1; 0 for fewer than 4 groups or when no
  // new one came for an hour.
  int64_t doubling_minutes(int64_t groups, core::Time now) const;

  // Groups reached by `at`, as well as the points tell.
  int64_t groups_at(core::Time at) const;

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);  // REQUIRES: empty

 private:
  struct Point {
    int64_t groups;
    core::Time at;
  };
  std::vector<Point> points_;
  int64_t stride_ = 1;  // groups from one point to the next
  core::Time last_{};   // when the newest group came
};

}  // namespace alerting
