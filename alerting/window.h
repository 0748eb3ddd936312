#pragma once
// Window: the entries of a family's last four hours, oldest first, bounded. Whoever holds sums over
// it is told of every entry that leaves.
#include <cstdint>
#include <span>
#include <vector>

#include "alerting/entry.h"

namespace alerting {

class Window {
 public:
  static constexpr core::Millis kLength{4 * 3600'000};
  static constexpr size_t kEntriesMax = 4'096;

  // The oldest entry, when it is older than kLength or its place is needed for one more: look at
  // it, then drop it. nullptr: nothing has to leave.
  const Entry* leaving(core::Time now) const;
  void drop(core::Time now);  // REQUIRES: leaving(now) != nullptr
  void add(Entry entry);      // REQUIRES: leaving(entry.at) == nullptr
  std::span<Entry> entries() { return {entries_.data() + head_, entries_.size() - head_}; }
  std::span<const Entry> entries() const {
    return {entries_.data() + head_, entries_.size() - head_};
  }
  uint64_t dropped() const { return dropped_; }  // for their place, not for their age

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in, uint64_t version);  // of the desk. REQUIRES: empty

 private:
  std::vector<Entry> entries_;  // from head_ on; the part before it is waste
  size_t head_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace alerting
