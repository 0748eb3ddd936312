#pragma once
// Places where a store can be: nothing (memory), a file in a temporary folder, a Redis server of
// the test's own. Tests that hold for all stores are templates over them:
//
//   TEST_CASE_TEMPLATE("...", Place, STORE_PLACES) { Place place; auto store = place.open(); ... }
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/notification.h"
#include "core/store.h"
#include "store/open.h"
#include "tests/servers.h"

namespace tests {

using OutboxRow = std::pair<core::OutboxItem, core::OutboxState>;

// Opens or fails the test with the store's own message.
std::unique_ptr<core::Store> open_or_fail(const store::StoreSpec& spec);

class MemoryPlace {
 public:
  store::StoreSpec spec() const { return {.kind = "memory"}; }
  std::unique_ptr<core::Store> open() const { return open_or_fail(spec()); }
};

class SqlitePlace {
 public:
  store::StoreSpec spec() const { return {.kind = "sqlite", .path = folder_.file("store.db")}; }
  std::unique_ptr<core::Store> open() const { return open_or_fail(spec()); }
  const Temporary& folder() const { return folder_; }

 private:
  Temporary folder_;
};

class RedisPlace {
 public:
  RedisPlace() : RedisPlace("everysec") {}
  // With "always", what was answered survives kill -9 of the server; with Redis' default "everysec"
  // the last writes may not, because it puts off writing while an earlier fsync runs.
  explicit RedisPlace(const std::string& appendfsync)
      : server_({.append_only = true, .extra = {"--appendfsync", appendfsync}}) {}

  store::StoreSpec spec() const { return {.kind = "redis", .address = server_.address()}; }
  std::unique_ptr<core::Store> open() const { return open_or_fail(spec()); }
  RedisServer& server() { return server_; }

 private:
  RedisServer server_;
};

#define STORE_PLACES tests::MemoryPlace, tests::SqlitePlace, tests::RedisPlace
#define LASTING_STORE_PLACES tests::SqlitePlace, tests::RedisPlace

// The value of a Result, or the test's failure with its message.
template <typename T>
T value(core::Result<T> result) {
  if (!result) throw std::runtime_error("store: " + result.error().message);
  return *std::move(result);
}

// "n" and 7: "n7".
std::string name(const std::string& kind, int64_t number);

inline core::Time at(int64_t ms) { return core::from_ms(ms); }

// An outbox item whose bytes are a real notification of `incident`.
core::OutboxItem item(const std::string& id, const std::string& incident, int64_t at_ms);
core::LedgerLine line(int64_t at_ms, const std::string& incident, uint32_t revision,
                      const std::string& kind = "incident", const std::string& id = "");

// Ids in the order given.
std::vector<std::string> ids(const std::vector<OutboxRow>& rows);

// Everything that can be read of a store, as text to compare: the state of shards 0 .. `shards`,
// journal, the announcements of `streams`, requests, outbox, ledger and Books.
std::string observe(core::Store& store, uint32_t shards, const std::vector<std::string>& streams);

}  // namespace tests
