#pragma once
// Which stores there are, and how one of them is opened. A new kind is a file that defines its
// opener, its line in store/kinds.h and its row in the table of open.cc; the conformance test
// (tests/store/) then has to run against it.
//
//   auto store = store::open_store({.kind = "sqlite", .path = "/var/lib/qingyu/store.db"});
//   if (!store) return store.error();              // BadSettings or Unavailable, one line
//   if (auto bound = (*store)->bind(8); !bound) return bound.error();
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/store.h"

namespace store {

// What a finished commit of the SQLite store survives.
enum class Durability : uint8_t {
  PowerLoss,     // the disk has it: one fsync a commit (synchronous=FULL)
  ProcessCrash,  // the kernel has it: whole after kill -9; a power cut may undo the last commits,
                 // never part of one (synchronous=NORMAL). For stores that can be made again.
};

struct StoreSpec {
  std::string kind = "sqlite";  // memory sqlite redis

  // sqlite
  std::string path{};  // the file; made with mode 0600 when missing, its folder must exist
  Durability durability = Durability::PowerLoss;

  // redis
  std::string address = "127.0.0.1:6379";  // host:port, [IPv6]:port, or /path of a unix socket
  std::string prefix = "qingyu";           // of all keys; letters, digits and . _ - only
  std::string user{};                      // "" = Redis' default user
  // Where the password is found each time a connection is made: "file:/run/secrets/redis" (its
  // first line) or "env:REDIS_PASSWORD"; "" = none. Only this source is ever named in a message.
  std::string password_source{};
};

// Opens the store, making an empty one where there is none and upgrading one of an older released
// schema. BadSettings: a person must mend something (unknown kind, foreign or damaged file, newer
// schema, wrong password). Unavailable: try again later.
core::Result<std::unique_ptr<core::Store>> open_store(const StoreSpec& spec);

// What the store is called in messages: "store /var/lib/qingyu/store.db". No secrets.
std::string place_of(const StoreSpec& spec);

}  // namespace store
