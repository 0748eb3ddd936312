#pragma once
// Seen: which 64-bit keys (hashes of event ids, groups, texts) were seen lately, and when. Bounded
// in number; what the bound drops is counted. Owner: the family's shard thread.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace detectors {

class Seen {
 public:
  explicit Seen(size_t limit) : limit_(limit) {}

  // For all that take a time: REQUIRES: it is not older than any given before.
  bool insert(uint64_t key, core::Time at);  // false: there already, and its time stays
  void touch(uint64_t key, core::Time at);   // inserts it, or gives it the new time
  bool contains(uint64_t key) const { return place_of(key) != kNowhere; }
  size_t size() const { return live_; }
  void expire(core::Time until);  // forgets what was last seen then or before
  void clear();
  uint64_t evicted() const { return evicted_; }  // dropped by the bound, not by age

  // Layout in README.md.
  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);  // REQUIRES: nothing was put in yet

 private:
  // Slots stand in the order of their times, from head_ on. A touched key moves to a new slot and
  // leaves a dead one behind; the dead go when they are as many as the living.
  struct Slot {
    uint64_t key;
    core::Time at;
    bool live;
  };
  static constexpr size_t kNowhere = SIZE_MAX;

  size_t home_of(uint64_t key) const;
  size_t place_of(uint64_t key) const;  // in table_
  void append(uint64_t key, core::Time at);
  void make_room();
  void rebuild();
  void drop_front();
  void forget_place(size_t place);

  size_t limit_;
  std::vector<Slot> slots_;
  size_t head_ = 0, live_ = 0;
  std::vector<uint32_t> table_;  // open addressing; 1 + index of the slot, 0: free
  uint64_t evicted_ = 0;
};

}  // namespace detectors
