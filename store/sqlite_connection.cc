#include "store/sqlite_connection.h"

#include <sqlite3.h>

#include <utility>

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;
using core::Unit;

// Longest wait for another process that writes; the daemon's transactions take milliseconds.
constexpr int kBusyTimeoutMs = 5000;

// SQLite takes a null pointer for NULL, which is not what an empty string_view means.
const char* pointer_of(std::string_view bytes) { return bytes.data() ? bytes.data() : ""; }

int bind_value(sqlite3_stmt* statement, int index, const SqliteValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value))
    return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = std::get_if<std::string_view>(&value))
    return sqlite3_bind_text64(statement, index, pointer_of(*text), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  const std::string_view bytes = std::get<SqliteBlob>(value).bytes;
  return sqlite3_bind_blob64(statement, index, pointer_of(bytes), bytes.size(), SQLITE_STATIC);
}

}  // namespace

SqliteRows::SqliteRows(SqliteConnection& connection, sqlite3_stmt* statement, int code)
    : connection_(connection), statement_(statement), code_(code) {}

SqliteRows::~SqliteRows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // the values were borrowed
}

bool SqliteRows::next() {
  if (code_ != SQLITE_OK && code_ != SQLITE_ROW) return false;
  code_ = sqlite3_step(statement_);
  return code_ == SQLITE_ROW;
}

int64_t SqliteRows::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string SqliteRows::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<Unit> SqliteRows::done() const {
  if (code_ == SQLITE_DONE || code_ == SQLITE_ROW || code_ == SQLITE_OK) return Unit{};
  return connection_.error(code_);
}

SqliteConnection::SqliteConnection(sqlite3* handle, std::string place)
    : handle_(handle), place_(std::move(place)) {}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path,
                                                                 std::string place) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle, std::move(place)));
  if (code != SQLITE_OK) return connection->error(code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return connection;
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

SqliteRows SqliteConnection::query(const char* sql, std::initializer_list<SqliteValue> values) {
  sqlite3_stmt*& statement = statements_[sql];
  int code = SQLITE_OK;
  if (statement == nullptr)
    code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  int index = 0;
  for (const SqliteValue& value : values)
    if (code == SQLITE_OK) code = bind_value(statement, ++index, value);
  return SqliteRows(*this, statement, code);
}

Result<Unit> SqliteConnection::execute(const char* sql, std::initializer_list<SqliteValue> values) {
  SqliteRows rows = query(sql, values);
  while (rows.next()) {
  }
  return rows.done();
}

Result<std::optional<int64_t>> SqliteConnection::integer(
    const char* sql, std::initializer_list<SqliteValue> values) {
  SqliteRows rows = query(sql, values);
  std::optional<int64_t> first;
  while (rows.next())
    if (!first) first = rows.integer(0);
  if (auto done = rows.done(); !done) return done.error();
  return first;
}

Result<std::optional<std::string>> SqliteConnection::text(
    const char* sql, std::initializer_list<SqliteValue> values) {
  SqliteRows rows = query(sql, values);
  std::optional<std::string> first;
  while (rows.next())
    if (!first) first = rows.text(0);
  if (auto done = rows.done(); !done) return done.error();
  return first;
}

Result<Unit> SqliteConnection::script(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return Unit{};
}

int64_t SqliteConnection::changes() const { return sqlite3_changes64(handle_); }

Error SqliteConnection::error(int code) const {
  const std::string reason = sqlite3_errstr(code & 0xff);
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      return {Code::BadSettings, place_ + " is not a Qingyu store (not an SQLite file)"};
    case SQLITE_ERROR:  // a table or column is not there
    case SQLITE_CORRUPT:
      return {Code::BadSettings, place_ + " is damaged (" + reason + "): restore a backup of it"};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {Code::BadSettings, place_ + " cannot be opened for writing: " + reason};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Code::Unavailable, place_ + " is held by another process"};
    default:
      return {Code::Unavailable, place_ + ": " + reason};
  }
}

SqliteTransaction::SqliteTransaction(SqliteConnection& connection, Kind kind)
    : connection_(connection),
      outcome_(connection.execute(kind == Kind::Read ? "BEGIN DEFERRED" : "BEGIN IMMEDIATE")),
      open_(outcome_.ok()) {}

SqliteTransaction::~SqliteTransaction() {
  // SQLite has already rolled back by itself after some errors; then this one fails, rightly.
  if (open_) static_cast<void>(connection_.execute("ROLLBACK"));
}

void SqliteTransaction::run(const char* sql, std::initializer_list<SqliteValue> values) {
  if (outcome_) outcome_ = connection_.execute(sql, values);
}

void SqliteTransaction::script(const std::string& sql) {
  if (outcome_) outcome_ = connection_.script(sql);
}

std::optional<int64_t> SqliteTransaction::integer(const char* sql,
                                                  std::initializer_list<SqliteValue> values) {
  if (!outcome_) return std::nullopt;
  const auto found = connection_.integer(sql, values);
  if (found) return *found;
  outcome_ = found.error();
  return std::nullopt;
}

Result<Unit> SqliteTransaction::commit() {
  if (outcome_) outcome_ = connection_.execute("COMMIT");
  if (outcome_) open_ = false;
  return outcome_;
}

}  // namespace store
