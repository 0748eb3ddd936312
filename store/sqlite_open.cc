#include <sqlite3.h>

#include "store/kinds.h"
#include "store/sqlite_schema.h"
#include "store/sqlite_store.h"

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;
using core::Unit;

// Turning WAL on needs the file for oneself for a moment; another process may be opening it too.
constexpr int kWalTries = 100;
constexpr int kWalPauseMs = 20;

// The log is copied into the file when it has this many pages of 4 KiB. The default of 1,000 is
// reached every second or two by a busy replay, and each copy costs two more fsyncs.
constexpr int kWalPages = 4000;

Result<Unit> use_wal(SqliteConnection& connection) {
  for (int tries = 1;; ++tries) {
    const auto mode = connection.text("PRAGMA journal_mode = WAL");
    if (mode && *mode == "wal") return Unit{};
    if (mode)
      return Error{Code::BadSettings, connection.place() + " is on a file system without WAL"};
    if (mode.error().code != Code::Unavailable || tries == kWalTries) return mode.error();
    sqlite3_sleep(kWalPauseMs);
  }
}

// What every connection of ours is set to. synchronous=FULL: a finished commit is on the disk.
Result<Unit> set_up(SqliteConnection& connection, Durability durability) {
  const std::string synchronous = durability == Durability::PowerLoss ? "FULL" : "NORMAL";
  return connection.script("PRAGMA synchronous = " + synchronous +
                           "; PRAGMA wal_autocheckpoint = " + std::to_string(kWalPages) +
                           "; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384");
}

Result<std::unique_ptr<SqliteConnection>> open_writer(const StoreSpec& spec) {
  auto writer = SqliteConnection::open(spec.path, place_of(spec));
  if (!writer) return writer;
  // Looked at before anything is changed: another program's file stays as it is.
  const auto kind = recognise(**writer);
  if (!kind) return kind.error();
  if (auto wal = use_wal(**writer); !wal) return wal.error();
  if (auto set = set_up(**writer, spec.durability); !set) return set.error();
  if (auto done = bring_up_to_date(**writer); !done) return done.error();
  return writer;
}

}  // namespace

Result<std::unique_ptr<core::Store>> open_sqlite(const StoreSpec& spec) {
  if (spec.path.empty()) return Error{Code::BadSettings, "the sqlite store needs a path"};
  if (auto made = make_file(spec.path, place_of(spec)); !made) return made.error();
  auto writer = open_writer(spec);
  if (!writer) return writer.error();
  auto reader = SqliteConnection::open(spec.path, place_of(spec));
  if (!reader) return reader.error();
  if (auto set = set_up(**reader, spec.durability); !set) return set.error();
  if (auto set = (*reader)->script("PRAGMA query_only = ON"); !set) return set.error();
  return std::unique_ptr<core::Store>(
      std::make_unique<SqliteStore>(std::move(*writer), std::move(*reader)));
}

}  // namespace store
