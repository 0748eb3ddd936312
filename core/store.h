#pragma once
// Seam 3: what outlives the process. Three stores stand behind it (store/): memory, SQLite, Redis;
// one conformance test (tests/store/) runs against all. Methods of one object may be called from
// any thread.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/stored.h"
#include "core/time.h"

namespace core {

class Store {
 public:
  virtual ~Store() = default;

  // Binds the store to a layout. The first call records it; later calls with another shard count,
  // or with bytes of an unknown newer schema, fail with BadSettings and one line that says both
  // numbers.
  virtual Result<Unit> bind(uint32_t shards) = 0;

  // --- a shard's state (its owner thread) ---
  // Becomes the owner: raises and returns the fence.
  virtual Result<uint64_t> take(uint32_t shard) = 0;
  virtual Result<ShardState> load(uint32_t shard) = 0;
  virtual Result<Unit> commit(const Checkpoint& checkpoint) = 0;

  // --- the journal (command lane; any thread) ---
  virtual Result<uint64_t> append(const JournalEntry& entry) = 0;
  // In order of sequence.
  virtual Result<std::vector<JournalEntry>> journal(uint64_t after, size_t limit) = 0;

  // --- announcements of idle streams (reader threads), kept before any shard sees them ---
  // All of them or none. For a known (stream, position) the later `at` stays.
  virtual Result<Unit> announce(const std::vector<Announcement>& announcements) = 0;
  virtual Result<std::vector<Announcement>> announcements(const std::string& stream,
                                                          int64_t from_position) = 0;

  // --- requests of other processes, not yet journalled ---
  virtual Result<Unit> request(const std::string& id, const std::string& bytes) = 0;
  // Oldest first.
  virtual Result<std::vector<std::pair<std::string, std::string>>> requests(size_t limit) = 0;
  // Journals `entry` and forgets request `id` in one transaction; a request already gone is a no-op
  // giving 0.
  virtual Result<uint64_t> accept(const std::string& id, const JournalEntry& entry) = 0;

  // --- outbox (courier) ---
  // Adds an item that no shard decides: an alarm, a test of a channel. A known id is a no-op.
  virtual Result<Unit> post(const OutboxItem& item) = 0;
  // Items that are Pending, Retry or Unknown, oldest first.
  virtual Result<std::vector<std::pair<OutboxItem, OutboxState>>> pending(size_t limit) = 0;
  virtual Result<Unit> settle(const std::string& id, const OutboxState& state) = 0;
  // Settles and journals the outcome in one transaction: an outcome is never lost between the two.
  virtual Result<uint64_t> settle(const std::string& id, const OutboxState& state,
                                  const JournalEntry& outcome) = 0;
  // "" = all.
  virtual Result<std::vector<std::pair<OutboxItem, OutboxState>>> outbox(
      const std::string& incident) = 0;
  // Forgets what is final and older than `before`; how many. REQUIRES: no replay from before it.
  virtual Result<size_t> forget_deliveries(Time before) = 0;

  // --- reading ---
  // Lines in ledger order: at, incident, revision, kind, id. `incident` "" = all.
  virtual Result<std::vector<LedgerLine>> ledger(const std::string& incident) = 0;

  // --- shelves (any thread); one shelf is written either by commits or by these, never by both ---
  virtual Result<Unit> keep(const Slot& slot) = 0;
  // Changes the value only if it is still `before`; "" as `before`: only if there is none.
  // Conflict: it is another one now, or gone.
  virtual Result<Unit> replace(const Slot& slot, const std::string& before) = 0;
  virtual Result<std::optional<Slot>> find(const std::string& shelf, const std::string& key) = 0;
  // In order of key, those after `after` ("" = from the first).
  virtual Result<std::vector<Slot>> list(const std::string& shelf, const std::string& after,
                                         size_t limit) = 0;
  virtual Result<Unit> drop(const std::string& shelf, const std::string& key) = 0;
  // Those that expired before `at`; how many went.
  virtual Result<size_t> drop_expired(const std::string& shelf, Time at) = 0;

  // --- small named values: status page, book hash in force, first event time ... ---
  virtual Result<Unit> put(const std::string& name, const std::string& value) = 0;
  virtual Result<std::optional<std::string>> get(const std::string& name) = 0;

  // --- Books ever in force ---
  virtual Result<Unit> keep_book(const std::string& hash, Time from, const std::string& bytes) = 0;
  virtual Result<std::vector<std::pair<std::string, Time>>>
  books() = 0;  // in order of `from`, then hash
  virtual Result<std::optional<std::string>> book(const std::string& hash) = 0;
};

}  // namespace core
