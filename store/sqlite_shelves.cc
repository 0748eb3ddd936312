#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Result;
using core::Slot;
using core::Time;
using core::Unit;
using Kind = SqliteTransaction::Kind;

constexpr const char* kPut =
    "INSERT INTO slots VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, "
    "expires = excluded.expires";

Slot slot_of(const SqliteRows& row) {
  return {row.text(0), row.text(1), row.text(2), core::from_ms(row.integer(3))};
}

}  // namespace

void put_slot(SqliteTransaction& work, const Slot& slot) {
  work.run(kPut, {slot.shelf, slot.key, SqliteBlob{slot.value}, core::to_ms(slot.expires)});
}

Result<Unit> SqliteStore::keep(const Slot& slot) {
  const std::lock_guard lock(writing_);
  return writer_->execute(
      kPut, {slot.shelf, slot.key, SqliteBlob{slot.value}, core::to_ms(slot.expires)});
}

Result<Unit> SqliteStore::replace(const Slot& slot, const std::string& before) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto fits = work.integer(
      "SELECT CASE WHEN ?3 = x'' THEN NOT EXISTS (SELECT 1 FROM slots WHERE shelf = ?1 AND key = "
      "?2) ELSE EXISTS (SELECT 1 FROM slots WHERE shelf = ?1 AND key = ?2 AND value = ?3) END",
      {slot.shelf, slot.key, SqliteBlob{before}});
  if (!work.ok()) return work.commit();
  if (fits.value_or(0) == 0) return slot_has_changed(slot);
  put_slot(work, slot);
  return work.commit();
}

Result<std::optional<Slot>> SqliteStore::find(const std::string& shelf, const std::string& key) {
  const std::lock_guard lock(reading_);
  SqliteRows rows = reader_->query(
      "SELECT shelf, key, value, expires FROM slots WHERE shelf = ? AND key = ?", {shelf, key});
  std::optional<Slot> found;
  if (rows.next()) found = slot_of(rows);
  if (auto done = rows.done(); !done) return done.error();
  return found;
}

Result<std::vector<Slot>> SqliteStore::list(const std::string& shelf, const std::string& after,
                                            size_t limit) {
  const std::lock_guard lock(reading_);
  SqliteRows rows = reader_->query(
      "SELECT shelf, key, value, expires FROM slots WHERE shelf = ? AND key > ? ORDER BY key "
      "LIMIT ?",
      {shelf, after, static_cast<int64_t>(limit)});
  std::vector<Slot> found;
  while (rows.next()) found.push_back(slot_of(rows));
  if (auto done = rows.done(); !done) return done.error();
  return found;
}

Result<Unit> SqliteStore::drop(const std::string& shelf, const std::string& key) {
  const std::lock_guard lock(writing_);
  return writer_->execute("DELETE FROM slots WHERE shelf = ? AND key = ?", {shelf, key});
}

Result<size_t> SqliteStore::drop_expired(const std::string& shelf, Time at) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto count = work.integer("SELECT count(*) FROM slots WHERE shelf = ? AND expires < ?",
                                  {shelf, core::to_ms(at)});
  work.run("DELETE FROM slots WHERE shelf = ? AND expires < ?", {shelf, core::to_ms(at)});
  if (auto done = work.commit(); !done) return done.error();
  return static_cast<size_t>(count.value_or(0));
}

}  // namespace store
