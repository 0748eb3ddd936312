#include "store/redis_schema.h"

#include <charconv>
#include <iterator>

#include "store/layout.h"

namespace store {

namespace {

using core::Result;
using core::Unit;

// One row a schema version, from the empty store on: the next version is one more row. A step may
// be run twice and by two processes at once, so it only adds what is missing. Released rows never
// change.
using Upgrade = Result<Unit>(RedisConnection& connection, const std::string& layout);
struct Step {
  int64_t version;
  Upgrade* upgrade;  // nullptr: nothing to change
};
constexpr Step kSteps[] = {
    {1, nullptr}, {2, nullptr},  // shelves: new keys only
};
static_assert(std::end(kSteps)[-1].version == kSchemaVersion);

// What is not a number is no version of ours: 0.
int64_t number_in(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end ? number : 0;
}

}  // namespace

Result<Unit> bring_up_to_date(RedisConnection& connection, const std::string& layout) {
  const auto schema = connection.call({"HGET", layout, "schema"});
  if (!schema) return schema.error();
  const int64_t found = schema->nil() ? 0 : number_in(schema->text);
  if (!schema->nil())
    if (auto known = check_schema(connection.place(), found); !known) return known;
  if (found == kSchemaVersion) return Unit{};
  for (const Step& step : kSteps)
    if (step.version > found && step.upgrade != nullptr)
      if (auto done = step.upgrade(connection, layout); !done) return done;
  const auto set = connection.call({"HSET", layout, "schema", std::to_string(kSchemaVersion)});
  if (!set) return set.error();
  return Unit{};
}

Result<Unit> bind_layout(RedisConnection& connection, const std::string& layout, uint32_t shards) {
  const auto replies =
      connection.pipeline({{"HGET", layout, "schema"}, {"HGET", layout, "shards"}});
  if (!replies) return replies.error();
  if (auto known = check_schema(connection.place(), number_in((*replies)[0].text)); !known)
    return known;
  const bool recorded = !(*replies)[1].nil();
  const int64_t count = recorded ? number_in((*replies)[1].text) : shards;
  if (auto fits = check_shards(connection.place(), count, shards); !fits || recorded) return fits;
  const auto written = connection.pipeline(
      {{"HSETNX", layout, "shards", std::to_string(shards)}, {"HGET", layout, "shards"}});
  if (!written) return written.error();
  return check_shards(connection.place(), number_in((*written)[1].text), shards);
}

}  // namespace store
