// The store that forgets with the process: for replays and tests, and the reference that the other
// two are compared with (tests/store/random_test.cc). Plain ordered containers behind one mutex.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>

#include "store/kinds.h"
#include "store/layout.h"
#include "store/rows.h"

namespace store {

namespace {

using core::Result;
using core::Time;
using core::Unit;

struct Shard {
  uint64_t fence = 0;
  Time drained = core::kTimeMin;
  std::map<std::string, std::string> streams, families;
  std::map<std::string, int64_t> counters;
};

struct Sending {
  core::OutboxItem item;
  std::string incident;
  core::OutboxState state;
};

using LedgerKey = std::tuple<Time, std::string, uint32_t, std::string, std::string>;

class MemoryStore final : public core::Store {
 public:
  Result<Unit> bind(uint32_t shards) override;
  Result<uint64_t> take(uint32_t shard) override;
  Result<core::ShardState> load(uint32_t shard) override;
  Result<Unit> commit(const core::Checkpoint& checkpoint) override;
  Result<uint64_t> append(const core::JournalEntry& entry) override;
  Result<std::vector<core::JournalEntry>> journal(uint64_t after, size_t limit) override;
  Result<Unit> announce(const std::vector<core::Announcement>& announcements) override;
  Result<std::vector<core::Announcement>> announcements(const std::string& stream,
                                                        int64_t from_position) override;
  Result<Unit> request(const std::string& id, const std::string& bytes) override;
  Result<std::vector<std::pair<std::string, std::string>>> requests(size_t limit) override;
  Result<uint64_t> accept(const std::string& id, const core::JournalEntry& entry) override;
  Result<Unit> post(const core::OutboxItem& item) override;
  Result<std::vector<OutboxRow>> pending(size_t limit) override;
  Result<Unit> settle(const std::string& id, const core::OutboxState& state) override;
  Result<uint64_t> settle(const std::string& id, const core::OutboxState& state,
                          const core::JournalEntry& outcome) override;
  Result<std::vector<OutboxRow>> outbox(const std::string& incident) override;
  Result<size_t> forget_deliveries(Time before) override;
  Result<std::vector<core::LedgerLine>> ledger(const std::string& incident) override;
  Result<Unit> keep(const core::Slot& slot) override;
  Result<Unit> replace(const core::Slot& slot, const std::string& before) override;
  Result<std::optional<core::Slot>> find(const std::string& shelf, const std::string& key) override;
  Result<std::vector<core::Slot>> list(const std::string& shelf, const std::string& after,
                                       size_t limit) override;
  Result<Unit> drop(const std::string& shelf, const std::string& key) override;
  Result<size_t> drop_expired(const std::string& shelf, Time at) override;
  Result<Unit> put(const std::string& name, const std::string& value) override;
  Result<std::optional<std::string>> get(const std::string& name) override;
  Result<Unit> keep_book(const std::string& hash, Time from, const std::string& bytes) override;
  Result<std::vector<std::pair<std::string, Time>>> books() override;
  Result<std::optional<std::string>> book(const std::string& hash) override;

 private:
  // REQUIRES for all three: mutex_ is held.
  uint64_t add_to_journal(const core::JournalEntry& entry);
  void add_to_outbox(const core::OutboxItem& item);
  bool set_state(const std::string& id, const core::OutboxState& state);  // false: no such item

