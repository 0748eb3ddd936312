#include <algorithm>

#include "store/redis_bytes.h"
#include "store/redis_store.h"

namespace store {

namespace {

using core::Result;
using core::Time;
using core::Unit;

constexpr size_t kBatch = 256;  // ledgers in one pipeline

// The lines of one incident. `hash` is the reply to HGETALL. Returns whether all could be read.
bool add_lines(const std::string& incident, const RedisReply& hash,
               std::vector<core::LedgerLine>& lines) {
  for (size_t i = 0; i + 1 < hash.items.size(); i += 2) {
    core::LedgerLine& line = lines.emplace_back();
    line.incident = incident;
    line.line = hash.items[i + 1].text;
    if (!decode_key(hash.items[i].text, line)) return false;
  }
  return true;
}

std::optional<std::string> optional_text(const RedisReply& reply) {
  if (reply.nil()) return std::nullopt;
  return reply.text;
}

}  // namespace

Result<std::vector<core::LedgerLine>> RedisStore::ledger(const std::string& incident) {
  const auto numbers = shards();
  if (!numbers) return numbers.error();
  std::vector<std::pair<uint32_t, std::string>> wanted;  // shard, incident
  for (const uint32_t shard : *numbers) {
    if (!incident.empty()) {
      wanted.emplace_back(shard, incident);
      continue;
    }
    const auto incidents = reader_.call({"SMEMBERS", key(shard, "incidents")});
    if (!incidents) return incidents.error();
    for (const RedisReply& member : incidents->items) wanted.emplace_back(shard, member.text);
  }
  std::vector<core::LedgerLine> lines;
  for (size_t first = 0; first < wanted.size(); first += kBatch) {
    const size_t count = std::min(kBatch, wanted.size() - first);
    std::vector<RedisCommand> commands;
    for (size_t i = first; i < first + count; ++i)
      commands.push_back({"HGETALL", key(wanted[i].first, "ledger:" + wanted[i].second)});
    const auto replies = reader_.pipeline(commands);
    if (!replies) return replies.error();
    for (size_t i = 0; i < count; ++i)
      if (!add_lines(wanted[first + i].second, replies->at(i), lines)) return reader_.damaged();
  }
  std::sort(lines.begin(), lines.end(), in_ledger_order);
  return lines;
}

Result<Unit> RedisStore::put(const std::string& name, const std::string& value) {
  const auto set = writer_.call({"HSET", key("values"), name, value});
  if (!set) return set.error();
  return Unit{};
}

Result<std::optional<std::string>> RedisStore::get(const std::string& name) {
  const auto value = reader_.call({"HGET", key("values"), name});
  if (!value) return value.error();
  return optional_text(*value);
}

Result<Unit> RedisStore::keep_book(const std::string& hash, Time from, const std::string& bytes) {
  const auto kept = writer_.at_once(
      {{"HSETNX", key("books"), hash, bytes},
       {"ZADD", key("books_in_force"), "0", ordered_hex(core::to_ms(from)) + hash}});
  if (!kept) return kept.error();
  return Unit{};
}

Result<std::vector<std::pair<std::string, Time>>> RedisStore::books() {
  const auto reply = reader_.call({"ZRANGE", key("books_in_force"), "0", "-1"});
  if (!reply) return reply.error();
  std::vector<std::pair<std::string, Time>> all;
  for (const RedisReply& member : reply->items) {
    const auto from = read_ordered_hex(std::string_view(member.text).substr(0, 16));
    if (!from) return reader_.damaged();
    all.emplace_back(member.text.substr(16), core::from_ms(*from));
  }
  return all;
}

Result<std::optional<std::string>> RedisStore::book(const std::string& hash) {
  const auto bytes = reader_.call({"HGET", key("books"), hash});
  if (!bytes) return bytes.error();
  return optional_text(*bytes);
}

}  // namespace store
