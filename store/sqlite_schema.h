#pragma once
// The tables of the SQLite store, how a file is recognised, and how one of an older schema is
// brought up to date. Private to store/.
#include <string>

#include "core/result.h"
#include "store/sqlite_connection.h"

namespace store {

// Makes the file when it is missing (mode 0600).
core::Result<core::Unit> make_file(const std::string& path, const std::string& place);

enum class FileKind : uint8_t {
  Empty,   // nothing in it yet
  Qingyu,  // a Qingyu store of a schema that this program has or can upgrade
};
// BadSettings for anything else: a foreign, damaged, newer or unknown older file. Changes nothing.
core::Result<FileKind> recognise(SqliteConnection& connection);

// Makes the tables of an empty file or upgrades older ones, in one transaction. Several processes
// may do it at once.
core::Result<core::Unit> bring_up_to_date(SqliteConnection& connection);

}  // namespace store
