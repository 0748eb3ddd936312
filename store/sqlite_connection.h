#pragma once
// One connection to an SQLite file and what runs on it, with SQLite's result codes turned into
// core::Error. Private to store/. Used by one thread at a time; the store guards each of its
// connections with a mutex.
//
//   SqliteRows rows = connection.query("SELECT name, at FROM t WHERE at > ?", {after});
//   while (rows.next()) use(rows.text(0), rows.integer(1));
//   if (auto done = rows.done(); !done) return done.error();
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace store {

struct SqliteBlob {
  std::string_view bytes;
};
using SqliteValue = std::variant<int64_t, std::string_view, SqliteBlob>;

class SqliteConnection;

// The rows of one running statement. Borrowed from its connection, which runs the same statement
// again only after this object has ended.
class SqliteRows {
 public:
  SqliteRows(SqliteConnection& connection, sqlite3_stmt* statement, int code);
  ~SqliteRows();
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

  bool next();
  int64_t integer(int column) const;
  std::string text(int column) const;     // TEXT or BLOB, all its bytes
  core::Result<core::Unit> done() const;  // after next() was false: at the end, or why not

 private:
  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  int code_;
};

class SqliteConnection {
 public:
  // Opens an existing file (or an empty one). `place` is what messages call it.
  static core::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path,
                                                              std::string place);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // `sql` is one statement and a literal: it is prepared once and kept by its address.
  SqliteRows query(const char* sql, std::initializer_list<SqliteValue> values = {});
  core::Result<core::Unit> execute(const char* sql, std::initializer_list<SqliteValue> values = {});
  // The first column of the first row; nothing when there is no row.
  core::Result<std::optional<int64_t>> integer(const char* sql,
                                               std::initializer_list<SqliteValue> values = {});
  core::Result<std::optional<std::string>> text(const char* sql,
                                                std::initializer_list<SqliteValue> values = {});
  // Any number of statements without values, not kept.
  core::Result<core::Unit> script(const std::string& sql);

  int64_t changes() const;  // rows that the last execute() wrote
  core::Error error(int code) const;
  sqlite3* handle() { return handle_; }
  const std::string& place() const { return place_; }

 private:
  SqliteConnection(sqlite3* handle, std::string place);

  sqlite3* handle_;
  std::string place_;
  std::map<const char*, sqlite3_stmt*> statements_;  // bounded by the literals in store/
};

// A transaction that is undone unless commit() is called. After its first failure run() does
// nothing more, and commit() undoes everything and returns that failure, so that callers ask once.
class SqliteTransaction {
 public:
  enum class Kind : uint8_t { Read, Write };
  SqliteTransaction(SqliteConnection& connection, Kind kind);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  void run(const char* sql, std::initializer_list<SqliteValue> values = {});
  void script(const std::string& sql);
  // Nothing when there is no row, and after a failure.
  std::optional<int64_t> integer(const char* sql, std::initializer_list<SqliteValue> values = {});
  bool ok() const { return outcome_.ok(); }
  core::Result<core::Unit> commit();

 private:
  SqliteConnection& connection_;
  core::Result<core::Unit> outcome_;
  bool open_;
};

}  // namespace store
