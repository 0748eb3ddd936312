#pragma once
// Backup and restore of the SQLite store: one whole file each way, checked. Memory and Redis
// answer BadSettings "not in this version" (Redis has its own: BGSAVE and the append-only file).
#include <string>

#include "core/result.h"
#include "store/open.h"

namespace store {

// Copies the store as of one commit to `to_path` while daemons and commands go on using it. The
// copy is made under a temporary name beside `to_path` (mode 0600), checked whole, flushed to the
// disk and renamed, so that `to_path` is always a complete backup: the old one or the new one.
core::Result<core::Unit> backup(const StoreSpec& spec, const std::string& to_path);

// Puts the backup `from_path` in the place of the store. The backup is checked first (a Qingyu
// store, a known schema, undamaged); Conflict while a daemon runs on the store. The copy is one
// transaction of the store's own file: after a crash it holds the old or the new contents.
// What the store held before is kept as "<store>.before-restore"; a damaged or foreign file is
// moved to that name instead.
core::Result<core::Unit> restore(const std::string& from_path, const StoreSpec& spec);

}  // namespace store
