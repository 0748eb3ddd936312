#include "engine/hit_tally.h"

#include <algorithm>

#include "core/hash.h"

namespace engine {

namespace {

constexpr int32_t kCountsAbovePermille = 500;

}  // namespace

void HitTally::take(std::span<const core::Signal> signals) {
  while (!signals.empty()) {
    size_t n = 1;
    while (n < signals.size() && signals[n].event == signals.front().event) ++n;
    take_message(signals.first(n));
    signals = signals.subspan(n);
  }
}

void HitTally::take_message(std::span<const core::Signal> signals) {
  seen_.clear();
  const core::Signal* first = nullptr;
  for (const core::Signal& signal : signals)
    for (const core::RuleHit& hit : signal.hits) {
      if (hit.weight_permille <= kCountsAbovePermille) continue;
      if (first == nullptr) first = &signal;
      if (std::ranges::find(seen_, hit.rule) == seen_.end()) seen_.push_back(hit.rule);
    }
  if (first == nullptr) return;
  seen_.push_back("");
  const uint64_t hash = core::hash64(first->event);
  const Message message{first->event, first->channel_name, first->excerpt};
  for (const std::string_view rule : seen_) {
    auto it = rows_.find(rule);
    if (it == rows_.end()) it = rows_.try_emplace(std::string(rule)).first;
    ++it->second.messages;
    keep(it->second, hash, message);
  }
}

void HitTally::keep(Row& row, uint64_t hash, const Message& message) {
  if (!row.whole() && hash > row.sample.rbegin()->first) return;
  row.sample.try_emplace(hash, message);
  if (row.sample.size() > kTallySampleMax) row.sample.erase(std::prev(row.sample.end()));
}

void HitTally::merge(const HitTally& other) {
  for (const auto& [rule, row] : other.rows_) {
    Row& mine = rows_[rule];
    mine.messages += row.messages;
    for (const auto& [hash, message] : row.sample) keep(mine, hash, message);
  }
}

std::vector<HitTally::Message> only_in(const HitTally::Row& row, const HitTally::Row& other,
                                       size_t limit) {
  std::vector<HitTally::Message> found;
  for (const auto& [hash, message] : row.sample) {
    if (found.size() == limit) break;
    if (other.sample.contains(hash)) continue;
    // Beyond the highest of a full sample nobody knows what the other has.
    if (!other.whole() && hash > other.sample.rbegin()->first) break;
    found.push_back(message);
  }
  return found;
}

}  // namespace engine
