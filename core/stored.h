#pragma once
// What a store keeps: ledger lines, the outbox, checkpoints, the journal, shelves.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

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

// A small value with a key of its own, outside every shard's state: grants of action links, handles
// of sent messages, cases, PIN tries. Shelves are named by whoever uses them (docs/formats.md).
struct Slot {
  std::string shelf, key, value;  // key: not empty
  Time expires = kTimeMax;        // by its owner's clock; retention counts from then on
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
  std::vector<Slot> slots;         // to keep, as keep() does
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
// Accepted: taken by a vendor who never says what came of it. Suppressed: on purpose not sent
// (superseded, held back until it was over); the answer says why.
enum class Delivery : uint8_t { Pending, Retry, Delivered, Unknown, Dead, Accepted, Suppressed };
struct OutboxState {
  Delivery delivery = Delivery::Pending;
  uint32_t attempts = 0;
  int64_t next_try_ms = 0;    // wall time of the courier's clock; 0 = at once
  std::string vendor_answer;  // redacted code and message of the last attempt
};

}  // namespace core
