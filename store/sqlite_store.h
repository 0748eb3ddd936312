#pragma once
// The store in one SQLite file (WAL), the default. Private to store/; its methods are spread over
// sqlite_open.cc, sqlite_shard.cc (checkpoints), sqlite_journal.cc (journal, announcements,
// requests), sqlite_outbox.cc, sqlite_shelves.cc and sqlite_reading.cc (ledger, values, Books).
//
// Two connections, each behind its own mutex: what writes takes turns on one, and what reads never
// keeps a shard's commit waiting, because readers of a WAL see the last commit and block nobody.
// Other processes (qingyu show, ack, backup) are further connections to the same file; a writer
// waits up to 5 s for another process's transaction before it answers Unavailable.
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store.h"
#include "store/rows.h"
#include "store/sqlite_connection.h"

namespace store {

class SqliteStore final : public core::Store {
 public:
  SqliteStore(std::unique_ptr<SqliteConnection> writer, std::unique_ptr<SqliteConnection> reader)
      : writer_(std::move(writer)), reader_(std::move(reader)) {}

  core::Result<core::Unit> bind(uint32_t shards) override;
  core::Result<uint64_t> take(uint32_t shard) override;
  core::Result<core::ShardState> load(uint32_t shard) override;
  core::Result<core::Unit> commit(const core::Checkpoint& checkpoint) override;

  core::Result<uint64_t> append(const core::JournalEntry& entry) override;
  core::Result<std::vector<core::JournalEntry>> journal(uint64_t after, size_t limit) override;
  core::Result<core::Unit> announce(const std::vector<core::Announcement>& announcements) override;
  core::Result<std::vector<core::Announcement>> announcements(const std::string& stream,
                                                              int64_t from_position) override;
  core::Result<core::Unit> request(const std::string& id, const std::string& bytes) override;
  core::Result<std::vector<std::pair<std::string, std::string>>> requests(size_t limit) override;
  core::Result<uint64_t> accept(const std::string& id, const core::JournalEntry& entry) override;

  core::Result<core::Unit> post(const core::OutboxItem& item) override;
  core::Result<std::vector<OutboxRow>> pending(size_t limit) override;
  core::Result<core::Unit> settle(const std::string& id, const core::OutboxState& state) override;
  core::Result<uint64_t> settle(const std::string& id, const core::OutboxState& state,
                                const core::JournalEntry& outcome) override;
  core::Result<std::vector<OutboxRow>> outbox(const std::string& incident) override;
  core::Result<size_t> forget_deliveries(core::Time before) override;

  core::Result<std::vector<core::LedgerLine>> ledger(const std::string& incident) override;
  core::Result<core::Unit> keep(const core::Slot& slot) override;
  core::Result<core::Unit> replace(const core::Slot& slot, const std::string& before) override;
  core::Result<std::optional<core::Slot>> find(const std::string& shelf,
                                               const std::string& key) override;
  core::Result<std::vector<core::Slot>> list(const std::string& shelf, const std::string& after,
                                             size_t limit) override;
  core::Result<core::Unit> drop(const std::string& shelf, const std::string& key) override;
  core::Result<size_t> drop_expired(const std::string& shelf, core::Time at) override;
  core::Result<core::Unit> put(const std::string& name, const std::string& value) override;
  core::Result<std::optional<std::string>> get(const std::string& name) override;
  core::Result<core::Unit> keep_book(const std::string& hash, core::Time from,
                                     const std::string& bytes) override;
  core::Result<std::vector<std::pair<std::string, core::Time>>> books() override;
  core::Result<std::optional<std::string>> book(const std::string& hash) override;

 private:
  std::mutex writing_, reading_;
  std::unique_ptr<SqliteConnection> writer_;  // protected by writing_
  std::unique_ptr<SqliteConnection> reader_;  // protected by reading_
};

// Adds `entry` behind the last one. Returns its sequence; meaningless when `work` has failed.
void add_to_outbox(SqliteTransaction& work, const core::OutboxItem& item);
uint64_t add_to_journal(SqliteTransaction& work, const core::JournalEntry& entry);

// Keeps `slot` whatever was there.
void put_slot(SqliteTransaction& work, const core::Slot& slot);

}  // namespace store
