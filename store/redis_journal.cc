#include <algorithm>
#include <limits>
#include <map>

#include "store/redis_bytes.h"
#include "store/redis_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;

constexpr uint64_t kIndexMax = std::numeric_limits<int64_t>::max() / 2;

}  // namespace

// The journal is a list and an entry's sequence its place in it, so there can be no gap.
Result<uint64_t> RedisStore::append(const core::JournalEntry& entry) {
  const auto sequence = run_once(RedisScript::Append, {key("journal")}, {encode(entry)});
  if (!sequence) return sequence.error();
  return static_cast<uint64_t>(*sequence);
}

Result<std::vector<core::JournalEntry>> RedisStore::journal(uint64_t after, size_t limit) {
  std::vector<core::JournalEntry> entries;
  if (limit == 0) return entries;
  const uint64_t first = std::min(after, kIndexMax);
  const uint64_t last = first + std::min<uint64_t>(limit, kIndexMax) - 1;
  const auto reply =
      reader_.call({"LRANGE", key("journal"), std::to_string(first), std::to_string(last)});
  if (!reply) return reply.error();
  for (const RedisReply& item : reply->items) {
    core::JournalEntry& entry = entries.emplace_back();
    if (!decode(item.text, entry)) return reader_.damaged();
    entry.sequence = first + entries.size();
  }
  return entries;
}

Result<Unit> RedisStore::announce(const std::vector<core::Announcement>& announcements) {
  if (announcements.empty()) return Unit{};
  std::vector<std::string> keys, arguments;
  std::map<std::string, size_t> numbers;  // stream -> number of its key, from 1
  for (const core::Announcement& a : announcements) {
    const auto [place, is_new] = numbers.try_emplace(a.stream, keys.size() + 1);
    if (is_new) keys.push_back(key("announced:" + a.stream));
    arguments.push_back(std::to_string(place->second));
    arguments.push_back(ordered_hex(a.position));
    arguments.push_back(ordered_hex(core::to_ms(a.at)));
  }
  const auto reply = writer_.run(RedisScript::Announce, keys, arguments);
  if (!reply) return reply.error();
  return Unit{};
}

Result<std::vector<core::Announcement>> RedisStore::announcements(const std::string& stream,
                                                                  int64_t from_position) {
  const std::string from = ordered_hex(from_position);
  const auto reply = reader_.call({"ZRANGEBYLEX", key("announced:" + stream), "[" + from, "+"});
  if (!reply) return reply.error();
  std::vector<core::Announcement> found;
  for (const RedisReply& member : reply->items) {
    const auto position = read_ordered_hex(std::string_view(member.text).substr(0, 16));
    const auto at = read_ordered_hex(
        std::string_view(member.text).substr(std::min<size_t>(16, member.text.size())));
    if (!position || !at) return reader_.damaged();
    found.push_back({stream, *position, core::from_ms(*at)});
  }
  return found;
}

Result<Unit> RedisStore::request(const std::string& id, const std::string& bytes) {
  const auto done =
      run_once(RedisScript::Request, {key("requests"), key("request_order"), key("request_count")},
               {id, bytes});
  if (!done) return done.error();
  return Unit{};
}

Result<std::vector<std::pair<std::string, std::string>>> RedisStore::requests(size_t limit) {
  std::vector<std::pair<std::string, std::string>> waiting;
  if (limit == 0) return waiting;
  const std::string last = std::to_string(std::min<uint64_t>(limit, kIndexMax) - 1);
  const auto ids = reader_.call({"ZRANGE", key("request_order"), "0", last});
  if (!ids) return ids.error();
  if (ids->items.empty()) return waiting;
  RedisCommand command = {"HMGET", key("requests")};
  for (const RedisReply& id : ids->items) command.push_back(id.text);
  const auto bytes = reader_.call(command);
  if (!bytes) return bytes.error();
  if (bytes->items.size() != ids->items.size()) return reader_.damaged();
  for (size_t i = 0; i < ids->items.size(); ++i)  // nil: accepted between the two calls
    if (!bytes->items[i].nil()) waiting.emplace_back(ids->items[i].text, bytes->items[i].text);
  return waiting;
}

Result<uint64_t> RedisStore::accept(const std::string& id, const core::JournalEntry& entry) {
  const auto sequence =
      run_once(RedisScript::Accept, {key("requests"), key("request_order"), key("journal")},
               {id, encode(entry)});
  if (!sequence) return sequence.error();
  return static_cast<uint64_t>(*sequence);
}

}  // namespace store