  std::mutex mutex_;  // protects everything below
  std::optional<uint32_t> shards_bound_;
  std::map<uint32_t, Shard> shards_;
  std::map<LedgerKey, std::string> ledger_;
  std::map<std::string, Sending> outbox_;  // by notification id
  std::set<std::pair<Time, std::string>> outbox_order_, still_to_send_;
  std::vector<core::JournalEntry> journal_;
  std::map<std::string, std::map<int64_t, Time>> announcements_;
  std::vector<std::pair<std::string, std::string>> requests_;
  std::map<std::string, std::string> values_, books_;
  std::set<std::pair<Time, std::string>> books_in_force_;
  std::map<std::string, std::map<std::string, core::Slot>> shelves_;
};

Result<Unit> MemoryStore::bind(uint32_t shards) {
  const std::lock_guard lock(mutex_);
  const uint32_t recorded = shards_bound_.value_or(shards);
  const Result<Unit> fits = check_shards("memory store", recorded, shards);
  if (fits) shards_bound_ = shards;
  return fits;
}

Result<uint64_t> MemoryStore::take(uint32_t shard) {
  const std::lock_guard lock(mutex_);
  return ++shards_[shard].fence;
}

Result<core::ShardState> MemoryStore::load(uint32_t shard) {
  const std::lock_guard lock(mutex_);
  const Shard& kept = shards_[shard];
  return core::ShardState{kept.drained,
                          {kept.streams.begin(), kept.streams.end()},
                          {kept.families.begin(), kept.families.end()},
                          {kept.counters.begin(), kept.counters.end()}};
}

Result<Unit> MemoryStore::commit(const core::Checkpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  Shard& kept = shards_[checkpoint.shard];
  if (checkpoint.fence == 0 || checkpoint.fence != kept.fence) return stale_fence(checkpoint.shard);
  kept.drained = checkpoint.drained;
  for (const auto& [name, state] : checkpoint.streams) kept.streams[name] = state;
  for (const auto& [family, bytes] : checkpoint.families) {
    if (bytes.empty())
      kept.families.erase(family);
    else
      kept.families[family] = bytes;
  }
  for (const auto& [name, value] : checkpoint.counters) kept.counters[name] = value;
  for (const core::LedgerLine& l : checkpoint.ledger)
    ledger_.try_emplace({l.at, l.incident, l.revision, l.kind, l.id}, l.line);
  for (const core::OutboxItem& item : checkpoint.outbox) add_to_outbox(item);
  for (const core::Slot& slot : checkpoint.slots) shelves_[slot.shelf][slot.key] = slot;
  return Unit{};
}

void MemoryStore::add_to_outbox(const core::OutboxItem& item) {
  const auto [place, is_new] =
      outbox_.try_emplace(item.id, Sending{item, incident_of(item), core::OutboxState{}});
  if (!is_new) return;
  outbox_order_.emplace(item.at, item.id);
  still_to_send_.emplace(item.at, item.id);
}

bool MemoryStore::set_state(const std::string& id, const core::OutboxState& state) {
  const auto place = outbox_.find(id);
  if (place == outbox_.end()) return false;
  place->second.state = state;
  if (is_final(state.delivery))
    still_to_send_.erase({place->second.item.at, id});
  else
    still_to_send_.emplace(place->second.item.at, id);
  return true;
}

uint64_t MemoryStore::add_to_journal(const core::JournalEntry& entry) {
  journal_.push_back(entry);
  return journal_.back().sequence = journal_.size();
}

Result<uint64_t> MemoryStore::append(const core::JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  return add_to_journal(entry);
}

Result<std::vector<core::JournalEntry>> MemoryStore::journal(uint64_t after, size_t limit) {
  const std::lock_guard lock(mutex_);
  const size_t begin = std::min<size_t>(after, journal_.size());
  const size_t count = std::min(limit, journal_.size() - begin);
  const auto first = journal_.begin() + static_cast<std::ptrdiff_t>(begin);
  return std::vector<core::JournalEntry>(first, first + static_cast<std::ptrdiff_t>(count));
}

Result<Unit> MemoryStore::announce(const std::vector<core::Announcement>& announcements) {
  const std::lock_guard lock(mutex_);
  for (const core::Announcement& a : announcements) {
    const auto [place, is_new] = announcements_[a.stream].try_emplace(a.position, a.at);
    place->second = std::max(place->second, a.at);
  }
  return Unit{};
}

Result<std::vector<core::Announcement>> MemoryStore::announcements(const std::string& stream,
                                                                   int64_t from_position) {
  const std::lock_guard lock(mutex_);
  std::vector<core::Announcement> found;
  const std::map<int64_t, Time>& known = announcements_[stream];
  for (auto it = known.lower_bound(from_position); it != known.end(); ++it)
    found.push_back({stream, it->first, it->second});
  return found;
}

Result<Unit> MemoryStore::request(const std::string& id, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  const bool known = std::any_of(requests_.begin(), requests_.end(),
                                 [&](const auto& waiting) { return waiting.first == id; });
  if (!known) requests_.emplace_back(id, bytes);
  return Unit{};
}

Result<std::vector<std::pair<std::string, std::string>>> MemoryStore::requests(size_t limit) {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, requests_.size()));
  return std::vector(requests_.begin(), requests_.begin() + count);
}

Result<uint64_t> MemoryStore::accept(const std::string& id, const core::JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  const auto gone = std::erase_if(requests_, [&](const auto& r) { return r.first == id; });
  return gone == 0 ? uint64_t{0} : add_to_journal(entry);
}

Result<Unit> MemoryStore::post(const core::OutboxItem& item) {
  const std::lock_guard lock(mutex_);
  add_to_outbox(item);
  return Unit{};
}

Result<std::vector<OutboxRow>> MemoryStore::pending(size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<OutboxRow> rows;
  for (const auto& [at, id] : still_to_send_) {
    if (rows.size() >= limit) break;
    const Sending& sending = outbox_.at(id);
    rows.emplace_back(sending.item, sending.state);
  }
  return rows;
}

