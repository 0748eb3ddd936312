#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Result;
using core::Time;
using core::Unit;

constexpr const char* kWholeLedger =
    "SELECT at, incident, revision, kind, id, line FROM ledger "
    "ORDER BY at, incident, revision, kind, id";
constexpr const char* kLedgerOfIncident =
    "SELECT at, incident, revision, kind, id, line FROM ledger WHERE incident = ? "
    "ORDER BY at, incident, revision, kind, id";

Result<std::vector<core::LedgerLine>> read_lines(SqliteRows&& rows) {
  std::vector<core::LedgerLine> lines;
  while (rows.next())
    lines.push_back({core::from_ms(rows.integer(0)), rows.text(1),
                     static_cast<uint32_t>(rows.integer(2)), rows.text(3), rows.text(4),
                     rows.text(5)});
  if (auto done = rows.done(); !done) return done.error();
  return lines;
}

}  // namespace

Result<std::vector<core::LedgerLine>> SqliteStore::ledger(const std::string& incident) {
  const std::lock_guard lock(reading_);
  if (incident.empty()) return read_lines(reader_->query(kWholeLedger));
  return read_lines(reader_->query(kLedgerOfIncident, {incident}));
}

Result<Unit> SqliteStore::put(const std::string& name, const std::string& value) {
  const std::lock_guard lock(writing_);
  return writer_->execute(
      "INSERT INTO named_values VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      {name, SqliteBlob{value}});
}

Result<std::optional<std::string>> SqliteStore::get(const std::string& name) {
  const std::lock_guard lock(reading_);
  return reader_->text("SELECT value FROM named_values WHERE name = ?", {name});
}

Result<Unit> SqliteStore::keep_book(const std::string& hash, Time from, const std::string& bytes) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, SqliteTransaction::Kind::Write);
  work.run("INSERT INTO books VALUES (?, ?) ON CONFLICT DO NOTHING", {hash, SqliteBlob{bytes}});
  work.run("INSERT INTO books_in_force VALUES (?, ?) ON CONFLICT DO NOTHING",
           {core::to_ms(from), hash});
  return work.commit();
}

Result<std::vector<std::pair<std::string, Time>>> SqliteStore::books() {
  const std::lock_guard lock(reading_);
  std::vector<std::pair<std::string, Time>> all;
  SqliteRows rows = reader_->query("SELECT hash, since FROM books_in_force ORDER BY since, hash");
  while (rows.next()) all.emplace_back(rows.text(0), core::from_ms(rows.integer(1)));
  if (auto done = rows.done(); !done) return done.error();
  return all;
}

Result<std::optional<std::string>> SqliteStore::book(const std::string& hash) {
  const std::lock_guard lock(reading_);
  return reader_->text("SELECT bytes FROM books WHERE hash = ?", {hash});
}

}  // namespace store
