#include <algorithm>
#include <iterator>
#include <map>

#include "store/redis_bytes.h"
#include "store/redis_store.h"

// A slot lies with the shard that committed it, or with the store when keep() or replace() wrote
// it; of two the store's is the later one.
namespace store {

namespace {

using core::Result;
using core::Slot;
using core::Time;
using core::Unit;

}  // namespace

Result<Unit> RedisStore::keep(const Slot& slot) {
  const auto kept = writer_.at_once({{"HSET", key("slots:" + slot.shelf), slot.key, encode(slot)},
                                     {"ZADD", key("slot_keys:" + slot.shelf), "0", slot.key}});
  if (!kept) return kept.error();
  return Unit{};
}

Result<Unit> RedisStore::replace(const Slot& slot, const std::string& before) {
  const auto done =
      run_once(RedisScript::Replace, {key("slots:" + slot.shelf), key("slot_keys:" + slot.shelf)},
               {slot.key, encode(slot), before});
  if (!done) return done.error();
  if (*done != 1) return slot_has_changed(slot);
  return Unit{};
}

Result<std::vector<std::string>> RedisStore::shelf_places() {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  std::vector<std::string> places = {key("")};
  for (const uint32_t shard : *numbers) places.push_back(key(shard, ""));
  return places;
}

Result<std::optional<Slot>> RedisStore::find(const std::string& shelf, const std::string& name) {
  const auto places = shelf_places();
  if (!places) return places.error();
  std::vector<RedisCommand> commands;
  for (const std::string& place : *places)
    commands.push_back({"HGET", place + "slots:" + shelf, name});
  const auto replies = reader_.pipeline(commands);
  if (!replies) return replies.error();
  for (const RedisReply& reply : *replies) {
    if (reply.nil()) continue;
    Slot slot{shelf, name, "", {}};
    if (!decode(reply.text, slot)) return reader_.damaged();
    return std::optional(std::move(slot));
  }
  return std::optional<Slot>();
}

Result<std::vector<Slot>> RedisStore::list(const std::string& shelf, const std::string& after,
                                           size_t limit) {
  std::vector<Slot> found;
  const auto places = shelf_places();
  if (!places) return places.error();
  if (limit == 0) return found;
  std::vector<RedisCommand> commands;
  for (const std::string& place : *places)
    commands.push_back({"ZRANGEBYLEX", place + "slot_keys:" + shelf,
                        after.empty() ? "-" : "(" + after, "+", "LIMIT", "0",
                        std::to_string(std::min<size_t>(limit, INT32_MAX))});
  const auto names = reader_.pipeline(commands);
  if (!names) return names.error();
  std::map<std::string, size_t> order;  // name -> the first place that has it
  for (size_t i = 0; i < names->size(); ++i)
    for (const RedisReply& name : names->at(i).items) order.try_emplace(name.text, i);
  commands.clear();
  for (auto it = order.begin(); it != order.end() && commands.size() < limit; ++it) {
    found.push_back({shelf, it->first, "", {}});
    commands.push_back({"HGET", places->at(it->second) + "slots:" + shelf, it->first});
  }
  if (commands.empty()) return found;
  const auto values = reader_.pipeline(commands);
  if (!values) return values.error();
  for (size_t i = 0; i < found.size(); ++i)  // nil: dropped between the two calls
    if (!values->at(i).nil() && !decode(values->at(i).text, found[i])) return reader_.damaged();
  size_t i = 0;
  std::erase_if(found, [&](const Slot&) { return values->at(i++).nil(); });
  return found;
}

Result<Unit> RedisStore::drop(const std::string& shelf, const std::string& name) {
  const auto places = shelf_places();
  if (!places) return places.error();
  for (const std::string& place : *places) {
    const auto gone = writer_.at_once(
        {{"HDEL", place + "slots:" + shelf, name}, {"ZREM", place + "slot_keys:" + shelf, name}});
    if (!gone) return gone.error();
  }
  return Unit{};
}

Result<size_t> RedisStore::drop_expired(const std::string& shelf, Time at) {
  constexpr size_t kPage = 1'000;
  size_t count = 0;
  std::string after;
  for (;;) {
    const auto page = list(shelf, after, kPage);
    if (!page) return page.error();
    for (const Slot& slot : *page) {
      if (slot.expires >= at) continue;
      const auto gone = drop(shelf, slot.key);
      if (!gone) return gone.error();
      ++count;
    }
    if (page->size() < kPage) return count;
    after = page->back().key;
  }
}

}  // namespace store
