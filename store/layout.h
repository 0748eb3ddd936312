#pragma once
// What every store records about itself: the version of its schema and the number of shards it was
// made for (DESIGN 11.17), and what is said when they do not fit. Private to store/.
#include <cstdint>
#include <string>

#include "core/result.h"

namespace store {

// The schema that this program writes. A store of an older one is brought up to it by the rows of
// kSteps in sqlite_schema.cc and redis_schema.cc.
inline constexpr int64_t kSchemaVersion = 2;

// Each says what does not fit, with both numbers, in one line; Unit when all is well.
core::Result<core::Unit> check_schema(const std::string& place, int64_t found);
core::Result<core::Unit> check_shards(const std::string& place, int64_t recorded, int64_t asked);

}  // namespace store
