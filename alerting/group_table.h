#pragma once
// GroupTable: how many distinct groups an incident has reached, and in how many of them each of a
// few marks (an issue, a category) was seen. Exact up to 4,096 groups; above that it keeps the
// groups whose hash ends in k zero bits and counts each 2^k times (adaptive sampling: Flajolet
// 1990, standard error about 1.2/sqrt(4096) = 2 %), so that memory stays bounded.
#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.h"

namespace alerting {

class GroupTable {
 public:
  static constexpr size_t kRowsMax = 4'096;
  static constexpr size_t kMarks = 64;

  // Adds the group and its marks (one bit each). How many groups it stands for when it is new:
  // 1, or 2^k, or 0 when it was known or is not in the sample.
  int64_t add(uint64_t group, uint64_t marks);

  int64_t groups() const { return groups_; }  // never falls
  int64_t marked(size_t mark) const { return marked_[mark] << sampled_bits_; }
  bool has(uint64_t group, size_t mark) const;  // false for a group outside the sample

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);  // REQUIRES: empty

 private:
  struct Row {
    uint64_t group, marks;
  };

  bool in_sample(uint64_t group) const;
  void thin_out();
  void count_marks(uint64_t marks, int64_t step);

  std::vector<Row> rows_;  // sorted by group
  std::array<int64_t, kMarks> marked_{};
  uint32_t sampled_bits_ = 0;
  int64_t groups_ = 0;
};

}  // namespace alerting
