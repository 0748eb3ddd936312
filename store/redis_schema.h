#pragma once
// The layout record of the Redis store, {<prefix>}:layout with the fields `schema` and `shards`,
// and how a store of an older schema is brought up to date. Private to store/.
#include <cstdint>
#include <string>

#include "core/result.h"
#include "store/redis_connection.h"

namespace store {

// Marks an empty store with our schema, upgrades an older one. BadSettings for a newer or unknown
// one. Several processes may do it at once.
core::Result<core::Unit> bring_up_to_date(RedisConnection& connection, const std::string& layout);

// Records the number of shards the first time; later compares.
core::Result<core::Unit> bind_layout(RedisConnection& connection, const std::string& layout,
                                     uint32_t shards);

}  // namespace store
