#include <algorithm>
#include <limits>

#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;
using Kind = SqliteTransaction::Kind;

constexpr uint64_t kIntegerMax = std::numeric_limits<int64_t>::max();  // of an SQLite column

int64_t clamped(uint64_t number) { return static_cast<int64_t>(std::min(number, kIntegerMax)); }

}  // namespace

uint64_t add_to_journal(SqliteTransaction& work, const core::JournalEntry& entry) {
  const auto sequence = work.integer(
      "INSERT INTO journal SELECT COALESCE(MAX(sequence), 0) + 1, ?, ?, ? FROM journal "
      "RETURNING sequence",
      {entry.kind, core::to_ms(entry.at), SqliteBlob{entry.bytes}});
  return static_cast<uint64_t>(sequence.value_or(0));
}

Result<uint64_t> SqliteStore::append(const core::JournalEntry& entry) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const uint64_t sequence = add_to_journal(work, entry);
  if (auto done = work.commit(); !done) return done.error();
  return sequence;
}

Result<std::vector<core::JournalEntry>> SqliteStore::journal(uint64_t after, size_t limit) {
  const std::lock_guard lock(reading_);
  std::vector<core::JournalEntry> entries;
  SqliteRows rows = reader_->query(
      "SELECT sequence, kind, at, bytes FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
      {clamped(after), clamped(limit)});
  while (rows.next())
    entries.push_back({static_cast<uint64_t>(rows.integer(0)), rows.text(1),
                       core::from_ms(rows.integer(2)), rows.text(3)});
  if (auto done = rows.done(); !done) return done.error();
  return entries;
}

Result<Unit> SqliteStore::announce(const std::vector<core::Announcement>& announcements) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  for (const core::Announcement& a : announcements)
    work.run(
        "INSERT INTO announcements VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET at = excluded.at WHERE excluded.at > at",
        {a.stream, a.position, core::to_ms(a.at)});
  return work.commit();
}

Result<std::vector<core::Announcement>> SqliteStore::announcements(const std::string& stream,
                                                                   int64_t from_position) {
  const std::lock_guard lock(reading_);
  std::vector<core::Announcement> found;
  SqliteRows rows = reader_->query(
      "SELECT position, at FROM announcements WHERE stream = ? AND position >= ? "
      "ORDER BY position",
      {stream, from_position});
  while (rows.next()) found.push_back({stream, rows.integer(0), core::from_ms(rows.integer(1))});
  if (auto done = rows.done(); !done) return done.error();
  return found;
}

Result<Unit> SqliteStore::request(const std::string& id, const std::string& bytes) {
  const std::lock_guard lock(writing_);
  return writer_->execute("INSERT INTO requests (id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
                          {id, SqliteBlob{bytes}});
}

Result<std::vector<std::pair<std::string, std::string>>> SqliteStore::requests(size_t limit) {
  const std::lock_guard lock(reading_);
  std::vector<std::pair<std::string, std::string>> waiting;
  SqliteRows rows =
      reader_->query("SELECT id, bytes FROM requests ORDER BY arrival LIMIT ?", {clamped(limit)});
  while (rows.next()) waiting.emplace_back(rows.text(0), rows.text(1));
  if (auto done = rows.done(); !done) return done.error();
  return waiting;
}

Result<uint64_t> SqliteStore::accept(const std::string& id, const core::JournalEntry& entry) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto arrival = work.integer("DELETE FROM requests WHERE id = ? RETURNING arrival", {id});
  const uint64_t sequence = arrival ? add_to_journal(work, entry) : 0;
  if (auto done = work.commit(); !done) return done.error();
  return sequence;
}

}  // namespace store
