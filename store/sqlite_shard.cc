#include "store/layout.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;
using Kind = SqliteTransaction::Kind;

void put_state(SqliteTransaction& work, const core::Checkpoint& checkpoint) {
  const int64_t shard = checkpoint.shard;
  work.run("UPDATE shards SET drained = ? WHERE shard = ?",
           {core::to_ms(checkpoint.drained), shard});
  for (const auto& [name, state] : checkpoint.streams)
    work.run(
        "INSERT INTO streams VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state",
        {shard, name, SqliteBlob{state}});
  for (const auto& [family, bytes] : checkpoint.families) {
    if (bytes.empty())
      work.run("DELETE FROM families WHERE shard = ? AND family = ?", {shard, family});
    else
      work.run(
          "INSERT INTO families VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
          {shard, family, SqliteBlob{bytes}});
  }
  for (const auto& [name, value] : checkpoint.counters)
    work.run(
        "INSERT INTO counters VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        {shard, name, value});
}

void add_decisions(SqliteTransaction& work, const core::Checkpoint& checkpoint) {
  for (const core::LedgerLine& l : checkpoint.ledger)
    work.run("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
             {core::to_ms(l.at), l.incident, int64_t{l.revision}, l.kind, l.id, l.line});
  for (const core::OutboxItem& item : checkpoint.outbox) add_to_outbox(work, item);
  for (const core::Slot& slot : checkpoint.slots) put_slot(work, slot);
}

}  // namespace

Result<Unit> SqliteStore::bind(uint32_t shards) {
  const std::lock_guard lock(writing_);
  if (auto known = recognise(*writer_); !known) return known.error();
  SqliteTransaction work(*writer_, Kind::Write);
  const auto recorded = work.integer("SELECT shards FROM layout");
  if (!work.ok()) return work.commit();
  if (auto fits = check_shards(writer_->place(), recorded.value_or(shards), shards); !fits)
    return fits;
  work.run("INSERT INTO layout VALUES (1, ?) ON CONFLICT DO NOTHING", {int64_t{shards}});
  return work.commit();
}

Result<uint64_t> SqliteStore::take(uint32_t shard) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto fence = work.integer(
      "INSERT INTO shards VALUES (?, 1, NULL) ON CONFLICT DO UPDATE SET fence = fence + 1 "
      "RETURNING fence",
      {int64_t{shard}});
  if (auto done = work.commit(); !done) return done.error();
  return static_cast<uint64_t>(fence.value_or(0));
}

Result<core::ShardState> SqliteStore::load(uint32_t shard) {
  const std::lock_guard lock(reading_);
  const int64_t number = shard;
  core::ShardState state;
  SqliteTransaction work(*reader_, Kind::Read);  // one checkpoint, not parts of two
  const auto drained =
      work.integer("SELECT drained FROM shards WHERE shard = ? AND drained IS NOT NULL", {number});
  if (!work.ok()) return work.commit().error();
  if (drained) state.drained = core::from_ms(*drained);
  {
    SqliteRows rows =
        reader_->query("SELECT name, state FROM streams WHERE shard = ? ORDER BY name", {number});
    while (rows.next()) state.streams.emplace_back(rows.text(0), rows.text(1));
    if (auto done = rows.done(); !done) return done.error();
  }
  {
    SqliteRows rows = reader_->query(
        "SELECT family, bytes FROM families WHERE shard = ? ORDER BY family", {number});
    while (rows.next()) state.families.emplace_back(rows.text(0), rows.text(1));
    if (auto done = rows.done(); !done) return done.error();
  }
  {
    SqliteRows rows =
        reader_->query("SELECT name, value FROM counters WHERE shard = ? ORDER BY name", {number});
    while (rows.next()) state.counters.emplace_back(rows.text(0), rows.integer(1));
    if (auto done = rows.done(); !done) return done.error();
  }
  if (auto done = work.commit(); !done) return done.error();
  return state;
}

Result<Unit> SqliteStore::commit(const core::Checkpoint& checkpoint) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto fence =
      work.integer("SELECT fence FROM shards WHERE shard = ?", {int64_t{checkpoint.shard}});
  if (!work.ok()) return work.commit();
  if (!fence || static_cast<uint64_t>(*fence) != checkpoint.fence)
    return stale_fence(checkpoint.shard);
  put_state(work, checkpoint);
  add_decisions(work, checkpoint);
  return work.commit();
}

}  // namespace store
