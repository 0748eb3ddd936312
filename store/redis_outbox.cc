#include <algorithm>

#include "store/redis_bytes.h"
#include "store/redis_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;

constexpr size_t kPage = 1000;  // ids in one command

std::string place_in_order(const core::OutboxItem& item) {
  return ordered_hex(core::to_ms(item.at)) + item.id;
}
std::string id_in(const std::string& place) {
  return place.substr(std::min<size_t>(16, place.size()));
}

// Where reading a shard's items in order has come to.
struct Cursor {
  uint32_t shard = 0;
  size_t next = 0;
  size_t open = 0;  // items found that are not final
  bool ended = false;
};

}  // namespace

// The items `ids` of one shard, those that are not there left out.
Result<std::vector<OutboxRow>> RedisStore::rows_of(uint32_t shard,
                                                   const std::vector<std::string>& ids) {
  std::vector<OutboxRow> rows;
  for (size_t first = 0; first < ids.size(); first += kPage) {
    const size_t count = std::min(kPage, ids.size() - first);
    RedisCommand items = {"HMGET", key(shard, "outbox")}, states = {"HMGET", key("delivery")};
    for (size_t i = first; i < first + count; ++i)
      items.push_back(ids[i]), states.push_back(ids[i]);
    const auto replies = reader_.pipeline({items, states});
    if (!replies) return replies.error();
    const auto& [item_bytes, state_bytes] = std::tie(replies->at(0).items, replies->at(1).items);
    if (item_bytes.size() != count || state_bytes.size() != count) return reader_.damaged();
    for (size_t i = 0; i < count; ++i) {
      if (item_bytes[i].nil()) continue;
      OutboxRow row;
      row.first.id = ids[first + i];
      if (!decode(item_bytes[i].text, row.first)) return reader_.damaged();
      if (!state_bytes[i].nil() && !decode(state_bytes[i].text, row.second))
        return reader_.damaged();
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

// The order of sending holds at least every item that is not final (see settle), so what is final
// is passed over here, and each shard is read on until `limit` others are found.
Result<std::vector<OutboxRow>> RedisStore::pending(size_t limit) {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  std::vector<Cursor> cursors;
  if (limit > 0)
    for (const uint32_t shard : *numbers) cursors.push_back({.shard = shard});
  const size_t page = std::min(limit, kPage);
  std::vector<OutboxRow> found;
  while (!cursors.empty()) {
    std::vector<RedisCommand> commands;
    for (const Cursor& cursor : cursors)
      commands.push_back({"ZRANGE", key(cursor.shard, "pending"), std::to_string(cursor.next),
                          std::to_string(cursor.next + page - 1)});
    const auto pages = reader_.pipeline(commands);
    if (!pages) return pages.error();
    for (size_t i = 0; i < cursors.size(); ++i) {
      Cursor& cursor = cursors[i];
      std::vector<std::string> ids;
      for (const RedisReply& place : pages->at(i).items) ids.push_back(id_in(place.text));
      auto rows = rows_of(cursor.shard, ids);
      if (!rows) return rows.error();
      for (OutboxRow& row : *rows)
        if (!is_final(row.second.delivery)) ++cursor.open, found.push_back(std::move(row));
      cursor.next += ids.size();
      cursor.ended = ids.size() < page || cursor.open >= limit;
    }
    std::erase_if(cursors, [](const Cursor& cursor) { return cursor.ended; });
  }
  std::sort(found.begin(), found.end(), in_outbox_order);
  if (found.size() > limit) found.resize(limit);
  return found;
}

// It lies with the first shard. The order first: what it names and is not there is passed over.
Result<Unit> RedisStore::post(const core::OutboxItem& item) {
  const auto posted = writer_.at_once({{"SADD", key("shards"), "0"},
                                       {"ZADD", key(0, "pending"), "0", place_in_order(item)},
                                       {"HSETNX", key(0, "outbox"), item.id, encode(item)}});
  if (!posted) return posted.error();
  return Unit{};
}

Result<RedisStore::Found> RedisStore::find_item(const std::string& id) {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  std::vector<RedisCommand> commands;
  for (const uint32_t shard : *numbers) commands.push_back({"HGET", key(shard, "outbox"), id});
  if (commands.empty()) return unknown_notification(id);
  const auto replies = reader_.pipeline(commands);
  if (!replies) return replies.error();
  for (size_t i = 0; i < replies->size(); ++i) {
    if (replies->at(i).nil()) continue;
    Found found{numbers->at(i), {}};
    found.item.id = id;
    if (!decode(replies->at(i).text, found.item)) return reader_.damaged();
    return found;
  }
  return unknown_notification(id);
}

// The state and the order lie under different hash tags and cannot change together. The order is
// kept a superset: an item enters it before its state says that it is to be sent, and leaves it
// after its state is final. A crash between the two leaves an entry that pending() passes over.
Result<Unit> RedisStore::keep_in_order(const Found& found, const core::OutboxState& state) {
  if (is_final(state.delivery)) return Unit{};
  const auto added =
      writer_.call({"ZADD", key(found.shard, "pending"), "0", place_in_order(found.item)});
  if (!added) return added.error();
  return Unit{};
}

void RedisStore::take_out_of_order(const Found& found, const core::OutboxState& state) {
  if (is_final(state.delivery))
    static_cast<void>(
        writer_.call({"ZREM", key(found.shard, "pending"), place_in_order(found.item)}));
}

Result<Unit> RedisStore::settle(const std::string& id, const core::OutboxState& state) {
  const auto found = find_item(id);
  if (!found) return found.error();
  if (auto kept = keep_in_order(*found, state); !kept) return kept;
  const auto set = writer_.call({"HSET", key("delivery"), id, encode(state)});
  if (!set) return set.error();
  take_out_of_order(*found, state);
  return Unit{};
}

Result<uint64_t> RedisStore::settle(const std::string& id, const core::OutboxState& state,
                                    const core::JournalEntry& outcome) {
  const auto found = find_item(id);
  if (!found) return found.error();
  if (auto kept = keep_in_order(*found, state); !kept) return kept.error();
  const auto sequence = run_once(RedisScript::Settle, {key("delivery"), key("journal")},
                                 {id, encode(state), encode(outcome)});
  if (!sequence) return sequence.error();
  take_out_of_order(*found, state);
  return static_cast<uint64_t>(*sequence);
}

// An item whose state is gone would be sent again, so the item goes first.
Result<size_t> RedisStore::forget_deliveries(core::Time before) {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  size_t count = 0;
  for (const uint32_t shard : *numbers) {
    const auto ids = reader_.call({"HKEYS", key(shard, "outbox")});
    if (!ids) return ids.error();
    std::vector<std::string> names;
    for (const RedisReply& id : ids->items) names.push_back(id.text);
    const auto rows = rows_of(shard, names);
    if (!rows) return rows.error();
    for (const auto& [item, state] : *rows) {
      if (!is_final(state.delivery) || item.at >= before) continue;
      const auto gone =
          writer_.pipeline({{"HDEL", key(shard, "outbox"), item.id},
                            {"ZREM", key(shard, "pending"), place_in_order(item)},
                            {"SREM", key(shard, "told:" + incident_of(item)), item.id},
                            {"HDEL", key("delivery"), item.id}});
      if (!gone) return gone.error();
      ++count;
    }
  }
  return count;
}

Result<std::vector<OutboxRow>> RedisStore::outbox(const std::string& incident) {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  std::vector<OutboxRow> found;
  for (const uint32_t shard : *numbers) {
    const auto reply =
        reader_.call(incident.empty() ? RedisCommand{"HKEYS", key(shard, "outbox")}
                                      : RedisCommand{"SMEMBERS", key(shard, "told:" + incident)});
    if (!reply) return reply.error();
    std::vector<std::string> ids;
    for (const RedisReply& id : reply->items) ids.push_back(id.text);
    auto rows = rows_of(shard, ids);
    if (!rows) return rows.error();
    std::move(rows->begin(), rows->end(), std::back_inserter(found));
  }
  std::sort(found.begin(), found.end(), in_outbox_order);
  return found;
}

}  // namespace store
