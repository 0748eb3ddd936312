#include "engine/rule_tally.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/hash.h"

namespace engine {

namespace {

constexpr size_t kPage = 1000;
constexpr int32_t kCountsAbovePermille = 500;

}  // namespace

// A zone may be another one in a later Book: a day earlier than the checkpoint's may still grow.
core::Result<core::Unit> RuleTally::load(core::Store& store, core::Time drained) {
  if (drained == core::kTimeMin) return core::Unit{};
  std::string after = tally_key(shard_, std::max<int64_t>(day_of(drained, 0) - 2, 0), "");
  for (;;) {
    const auto slots = store.list(std::string(kTallyShelf), after, kPage);
    if (!slots) return slots.error();
    for (const core::Slot& slot : *slots) {
      if (slot.key == recent_key()) {
        core::ByteReader in(slot.value);
        recent_.resize(in.count());
        for (uint64_t& hash : recent_) hash = in.u64();
        recent_next_ = in.u64();
        return core::Unit{};
      }
      uint32_t shard = 0;
      RuleDay one;
      if (!read_tally_key(slot.key, shard, one)) continue;
      if (shard != shard_) return core::Unit{};
      if (!decode(slot.value, one.row))
        return core::Error{core::Code::BadSettings,
                           "the stored tally of " + one.rule +
                               " has an unknown layout: another version of qingyu wrote it"};
      days_[one.rule] = {one.day, slot.expires, std::move(one.row)};
    }
    if (slots->size() < kPage) return core::Unit{};
    after = slots->back().key;
  }
}

void RuleTally::take(const core::Signal& signal, int zone_offset_minutes) {
  if (signal.hits.empty() && signal.shadow_hits.empty()) return;
  if (signal.shadow_only() && repeated(signal)) return;
  const int64_t day = day_of(signal.at, zone_offset_minutes);
  for (const core::RuleHit& hit : signal.hits) take(hit, signal, day, false);
  for (const core::RuleHit& hit : signal.shadow_hits) take(hit, signal, day, true);
}

// What a family has seen its Watch knows; of what only shadows hit nobody else keeps anything.
bool RuleTally::repeated(const core::Signal& signal) {
  const uint64_t hash = core::hash64(signal.event + "\n" + signal.family);
  if (std::ranges::find(recent_, hash) != recent_.end()) return true;
  recent_changed_ = true;
  if (recent_.size() < kRecentMax) {
    recent_.push_back(hash);
  } else {
    recent_[recent_next_++ % kRecentMax] = hash;
  }
  return false;
}

TallyRow* RuleTally::row_of(const std::string& rule, const core::Signal& signal, int64_t day) {
  auto it = days_.find(rule);
  if (it == days_.end()) {
    if (days_.size() >= kRulesMax) forget_old(day);
    if (days_.size() >= kRulesMax) return nullptr;
    it = days_.emplace(rule, Day{}).first;
    it->second.day = day;
  }
  Day& known = it->second;
  if (known.day < day) {
    if (changed_.erase(rule) > 0) finished_.push_back(slot_of(rule, known));
    known = Day{};
    known.day = day;
  }
  known.at = signal.at;
  changed_.insert(rule);
  return &known.row;
}

void RuleTally::take(const core::RuleHit& hit, const core::Signal& signal, int64_t day,
                     bool shadow) {
  TallyRow* row = row_of(hit.rule, signal, day);
  if (row == nullptr) {
    ++dropped_;
    return;
  }
  if (hit.weight_permille > kCountsAbovePermille)
    add_stretch(*row, {signal.family, signal.at, signal.at, 1});
  if (!hit.first) return;
  ++(shadow ? row->shadow_hits : row->hits);
  add_group(*row, signal.group());
  const bool own = shadow && !signal.shadow_excerpt.empty();
  add_caught(
      *row, {signal.at, signal.event, signal.family, own ? signal.shadow_excerpt : signal.excerpt});
}

core::Slot RuleTally::slot_of(const std::string& rule, const Day& day) const {
  return {std::string(kTallyShelf), tally_key(shard_, day.day, rule), encode(day.row), day.at};
}

std::vector<core::Slot> RuleTally::changed() {
  std::vector<core::Slot> slots = std::move(finished_);
  finished_.clear();
  for (const std::string& rule : changed_) slots.push_back(slot_of(rule, days_.at(rule)));
  changed_.clear();
  if (!recent_changed_) return slots;
  recent_changed_ = false;
  core::ByteWriter out;
  out.u64(recent_.size());
  for (const uint64_t hash : recent_) out.u64(hash);
  out.u64(recent_next_);
  slots.push_back({std::string(kTallyShelf), recent_key(), out.take(), core::kTimeMax});
  return slots;
}

// Rows of days that are over and saved: the store has them.
void RuleTally::forget_old(int64_t day) {
  std::erase_if(days_, [&](const auto& one) {
    return one.second.day < day && !changed_.contains(one.first);
  });
}

}  // namespace engine
