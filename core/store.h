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
#include "core/time.h"

namespace core {

// One line of the decision ledger, and the keys it is ordered by (DESIGN 11.11).
struct LedgerLine {
  Time at{};
  std::string incident;
  uint32_t revision = 0;
  std::string kind;  // incident notification refusal
  std::string id;    // notification id, or ""
  std::string line;  // the JSON object, without a newline
};

struct OutboxItem {
  std::string id;  // notification id; adding a known id again is a no-op
  // Items of one group (destination + incident) are sent in order of `at`, then id.
  std::string group;
  Time at{};
  std::string bytes;  // encode(Notification)
};

// All that a shard knows at one moment, or what changed since the last one. Committed whole or not
// at all.
struct Checkpoint {
  uint32_t shard = 0;
  uint64_t fence = 0;  // from take(); a stale one makes commit() fail with Conflict
  Time drained{};      // every record older than this has taken effect and no other has
  std::vector<std::pair<std::string, std::string>> streams;   // stream name -> restart state
  std::vector<std::pair<std::string, std::string>> families;  // changed: family -> bytes, "" erases
  std::vector<std::pair<std::string, int64_t>> counters;  // absolute values: late, duplicates, ...
  // To add; a line with known (at, incident, revision, kind, id) is a no-op.
  std::vector<LedgerLine> ledger;
  std::vector<OutboxItem> outbox;  // to add
};

struct ShardState {
  Time drained = kTimeMin;
  std::vector<std::pair<std::string, std::string>> streams;   // sorted by name
  std::vector<std::pair<std::string, std::string>> families;  // sorted by family
  std::vector<std::pair<std::string, int64_t>> counters;      // sorted by name
};

// What has no event of its own yet changes state is kept like an event (DESIGN 11.2, 11.6).
struct JournalEntry {
  uint64_t sequence = 0;  // given by append(), from 1, no gaps
  std::string kind;       // command outcome hold
  Time at{};  // the command lane's mark when it was taken; never decreases with `sequence`
  std::string bytes;
};

// "When `stream` stood at `position` (its next offset), it announced `at` though no message said
// so" (DESIGN 11.2).
struct Announcement {
  std::string stream;
  int64_t position = 0;
  Time at{};
};

// Where a notification stands. Sent is only what the vendor proved.
enum class Delivery : uint8_t { Pending, Retry, Delivered, Unknown, Dead };
struct OutboxState {
  Delivery delivery = Delivery::Pending;
  uint32_t attempts = 0;
  int64_t next_try_ms = 0;    // wall time of the courier's clock; 0 = at once
  std::string vendor_answer;  // redacted code and message of the last attempt
};

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
  // Items that are Pending, Retry or Unknown, oldest first.
  virtual Result<std::vector<std::pair<OutboxItem, OutboxState>>> pending(size_t limit) = 0;
  virtual Result<Unit> settle(const std::string& id, const OutboxState& state) = 0;
  // Settles and journals the outcome in one transaction: an outcome is never lost between the two.
  virtual Result<uint64_t> settle(const std::string& id, const OutboxState& state,
                                  const JournalEntry& outcome) = 0;
  // "" = all.
  virtual Result<std::vector<std::pair<OutboxItem, OutboxState>>> outbox(
      const std::string& incident) = 0;

  // --- reading ---
  // Lines in ledger order: at, incident, revision, kind, id. `incident` "" = all.
  virtual Result<std::vector<LedgerLine>> ledger(const std::string& incident) = 0;

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
