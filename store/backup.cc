#include "store/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "store/daemon_lock.h"
#include "store/sqlite_connection.h"
#include "store/sqlite_schema.h"

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;
using core::Unit;
using Connection = std::unique_ptr<SqliteConnection>;

Result<Unit> only_sqlite(const StoreSpec& spec) {
  if (spec.kind == "sqlite") return Unit{};
  return Error{Code::BadSettings,
               "backup and restore of a " + spec.kind + " store: not in this version"};
}

// An existing store of ours, opened as it is.
Result<Connection> open_existing(const std::string& path) {
  const std::string place = "store " + path;
  if (::access(path.c_str(), F_OK) != 0)
    return Error{Code::NotFound, place + ": " + std::strerror(errno)};
  auto connection = SqliteConnection::open(path, place);
  if (!connection) return connection;
  const auto kind = recognise(**connection);
  if (!kind) return kind.error();
  if (*kind == FileKind::Empty) return Error{Code::BadSettings, place + " is empty"};
  return connection;
}

// All pages in one step, which sees one commit of the source and, when `to` is a store in use, is
// one transaction there.
Result<Unit> copy_pages(SqliteConnection& from, SqliteConnection& to) {
  sqlite3_backup* copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copy == nullptr) return to.error(sqlite3_errcode(to.handle()));
  const int stepped = sqlite3_backup_step(copy, -1);  // SQLITE_BUSY is seen here only
  const int finished = sqlite3_backup_finish(copy);
  if (stepped == SQLITE_DONE && finished == SQLITE_OK) return Unit{};
  return to.error(finished != SQLITE_OK ? finished : stepped);
}

Result<Unit> check_whole(SqliteConnection& connection) {
  const auto verdict = connection.text("PRAGMA integrity_check(1)");
  if (!verdict) return verdict.error();
  if (*verdict == "ok") return Unit{};
  return Error{Code::BadSettings, connection.place() + " is damaged: " + verdict->value_or("")};
}

bool same_file(const std::string& a, const std::string& b) {
  struct stat of_a = {}, of_b = {};
  return ::stat(a.c_str(), &of_a) == 0 && ::stat(b.c_str(), &of_b) == 0 &&
         of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

Error file_error(const std::string& path) {
  return {Code::BadSettings, path + ": " + std::strerror(errno)};
}

// A renamed file is safe from a power cut only when its folder is flushed as well.
Result<Unit> flush_folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return file_error(folder);
  const bool flushed = ::fsync(file) == 0;
  const Error error = file_error(folder);
  ::close(file);
  if (!flushed) return error;
  return Unit{};
}

// Makes a checked copy of `from` in the new file `path`, without a log beside it.
Result<Unit> copy_to_new_file(SqliteConnection& from, const std::string& path) {
  if (auto made = make_file(path, "backup " + path); !made) return made;
  auto copy = SqliteConnection::open(path, "backup " + path);
  if (!copy) return copy.error();
  if (auto copied = copy_pages(from, **copy); !copied) return copied;
  // The copy says it has a write-ahead log, as the store does; a backup is one file.
  if (auto alone = (*copy)->text("PRAGMA journal_mode = DELETE"); !alone) return alone.error();
  return check_whole(**copy);
}

// Keeps what stands in the place of the restored store.
Result<Unit> keep_old_store(const StoreSpec& spec) {
  const std::string kept = spec.path + ".before-restore";
  if (::access(spec.path.c_str(), F_OK) != 0) return Unit{};
  {
    const auto old = open_existing(spec.path);
    const auto whole = old ? check_whole(**old) : Result<Unit>(old.error());
    if (whole) return backup(spec, kept);
    if (whole.error().code == Code::Unavailable) return whole;
  }
  // The write-ahead log belongs to the damaged file and must not be taken for the new one's.
  for (const char* part : {"", "-wal", "-shm"}) {
    const std::string name = spec.path + part;
    if (std::rename(name.c_str(), (kept + part).c_str()) != 0 && errno != ENOENT)
      return file_error(name);
  }
  return Unit{};
}

}  // namespace

Result<Unit> backup(const StoreSpec& spec, const std::string& to_path) {
  if (auto possible = only_sqlite(spec); !possible) return possible;
  if (same_file(spec.path, to_path))
    return Error{Code::BadSettings, to_path + " is the store itself"};
  auto from = open_existing(spec.path);
  if (!from) return from.error();
  const std::string temporary = to_path + ".part-" + std::to_string(::getpid());
  std::remove(temporary.c_str());  // of a process of the same number that did not finish
  Result<Unit> done = copy_to_new_file(**from, temporary);
  // What somebody who looked into an older backup of this name may have left beside it.
  for (const char* part : {"-wal", "-shm", "-journal"}) std::remove((to_path + part).c_str());
  if (done && std::rename(temporary.c_str(), to_path.c_str()) != 0) done = file_error(to_path);
  if (done) return flush_folder_of(to_path);
  std::remove(temporary.c_str());
  return done;
}

Result<Unit> restore(const std::string& from_path, const StoreSpec& spec) {
  if (auto possible = only_sqlite(spec); !possible) return possible;
  if (same_file(from_path, spec.path))
    return Error{Code::BadSettings, from_path + " is the store itself"};
  auto from = open_existing(from_path);
  if (!from) return from.error();
  if (auto whole = check_whole(**from); !whole) return whole;
  const auto lock = DaemonLock::take(spec);
  if (!lock) return lock.error();
  if (auto kept = keep_old_store(spec); !kept) return kept.error();
  if (auto made = make_file(spec.path, place_of(spec)); !made) return made;
  auto to = SqliteConnection::open(spec.path, place_of(spec));
  if (!to) return to.error();
  if (auto copied = copy_pages(**from, **to); !copied) return copied;
  return flush_folder_of(spec.path);
}

}  // namespace store
