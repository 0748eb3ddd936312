#include <algorithm>
#include <limits>

#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;
using Kind = SqliteTransaction::Kind;

// All three give the columns that read_rows() reads. The condition of the first is, word for word,
// that of the index outbox_open.
constexpr const char* kPending =
    "SELECT id, in_group, at, bytes, delivery, attempts, next_try_ms, vendor_answer FROM outbox "
    "WHERE delivery NOT IN (2, 4, 5, 6) ORDER BY at, id LIMIT ?";
constexpr const char* kOfIncident =
    "SELECT id, in_group, at, bytes, delivery, attempts, next_try_ms, vendor_answer FROM outbox "
    "WHERE incident = ? ORDER BY at, id";
constexpr const char* kAll =
    "SELECT id, in_group, at, bytes, delivery, attempts, next_try_ms, vendor_answer FROM outbox "
    "ORDER BY at, id";
static_assert(static_cast<int>(core::Delivery::Delivered) == 2);
static_assert(static_cast<int>(core::Delivery::Dead) == 4);
static_assert(static_cast<int>(core::Delivery::Suppressed) == 6);

Result<std::vector<OutboxRow>> read_rows(SqliteRows&& rows) {
  std::vector<OutboxRow> found;
  while (rows.next()) {
    OutboxRow& row = found.emplace_back();
    row.first = {rows.text(0), rows.text(1), core::from_ms(rows.integer(2)), rows.text(3)};
    row.second = {static_cast<core::Delivery>(rows.integer(4)),
                  static_cast<uint32_t>(rows.integer(5)), rows.integer(6), rows.text(7)};
  }
  if (auto done = rows.done(); !done) return done.error();
  return found;
}

// Returns whether there was such an item.
bool set_state(SqliteTransaction& work, const std::string& id, const core::OutboxState& state) {
  return work
      .integer(
          "UPDATE outbox SET delivery = ?, attempts = ?, next_try_ms = ?, vendor_answer = ? "
          "WHERE id = ? RETURNING 1",
          {static_cast<int64_t>(state.delivery), int64_t{state.attempts}, state.next_try_ms,
           state.vendor_answer, id})
      .has_value();
}

}  // namespace

void add_to_outbox(SqliteTransaction& work, const core::OutboxItem& item) {
  work.run("INSERT INTO outbox VALUES (?, ?, ?, ?, ?, 0, 0, 0, '') ON CONFLICT DO NOTHING",
           {item.id, incident_of(item), item.group, core::to_ms(item.at), SqliteBlob{item.bytes}});
}

Result<Unit> SqliteStore::post(const core::OutboxItem& item) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  add_to_outbox(work, item);
  return work.commit();
}

Result<std::vector<OutboxRow>> SqliteStore::pending(size_t limit) {
  const std::lock_guard lock(reading_);
  constexpr size_t kLimitMax = std::numeric_limits<int64_t>::max();
  return read_rows(reader_->query(kPending, {static_cast<int64_t>(std::min(limit, kLimitMax))}));
}

Result<Unit> SqliteStore::settle(const std::string& id, const core::OutboxState& state) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const bool known = set_state(work, id, state);
  if (work.ok() && !known) return unknown_notification(id);
  return work.commit();
}

Result<uint64_t> SqliteStore::settle(const std::string& id, const core::OutboxState& state,
                                     const core::JournalEntry& outcome) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const bool known = set_state(work, id, state);
  if (work.ok() && !known) return unknown_notification(id);
  const uint64_t sequence = add_to_journal(work, outcome);
  if (auto done = work.commit(); !done) return done.error();
  return sequence;
}

Result<std::vector<OutboxRow>> SqliteStore::outbox(const std::string& incident) {
  const std::lock_guard lock(reading_);
  if (incident.empty()) return read_rows(reader_->query(kAll));
  return read_rows(reader_->query(kOfIncident, {incident}));
}

Result<size_t> SqliteStore::forget_deliveries(core::Time before) {
  const std::lock_guard lock(writing_);
  SqliteTransaction work(*writer_, Kind::Write);
  const auto count =
      work.integer("SELECT count(*) FROM outbox WHERE delivery IN (2, 4, 5, 6) AND at < ?",
                   {core::to_ms(before)});
  work.run("DELETE FROM outbox WHERE delivery IN (2, 4, 5, 6) AND at < ?", {core::to_ms(before)});
  if (auto done = work.commit(); !done) return done.error();
  return static_cast<size_t>(count.value_or(0));
}

}  // namespace store
