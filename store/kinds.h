#pragma once
// The openers behind the table in open.cc. Private to store/.
#include <memory>

#include "core/result.h"
#include "core/store.h"
#include "store/open.h"

namespace store {

using OpenStore = core::Result<std::unique_ptr<core::Store>>(const StoreSpec& spec);

OpenStore open_memory;  // memory.cc: forgets with the process
OpenStore open_sqlite;  // sqlite_open.cc: one file
OpenStore open_redis;   // redis_open.cc: one server

}  // namespace store