Result<Unit> MemoryStore::settle(const std::string& id, const core::OutboxState& state) {
  const std::lock_guard lock(mutex_);
  if (!set_state(id, state)) return unknown_notification(id);
  return Unit{};
}

Result<uint64_t> MemoryStore::settle(const std::string& id, const core::OutboxState& state,
                                     const core::JournalEntry& outcome) {
  const std::lock_guard lock(mutex_);
  if (!set_state(id, state)) return unknown_notification(id);
  return add_to_journal(outcome);
}

Result<std::vector<OutboxRow>> MemoryStore::outbox(const std::string& incident) {
  const std::lock_guard lock(mutex_);
  std::vector<OutboxRow> rows;
  for (const auto& [at, id] : outbox_order_) {
    const Sending& sending = outbox_.at(id);
    if (incident.empty() || sending.incident == incident)
      rows.emplace_back(sending.item, sending.state);
  }
  return rows;
}

Result<size_t> MemoryStore::forget_deliveries(Time before) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(outbox_, [&](const auto& row) {
    const Sending& sending = row.second;
    if (!is_final(sending.state.delivery) || sending.item.at >= before) return false;
    outbox_order_.erase({sending.item.at, row.first});
    return true;
  });
}

Result<std::vector<core::LedgerLine>> MemoryStore::ledger(const std::string& incident) {
  const std::lock_guard lock(mutex_);
  std::vector<core::LedgerLine> lines;
  for (const auto& [key, line] : ledger_) {
    const auto& [at, of_incident, revision, kind, id] = key;
    if (incident.empty() || of_incident == incident)
      lines.push_back({at, of_incident, revision, kind, id, line});
  }
  return lines;
}

Result<Unit> MemoryStore::keep(const core::Slot& slot) {
  const std::lock_guard lock(mutex_);
  shelves_[slot.shelf][slot.key] = slot;
  return Unit{};
}

Result<Unit> MemoryStore::replace(const core::Slot& slot, const std::string& before) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, core::Slot>& shelf = shelves_[slot.shelf];
  const auto place = shelf.find(slot.key);
  const bool fits = place == shelf.end() ? before.empty() : place->second.value == before;
  if (!fits) return slot_has_changed(slot);
  shelf[slot.key] = slot;
  return Unit{};
}

Result<std::optional<core::Slot>> MemoryStore::find(const std::string& shelf,
                                                    const std::string& key) {
  const std::lock_guard lock(mutex_);
  const std::map<std::string, core::Slot>& slots = shelves_[shelf];
  const auto place = slots.find(key);
  if (place == slots.end()) return std::optional<core::Slot>();
  return std::optional(place->second);
}

Result<std::vector<core::Slot>> MemoryStore::list(const std::string& shelf,
                                                  const std::string& after, size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<core::Slot> found;
  const std::map<std::string, core::Slot>& slots = shelves_[shelf];
  for (auto it = slots.upper_bound(after); it != slots.end() && found.size() < limit; ++it)
    found.push_back(it->second);
  return found;
}

Result<Unit> MemoryStore::drop(const std::string& shelf, const std::string& key) {
  const std::lock_guard lock(mutex_);
  shelves_[shelf].erase(key);
  return Unit{};
}

Result<size_t> MemoryStore::drop_expired(const std::string& shelf, Time at) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(shelves_[shelf], [&](const auto& s) { return s.second.expires < at; });
}

Result<Unit> MemoryStore::put(const std::string& name, const std::string& value) {
  const std::lock_guard lock(mutex_);
  values_[name] = value;
  return Unit{};
}

Result<std::optional<std::string>> MemoryStore::get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto place = values_.find(name);
  if (place == values_.end()) return std::optional<std::string>();
  return std::optional(place->second);
}

Result<Unit> MemoryStore::keep_book(const std::string& hash, Time from, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  books_.try_emplace(hash, bytes);
  books_in_force_.emplace(from, hash);
  return Unit{};
}

Result<std::vector<std::pair<std::string, Time>>> MemoryStore::books() {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, Time>> all;
  for (const auto& [from, hash] : books_in_force_) all.emplace_back(hash, from);
  return all;
}

Result<std::optional<std::string>> MemoryStore::book(const std::string& hash) {
  const std::lock_guard lock(mutex_);
  const auto place = books_.find(hash);
  if (place == books_.end()) return std::optional<std::string>();
  return std::optional(place->second);
}

}  // namespace

core::Result<std::unique_ptr<core::Store>> open_memory(const StoreSpec&) {
  return std::unique_ptr<core::Store>(std::make_unique<MemoryStore>());
}

}  // namespace store
