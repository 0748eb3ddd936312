#include "core/log.h"
#include "store/kinds.h"
#include "store/redis_schema.h"
#include "store/redis_store.h"

namespace store {

namespace {

using core::Code;
using core::Result;
using core::Unit;

// Settings of the server with which it may forget what it has confirmed. It may not let us look.
void warn_of_forgetful(RedisConnection& connection) {
  const auto info = connection.pipeline({{"INFO", "persistence"}, {"INFO", "memory"}});
  if (!info) return;
  if (info->front().text.find("aof_enabled:0") != std::string::npos)
    core::log(core::LogLevel::Warning,
              connection.place() +
                  " keeps no append-only file (appendonly no): a crash of Redis "
                  "loses everything since its last snapshot");
  const std::string& memory = info->back().text;
  if (memory.find("maxmemory:0\r") == std::string::npos &&
      memory.find("maxmemory_policy:noeviction") == std::string::npos)
    core::log(core::LogLevel::Warning, connection.place() +
                                           " throws keys away when its memory is full: set "
                                           "maxmemory-policy noeviction");
}

}  // namespace

Result<std::unique_ptr<core::Store>> open_redis(const StoreSpec& spec) {
  const auto address = check_target(spec);
  if (!address) return address.error();
  auto store = std::make_unique<RedisStore>(*address, spec);
  if (auto opened = store->open(); !opened) return opened.error();
  return std::unique_ptr<core::Store>(std::move(store));
}

Result<Unit> RedisStore::open() {
  if (auto done = bring_up_to_date(writer_, key("layout")); !done) return done;
  warn_of_forgetful(reader_);
  return Unit{};
}

Result<Unit> RedisStore::bind(uint32_t shards) {
  return bind_layout(writer_, key("layout"), shards);
}

Result<int64_t> RedisStore::run_once(RedisScript script, std::vector<std::string> keys,
                                     std::vector<std::string> arguments) {
  constexpr const char* kTokenLifeMs = "86400000";
  std::vector<std::string> call = keys;
  call.insert(call.end(), arguments.begin(), arguments.end());
  const std::string token = tokens_.take(call);
  keys.push_back(key("token:" + token));
  arguments.push_back(kTokenLifeMs);
  const auto reply = writer_.run(script, keys, arguments);
  if (reply) return reply->integer;
  if (reply.error().code == Code::Unavailable) tokens_.keep(call, token);
  return reply.error();
}

}  // namespace store
