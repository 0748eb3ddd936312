#include "detectors/seen.h"

#include <algorithm>
#include <bit>

#include "detectors/saved.h"

namespace detectors {

bool Seen::insert(uint64_t key, core::Time at) {
  if (place_of(key) != kNowhere) return false;
  append(key, at);
  return true;
}

void Seen::touch(uint64_t key, core::Time at) {
  make_room();
  const size_t place = place_of(key);
  if (place == kNowhere) return append(key, at);
  slots_[table_[place] - 1].live = false;
  slots_.push_back({key, at, true});
  table_[place] = static_cast<uint32_t>(slots_.size());
}

void Seen::expire(core::Time until) {
  while (head_ < slots_.size() && (!slots_[head_].live || slots_[head_].at <= until)) drop_front();
}

void Seen::clear() {
  slots_.clear();
  table_.clear();
  head_ = live_ = 0;
}

void Seen::append(uint64_t key, core::Time at) {
  make_room();
  for (; live_ >= limit_; drop_front()) evicted_ += slots_[head_].live ? 1 : 0;
  slots_.push_back({key, at, true});
  ++live_;
  size_t place = home_of(key);
  while (table_[place] != 0) place = (place + 1) & (table_.size() - 1);
  table_[place] = static_cast<uint32_t>(slots_.size());
}

size_t Seen::home_of(uint64_t key) const {
  // Keys are good hashes, but for their use as a group somebody may choose them: mix once more.
  return static_cast<size_t>((key * 0x9E3779B97F4A7C15ULL) >> 32) & (table_.size() - 1);
}

size_t Seen::place_of(uint64_t key) const {
  if (table_.empty()) return kNowhere;
  for (size_t place = home_of(key); table_[place] != 0; place = (place + 1) & (table_.size() - 1))
    if (slots_[table_[place] - 1].key == key) return place;
  return kNowhere;
}

// Room for one more: the table at most half full, the slots at most half dead.
void Seen::make_room() {
  const bool crowded = (live_ + 1) * 2 > table_.size();
  const bool wasted = slots_.size() > 2 * live_ + 16;
  if (crowded || wasted) rebuild();
}

void Seen::rebuild() {
  std::erase_if(slots_, [](const Slot& slot) { return !slot.live; });
  head_ = 0;
  if (slots_.capacity() > 4 * live_ + 64) slots_.shrink_to_fit();
  table_.assign(std::bit_ceil(4 * live_ + 8), 0);
  for (size_t i = 0; i < slots_.size(); ++i) {
    size_t place = home_of(slots_[i].key);
    while (table_[place] != 0) place = (place + 1) & (table_.size() - 1);
    table_[place] = static_cast<uint32_t>(i + 1);
  }
}

void Seen::drop_front() {
  Slot& slot = slots_[head_];
  if (slot.live) {
    forget_place(place_of(slot.key));
    slot.live = false;
    --live_;
  }
  ++head_;
}

// Those that were pushed on past the freed place move back (Knuth 6.4, algorithm R).
void Seen::forget_place(size_t place) {
  const size_t mask = table_.size() - 1;
  for (size_t i = (place + 1) & mask; table_[i] != 0; i = (i + 1) & mask) {
    const size_t home = home_of(slots_[table_[i] - 1].key);
    if (((i - home) & mask) < ((i - place) & mask)) continue;
    table_[place] = table_[i];
    place = i;
  }
  table_[place] = 0;
}

void Seen::save(core::ByteWriter& out) const {
  std::string packed;
  packed.reserve(live_ * sizeof(uint64_t));
  for (size_t i = head_; i < slots_.size(); ++i)
    if (slots_[i].live) pack(packed, slots_[i].key);
  out.u64(evicted_);
  out.str(packed);
  int64_t before = 0;
  for (size_t i = head_; i < slots_.size(); ++i) {
    if (!slots_[i].live) continue;
    out.i64(core::to_ms(slots_[i].at) - before);
    before = core::to_ms(slots_[i].at);
  }
}

bool Seen::load(core::ByteReader& in) {
  evicted_ = in.u64();
  const std::string_view packed = in.view();
  if (packed.size() % sizeof(uint64_t) != 0 || packed.size() / sizeof(uint64_t) > limit_)
    return false;
  core::Time at{};
  for (size_t i = 0; i < packed.size(); i += sizeof(uint64_t))
    if (!read_later(in, at) || !insert(unpack(packed, i), at)) return false;
  return in.ok();
}

}  // namespace detectors
