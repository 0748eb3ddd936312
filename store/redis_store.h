#pragma once
// The store on one Redis server. Private to store/; its methods are spread over redis_open.cc,
// redis_shard.cc (checkpoints), redis_journal.cc (journal, announcements, requests),
// redis_outbox.cc, redis_shelves.cc and redis_reading.cc (ledger, values, Books).
//
// Keys. What a commit writes lies under the hash tag {<prefix>:<shard>}, everything else under
// {<prefix>}, and no script touches two tags: a Redis Cluster could hold it. So an outbox item lies
// with its shard and its OutboxState ("delivery") with the journal, where both change together.
//   {p:7}:fence drained streams families counters    the shard's state
//   {p:7}:incidents  {p:7}:ledger:<incident>         its ledger, one hash an incident
//   {p:7}:outbox  {p:7}:told:<incident>              items by id; ids of one incident
//   {p:7}:slots:<shelf>  {p:7}:slot_keys:<shelf>     what commits kept: values; keys in order
//   {p:7}:pending                                    at + id of at least all that is not final
//   {p}:layout shards journal delivery requests request_order request_count values books
//   {p}:slots:<shelf>  {p}:slot_keys:<shelf>         what keep() and replace() kept
//   {p}:books_in_force  {p}:announced:<stream>  {p}:token:<token>
// An incident and its notifications belong to one family and so to one shard: that an id is known
// is noticed within its shard only.
//
// Two connections: a long read does not keep a shard's commit waiting on our side.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store.h"
#include "store/redis_connection.h"
#include "store/redis_tokens.h"
#include "store/rows.h"

namespace store {

class RedisStore final : public core::Store {
 public:
  RedisStore(const RedisAddress& address, const StoreSpec& spec)
      : prefix_(spec.prefix), writer_(address, spec), reader_(address, spec) {}

  // Marks or checks the store's schema. Called once, before anything else.
  core::Result<core::Unit> open();

  core::Result<core::Unit> bind(uint32_t shards) override;
  core::Result<uint64_t> take(uint32_t shard) override;
  core::Result<core::ShardState> load(uint32_t shard) override;
  core::Result<core::Unit> commit(const core::Checkpoint& checkpoint) override;

  core::Result<uint64_t> append(const core::JournalEntry& entry) override;
  core::Result<std::vector<core::JournalEntry>> journal(uint64_t after, size_t limit) override;
  core::Result<core::Unit> announce(const std::vector<core::Announcement>& announcements) override;
  core::Result<std::vector<core::Announcement>> announcements(const std::string& stream,
                                                              int64_t from_position) override;
  core::Result<core::Unit> request(const std::string& id, const std::string& bytes) override;
  core::Result<std::vector<std::pair<std::string, std::string>>> requests(size_t limit) override;
  core::Result<uint64_t> accept(const std::string& id, const core::JournalEntry& entry) override;

  core::Result<core::Unit> post(const core::OutboxItem& item) override;
  core::Result<std::vector<OutboxRow>> pending(size_t limit) override;
  core::Result<core::Unit> settle(const std::string& id, const core::OutboxState& state) override;
  core::Result<uint64_t> settle(const std::string& id, const core::OutboxState& state,
                                const core::JournalEntry& outcome) override;
  core::Result<std::vector<OutboxRow>> outbox(const std::string& incident) override;
  core::Result<size_t> forget_deliveries(core::Time before) override;

  core::Result<std::vector<core::LedgerLine>> ledger(const std::string& incident) override;
  core::Result<core::Unit> keep(const core::Slot& slot) override;
  core::Result<core::Unit> replace(const core::Slot& slot, const std::string& before) override;
  core::Result<std::optional<core::Slot>> find(const std::string& shelf,
                                               const std::string& key) override;
  core::Result<std::vector<core::Slot>> list(const std::string& shelf, const std::string& after,
                                             size_t limit) override;
  core::Result<core::Unit> drop(const std::string& shelf, const std::string& key) override;
  core::Result<size_t> drop_expired(const std::string& shelf, core::Time at) override;
  core::Result<core::Unit> put(const std::string& name, const std::string& value) override;
  core::Result<std::optional<std::string>> get(const std::string& name) override;
  core::Result<core::Unit> keep_book(const std::string& hash, core::Time from,
                                     const std::string& bytes) override;
  core::Result<std::vector<std::pair<std::string, core::Time>>> books() override;
  core::Result<std::optional<std::string>> book(const std::string& hash) override;

 private:
  std::string key(const std::string& name) const { return "{" + prefix_ + "}:" + name; }
  std::string key(uint32_t shard, const std::string& name) const {
    return "{" + prefix_ + ":" + std::to_string(shard) + "}:" + name;
  }
  core::Result<std::vector<uint32_t>> shards();  // all that were ever taken
  // What stands before the names of keys: of the store itself, then of each shard.
  core::Result<std::vector<std::string>> shelf_places();

  // Runs a script that must happen once (redis_tokens.h): the token's key and life are added.
  core::Result<int64_t> run_once(RedisScript script, std::vector<std::string> keys,
                                 std::vector<std::string> arguments);

  // redis_outbox.cc
  struct Found {
    uint32_t shard = 0;
    core::OutboxItem item;
  };
  core::Result<Found> find_item(const std::string& id);
  core::Result<std::vector<OutboxRow>> rows_of(uint32_t shard, const std::vector<std::string>& ids);
  core::Result<core::Unit> keep_in_order(const Found& found, const core::OutboxState& state);
  void take_out_of_order(const Found& found, const core::OutboxState& state);

  const std::string prefix_;
  RedisConnection writer_, reader_;
  RedisTokens tokens_;
};

}  // namespace store
