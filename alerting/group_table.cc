#include "alerting/group_table.h"

#include <algorithm>

#include "alerting/saved.h"
#include "core/hash.h"

namespace alerting {

namespace {

constexpr uint64_t kSampleTag = 1;
constexpr uint32_t kSampledBitsMax = 40;

}  // namespace

int64_t GroupTable::add(uint64_t group, uint64_t marks) {
  if (!in_sample(group)) return 0;
  const auto row = std::ranges::lower_bound(rows_, group, {}, &Row::group);
  if (row != rows_.end() && row->group == group) {
    count_marks(marks & ~row->marks, 1);
    row->marks |= marks;
    return 0;
  }
  const int64_t stands_for = int64_t{1} << sampled_bits_;
  rows_.insert(row, {group, marks});
  count_marks(marks, 1);
  if (rows_.size() > kRowsMax) thin_out();
  groups_ = std::max(groups_, static_cast<int64_t>(rows_.size()) << sampled_bits_);
  return stands_for;
}

bool GroupTable::has(uint64_t group, size_t mark) const {
  const auto row = std::ranges::lower_bound(rows_, group, {}, &Row::group);
  return row != rows_.end() && row->group == group && (row->marks >> mark & 1) != 0;
}

bool GroupTable::in_sample(uint64_t group) const {
  return (core::hash_mix(kSampleTag, group) & ((uint64_t{1} << sampled_bits_) - 1)) == 0;
}

void GroupTable::thin_out() {
  while (rows_.size() > kRowsMax && sampled_bits_ < kSampledBitsMax) {
    ++sampled_bits_;
    std::erase_if(rows_, [this](const Row& row) {
      if (in_sample(row.group)) return false;
      count_marks(row.marks, -1);
      return true;
    });
  }
}

void GroupTable::count_marks(uint64_t marks, int64_t step) {
  for (size_t mark = 0; marks != 0; ++mark, marks >>= 1)
    if (marks & 1) marked_[mark] += step;
}

void GroupTable::save(core::ByteWriter& out) const {
  out.u64(sampled_bits_);
  out.i64(groups_);
  out.u64(rows_.size());
  uint64_t before = 0;
  for (const Row& row : rows_) {
    out.u64(row.group - before);
    out.u64(row.marks);
    before = row.group;
  }
}

bool GroupTable::load(core::ByteReader& in) {
  size_t n = 0;
  if (!read_within(in, sampled_bits_, 0, kSampledBitsMax) || !read_amount(in, groups_) ||
      !read_count(in, n, kRowsMax))
    return false;
  uint64_t before = 0;
  for (size_t i = 0; i < n && in.ok(); ++i) {
    const uint64_t group = before + in.u64();
    if (i > 0 && group <= before) return false;
    rows_.push_back({group, in.u64()});
    count_marks(rows_.back().marks, 1);
    before = group;
  }
  return in.ok();
}

}  // namespace alerting
