#include "store/erase.h"

#include <filesystem>

#include "store/redis_connection.h"
#include "store/sqlite_schema.h"

namespace store {

namespace {

using core::Error;
using core::Result;
using core::Unit;

constexpr const char* kKeysAtOnce = "500";

// A file that is not a store of ours is somebody's, who named it by mistake.
Result<Unit> check_ours(const std::string& path, const std::string& place) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return Unit{};
  const auto connection = SqliteConnection::open(path, place);
  if (!connection) return connection.error();
  const auto kind = recognise(**connection);
  if (!kind) return kind.error();
  return Unit{};
}

Result<Unit> erase_file(const std::string& path, const std::string& place) {
  if (auto ours = check_ours(path, place); !ours) return ours;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code wrong;
    std::filesystem::remove(path + suffix, wrong);
    if (wrong)
      return Error{core::Code::BadSettings,
                   "cannot remove " + path + suffix + ": " + wrong.message()};
  }
  return Unit{};
}

// All keys that `pattern` finds. A prefix holds no character that a pattern would take otherwise.
Result<Unit> erase_keys(RedisConnection& redis, const std::string& pattern) {
  std::string cursor = "0";
  do {
    const auto page = redis.call({"SCAN", cursor, "MATCH", pattern, "COUNT", kKeysAtOnce});
    if (!page) return page.error();
    if (page->items.size() != 2) return redis.damaged();
    cursor = page->items[0].text;
    RedisCommand unlink = {"UNLINK"};
    for (const RedisReply& key : page->items[1].items) unlink.push_back(key.text);
    if (unlink.size() == 1) continue;
    const auto gone = redis.call(unlink);
    if (!gone) return gone.error();
  } while (cursor != "0");
  return Unit{};
}

// A store's keys begin with `{<prefix>}:`, those of a shard with `{<prefix>:<shard>}:`.
Result<Unit> erase_redis(const StoreSpec& spec) {
  const auto address = check_target(spec);
  if (!address) return address.error();
  RedisConnection redis(*address, spec);
  const auto shards = erase_keys(redis, "{" + spec.prefix + ":*");
  return shards ? erase_keys(redis, "{" + spec.prefix + "}:*") : shards;
}

}  // namespace

Result<Unit> erase(const StoreSpec& spec) {
  if (spec.kind == "redis") return erase_redis(spec);
  return spec.kind == "sqlite" ? erase_file(spec.path, place_of(spec)) : Result<Unit>(Unit{});
}

}  // namespace store
