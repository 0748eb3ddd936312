#include "store/layout.h"

namespace store {

core::Result<core::Unit> check_schema(const std::string& place, int64_t found) {
  const std::string known = std::to_string(kSchemaVersion);
  if (found > kSchemaVersion)
    return core::Error{core::Code::BadSettings, place + " has schema " + std::to_string(found) +
                                                    ", this qingyu knows up to " + known +
                                                    ": run the newer qingyu that wrote it"};
  if (found < 1)
    return core::Error{core::Code::BadSettings,
                       place + " has schema " + std::to_string(found) +
                           ", which no released qingyu wrote (they begin at 1, this one has " +
                           known + "): it cannot be upgraded"};
  return core::Unit{};
}

core::Result<core::Unit> check_shards(const std::string& place, int64_t recorded, int64_t asked) {
  if (asked < 1) return core::Error{core::Code::BadSettings, "a store needs at least 1 shard"};
  if (recorded == asked) return core::Unit{};
  return core::Error{core::Code::BadSettings, place + " was made for " + std::to_string(recorded) +
                                                  " shards, not " + std::to_string(asked) +
                                                  ": set shards to " + std::to_string(recorded) +
                                                  " or begin with an empty store"};
}

}  // namespace store
