#include "store/redis_scripts.h"

#include "core/check.h"

namespace store {

namespace {

// Whole or not at all: everything behind the fence is known to succeed (no key has another type),
// and Redis writes the effects of one script as one transaction into its append-only file.
// unpack() takes some thousand values at most, so long lists go in pieces.
constexpr std::string_view kCommit = R"lua(
-- KEYS: fence drained streams families counters incidents outbox pending, then the ledgers and the
-- lists of notifications of the incidents named below
-- ARGV: fence drained, then seven lists, each behind its length:
--   (stream state) (family bytes) (erased family) (counter value)
--   (number of the ledger's key, incident, line's key, line)
--   (number of the list's key or 0, id, item, place in order)
--   (number of a shelf's values, number of its order, slot's key, its value)
-- gives 1, or 0 when the fence is stale
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local next_value = 3
local function length()
  next_value = next_value + 1
  return tonumber(ARGV[next_value - 1])
end
local function put_all(command, key, width)
  local first = next_value + 1
  local last = next_value + tonumber(ARGV[next_value]) * width
  for i = first, last, 1000 do
    redis.call(command, key, unpack(ARGV, i, math.min(i + 999, last)))
  end
  next_value = last + 1
end
redis.call('SET', KEYS[2], ARGV[2])
put_all('HSET', KEYS[3], 2)
put_all('HSET', KEYS[4], 2)
put_all('HDEL', KEYS[4], 1)
put_all('HSET', KEYS[5], 2)
for _ = 1, length() do
  local ledger, incident = KEYS[tonumber(ARGV[next_value])], ARGV[next_value + 1]
  redis.call('HSETNX', ledger, ARGV[next_value + 2], ARGV[next_value + 3])
  redis.call('SADD', KEYS[6], incident)
  next_value = next_value + 4
end
for _ = 1, length() do
  local told, id = tonumber(ARGV[next_value]), ARGV[next_value + 1]
  if redis.call('HSETNX', KEYS[7], id, ARGV[next_value + 2]) == 1 then
    redis.call('ZADD', KEYS[8], 0, ARGV[next_value + 3])
    if told > 0 then redis.call('SADD', KEYS[told], id) end
  end
  next_value = next_value + 4
end
for _ = 1, length() do
  local slots, order = tonumber(ARGV[next_value]), tonumber(ARGV[next_value + 1])
  redis.call('HSET', KEYS[slots], ARGV[next_value + 2], ARGV[next_value + 3])
  redis.call('ZADD', KEYS[order], 0, ARGV[next_value + 2])
  next_value = next_value + 4
end
return 1
)lua";

// A member is 16 hexadecimal digits of the position and 16 of the time, so that members are in
// order. Numbers of Lua are doubles and its string order is the locale's: compared in halves.
constexpr std::string_view kAnnounce = R"lua(
-- KEYS: one for each stream
-- ARGV: (number of the stream's key, position, time) ...
local function later(a, b)
  local high_a, high_b = tonumber(string.sub(a, 1, 8), 16), tonumber(string.sub(b, 1, 8), 16)
  if high_a ~= high_b then return high_a > high_b end
  return tonumber(string.sub(a, 9), 16) > tonumber(string.sub(b, 9), 16)
end
for i = 1, #ARGV, 3 do
  local key, position, time = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2]
  local known = redis.call('ZRANGEBYLEX', key, '[' .. position, '(' .. position .. 'g')[1]
  if not known or later(time, string.sub(known, 17)) then
    if known then redis.call('ZREM', key, known) end
    redis.call('ZADD', key, 0, position .. time)
  end
end
return 1
)lua";

// Those below are not harmless to repeat, so each leaves its result at the token of its call
// for a while; a repeated call finds it and does nothing.
constexpr std::string_view kAppend = R"lua(
-- KEYS: journal token
-- ARGV: entry, life of the token in ms
-- gives the entry's sequence
local done = redis.call('GET', KEYS[2])
if done then return tonumber(done) end
local sequence = redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], sequence, 'PX', ARGV[2])
return sequence
)lua";

constexpr std::string_view kRequest = R"lua(
-- KEYS: requests request_order request_count token
-- ARGV: id bytes, life of the token in ms
if redis.call('GET', KEYS[4]) then return 1 end
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[3]), ARGV[1])
end
redis.call('SET', KEYS[4], 1, 'PX', ARGV[3])
return 1
)lua";

constexpr std::string_view kAccept = R"lua(
-- KEYS: requests request_order journal token
-- ARGV: id entry, life of the token in ms
-- gives the entry's sequence, 0 when the request is gone
local done = redis.call('GET', KEYS[4])
if done then return tonumber(done) end
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
local sequence = redis.call('RPUSH', KEYS[3], ARGV[2])
redis.call('SET', KEYS[4], sequence, 'PX', ARGV[3])
return sequence
)lua";

constexpr std::string_view kSettle = R"lua(
-- KEYS: delivery journal token
-- ARGV: id state entry, life of the token in ms
-- gives the entry's sequence
local done = redis.call('GET', KEYS[3])
if done then return tonumber(done) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
local sequence = redis.call('RPUSH', KEYS[2], ARGV[3])
redis.call('SET', KEYS[3], sequence, 'PX', ARGV[4])
return sequence
)lua";

constexpr std::string_view kReplace = R"lua(
-- KEYS: values order token
-- ARGV: key, value (its first 16 bytes are the expiry), value before or "", life of the token in ms
-- gives 1, or 0 when it is another value now
local done = redis.call('GET', KEYS[3])
if done then return tonumber(done) end
local known = redis.call('HGET', KEYS[1], ARGV[1])
local fits = ARGV[3] == ''
if known then fits = ARGV[3] ~= '' and string.sub(known, 17) == ARGV[3]
elseif ARGV[3] ~= '' then fits = false end
local result = 0
if fits then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('ZADD', KEYS[2], 0, ARGV[1])
  result = 1
end
redis.call('SET', KEYS[3], result, 'PX', ARGV[4])
return result
)lua";

}  // namespace

std::string_view text_of(RedisScript script) {
  switch (script) {
    case RedisScript::Commit:
      return kCommit;
    case RedisScript::Announce:
      return kAnnounce;
    case RedisScript::Append:
      return kAppend;
    case RedisScript::Request:
      return kRequest;
    case RedisScript::Accept:
      return kAccept;
    case RedisScript::Settle:
      return kSettle;
    case RedisScript::Replace:
      return kReplace;
  }
  INVARIANT(false);
  return {};
}

}  // namespace store
