#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "store/redis_bytes.h"
#include "store/redis_store.h"

namespace store {

namespace {

using core::Result;
using core::Unit;

template <typename Number>
bool read_number(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

// The fields of a hash, sorted. `hash` is the reply to HGETALL: name, value, name, value ...
std::vector<std::pair<std::string, std::string>> sorted_fields(RedisReply& hash) {
  std::vector<std::pair<std::string, std::string>> fields;
  fields.reserve(hash.items.size() / 2);
  for (size_t i = 0; i + 1 < hash.items.size(); i += 2)
    fields.emplace_back(std::move(hash.items[i].text), std::move(hash.items[i + 1].text));
  std::sort(fields.begin(), fields.end());
  return fields;
}

// Gathers the keys and arguments of the script Commit, in the order that it lists.
class CommitCall {
 public:
  CommitCall(std::vector<std::string> keys, const core::Checkpoint& checkpoint)
      : keys_(std::move(keys)) {
    add(std::to_string(checkpoint.fence));
    add(std::to_string(core::to_ms(checkpoint.drained)));
    add_state(checkpoint);
  }

  // `key_of` gives the key of an incident's ledger, of the list of its notifications.
  template <typename KeyOf>
  void add_ledger(const std::vector<core::LedgerLine>& lines, const KeyOf& key_of) {
    add_length(lines.size());
    for (const core::LedgerLine& line : lines) {
      add(number_of(key_of(line.incident)));
      add(line.incident);
      add(encode_key(line));
      add(line.line);
    }
  }
  template <typename KeyOf>
  void add_outbox(const std::vector<core::OutboxItem>& items, const KeyOf& key_of) {
    add_length(items.size());
    for (const core::OutboxItem& item : items) {
      const std::string incident = incident_of(item);
      add(incident.empty() ? "0" : number_of(key_of(incident)));
      add(item.id);
      add(encode(item));
      add(ordered_hex(core::to_ms(item.at)) + item.id);
    }
  }

  template <typename KeyOf>
  void add_slots(const std::vector<core::Slot>& slots, const KeyOf& key_of) {
    add_length(slots.size());
    for (const core::Slot& slot : slots) {
      add(number_of(key_of("slots:" + slot.shelf)));
      add(number_of(key_of("slot_keys:" + slot.shelf)));
      add(slot.key);
      add(encode(slot));
    }
  }

  const std::vector<std::string>& keys() const { return keys_; }
  const std::vector<std::string>& arguments() const { return arguments_; }

 private:
  void add(std::string argument) { arguments_.push_back(std::move(argument)); }
  void add_length(size_t length) { add(std::to_string(length)); }

  void add_state(const core::Checkpoint& checkpoint) {
    add_length(checkpoint.streams.size());
    for (const auto& [name, state] : checkpoint.streams) add(name), add(state);
    // What is said of a family last stands, also when it was changed and erased in one checkpoint.
    std::map<std::string_view, std::string_view> last;
    for (const auto& [family, bytes] : checkpoint.families) last[family] = bytes;
    const auto erased = static_cast<size_t>(std::count_if(
        last.begin(), last.end(), [](const auto& change) { return change.second.empty(); }));
    add_length(last.size() - erased);
    for (const auto& [family, bytes] : last)
      if (!bytes.empty()) add(std::string(family)), add(std::string(bytes));
    add_length(erased);
    for (const auto& [family, bytes] : last)
      if (bytes.empty()) add(std::string(family));
    add_length(checkpoint.counters.size());
    for (const auto& [name, value] : checkpoint.counters) add(name), add(std::to_string(value));
  }

  // The number of a key among KEYS, which count from 1.
  std::string number_of(const std::string& key) {
    const auto [place, is_new] = numbers_.try_emplace(key, keys_.size() + 1);
    if (is_new) keys_.push_back(key);
    return std::to_string(place->second);
  }

  std::vector<std::string> keys_, arguments_;
  std::map<std::string, size_t> numbers_;
};

}  // namespace

Result<std::vector<uint32_t>> RedisStore::shards() {
  const auto reply = reader_.call({"SMEMBERS", key("shards")});
  if (!reply) return reply.error();
  std::vector<uint32_t> numbers;
  for (const RedisReply& member : reply->items)
    if (!read_number(member.text, numbers.emplace_back())) return reader_.damaged();
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<uint64_t> RedisStore::take(uint32_t shard) {
  // In this order: a shard with contents is always listed.
  const auto replies = writer_.pipeline(
      {{"SADD", key("shards"), std::to_string(shard)}, {"INCR", key(shard, "fence")}});
  if (!replies) return replies.error();
  return static_cast<uint64_t>(replies->back().integer);
}

Result<core::ShardState> RedisStore::load(uint32_t shard) {
  auto replies = reader_.at_once({{"GET", key(shard, "drained")},
                                  {"HGETALL", key(shard, "streams")},
                                  {"HGETALL", key(shard, "families")},
                                  {"HGETALL", key(shard, "counters")}});
  if (!replies) return replies.error();
  core::ShardState state;
  if (int64_t drained = 0; !replies->at(0).nil()) {
    if (!read_number(replies->at(0).text, drained)) return reader_.damaged();
    state.drained = core::from_ms(drained);
  }
  state.streams = sorted_fields(replies->at(1));
  state.families = sorted_fields(replies->at(2));
  for (const auto& [name, value] : sorted_fields(replies->at(3)))
    if (!read_number(value, state.counters.emplace_back(name, 0).second)) return reader_.damaged();
  return state;
}

Result<Unit> RedisStore::commit(const core::Checkpoint& checkpoint) {
  const uint32_t shard = checkpoint.shard;
  std::vector<std::string> keys;
  for (const char* name :
       {"fence", "drained", "streams", "families", "counters", "incidents", "outbox", "pending"})
    keys.push_back(key(shard, name));
  CommitCall call(std::move(keys), checkpoint);
  call.add_ledger(checkpoint.ledger,
                  [&](const std::string& incident) { return key(shard, "ledger:" + incident); });
  call.add_outbox(checkpoint.outbox,
                  [&](const std::string& incident) { return key(shard, "told:" + incident); });
  call.add_slots(checkpoint.slots, [&](const std::string& name) { return key(shard, name); });
  const auto reply = writer_.run(RedisScript::Commit, call.keys(), call.arguments());
  if (!reply) return reply.error();
  if (reply->integer != 1) return stale_fence(shard);
  return Unit{};
}

}  // namespace store
