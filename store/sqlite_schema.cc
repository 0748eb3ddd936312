#include "store/sqlite_schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "store/layout.h"

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;
using core::Unit;

// "QYST" in the file's header tells our files from other programs' (and `file` may learn of it).
constexpr int64_t kApplicationId = 0x51595354;

// Keys are TEXT so that a person can ask for them with the sqlite3 tool; they are compared byte by
// byte. `ledger` has no row ids because it is read in the order of its key. `families` has them
// because its rows are large. Delivered (2) and dead (4) items leave the index outbox_open.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE layout (one INTEGER PRIMARY KEY CHECK (one = 1), shards INTEGER NOT NULL) STRICT;
CREATE TABLE shards (shard INTEGER PRIMARY KEY, fence INTEGER NOT NULL, drained INTEGER) STRICT;
CREATE TABLE streams (shard INTEGER NOT NULL, name TEXT NOT NULL, state BLOB NOT NULL,
  PRIMARY KEY (shard, name)) STRICT, WITHOUT ROWID;
CREATE TABLE families (shard INTEGER NOT NULL, family TEXT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (shard, family)) STRICT;
CREATE TABLE counters (shard INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY (shard, name)) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (at INTEGER NOT NULL, incident TEXT NOT NULL, revision INTEGER NOT NULL,
  kind TEXT NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL,
  PRIMARY KEY (at, incident, revision, kind, id)) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_of_incident ON ledger (incident);
CREATE TABLE outbox (id TEXT PRIMARY KEY NOT NULL, incident TEXT NOT NULL, in_group TEXT NOT NULL,
  at INTEGER NOT NULL, bytes BLOB NOT NULL, delivery INTEGER NOT NULL, attempts INTEGER NOT NULL,
  next_try_ms INTEGER NOT NULL, vendor_answer TEXT NOT NULL) STRICT;
CREATE INDEX outbox_open ON outbox (at, id) WHERE delivery NOT IN (2, 4);
CREATE INDEX outbox_of_incident ON outbox (incident, at, id);
CREATE TABLE journal (sequence INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL,
  bytes BLOB NOT NULL) STRICT;
CREATE TABLE announcements (stream TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (stream, position)) STRICT, WITHOUT ROWID;
CREATE TABLE requests (arrival INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL) STRICT;
CREATE TABLE named_values (name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL)
  STRICT, WITHOUT ROWID;
CREATE TABLE books (hash TEXT PRIMARY KEY NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE books_in_force (since INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (since, hash)) STRICT, WITHOUT ROWID;
)sql";

// Shelves; and two more final deliveries, accepted (5) and suppressed (6), leave outbox_open.
constexpr const char* kSchema2 = R"sql(
CREATE TABLE slots (shelf TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
  expires INTEGER NOT NULL, PRIMARY KEY (shelf, key)) STRICT, WITHOUT ROWID;
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (at, id) WHERE delivery NOT IN (2, 4, 5, 6);
)sql";

// One row a schema version, from the empty file on: the next version is one more row, with the
// statements that lead from the version before to it. Released rows never change.
struct Step {
  int64_t version;
  const char* sql;
};
constexpr Step kSteps[] = {
    {1, kSchema1},
    {2, kSchema2},
};
static_assert(std::end(kSteps)[-1].version == kSchemaVersion);

struct Header {
  int64_t application = 0, schema = 0, objects = 0;
};

Result<Header> read_header(SqliteConnection& connection) {
  Header header;
  const auto objects = connection.integer("SELECT count(*) FROM sqlite_master");
  if (!objects) return objects.error();
  const auto application = connection.integer("PRAGMA application_id");
  if (!application) return application.error();
  const auto schema = connection.integer("PRAGMA user_version");
  if (!schema) return schema.error();
  return Header{application->value_or(0), schema->value_or(0), objects->value_or(0)};
}

Result<FileKind> judge(const Header& header, const std::string& place) {
  if (header.application == kApplicationId) {
    if (auto known = check_schema(place, header.schema); !known) return known.error();
    return FileKind::Qingyu;
  }
  if (header.application == 0 && header.schema == 0 && header.objects == 0) return FileKind::Empty;
  return Error{Code::BadSettings, place + " is not a Qingyu store (another program's SQLite file)"};
}

}  // namespace

Result<Unit> make_file(const std::string& path, const std::string& place) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno != EEXIST)
    return Error{Code::BadSettings, place + " cannot be made: " + std::strerror(errno)};
  if (file >= 0) ::close(file);
  return Unit{};
}

Result<FileKind> recognise(SqliteConnection& connection) {
  const auto header = read_header(connection);
  if (!header) return header.error();
  return judge(*header, connection.place());
}

Result<Unit> bring_up_to_date(SqliteConnection& connection) {
  SqliteTransaction work(connection, SqliteTransaction::Kind::Write);
  if (!work.ok()) return work.commit();
  const auto header = read_header(connection);  // again: another process may have been quicker
  if (!header) return header.error();
  if (auto kind = judge(*header, connection.place()); !kind) return kind.error();
  for (const Step& step : kSteps)
    if (step.version > header->schema) work.script(step.sql);
  work.script("PRAGMA application_id = " + std::to_string(kApplicationId));
  work.script("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  return work.commit();
}

}  // namespace store
