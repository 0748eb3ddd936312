#pragma once
// PassingStore: hands every call on to another store: what a store that breaks or delays one thing
// begins from.
#include <string>
#include <utility>
#include <vector>

#include "core/store.h"

namespace tests {

class PassingStore : public core::Store {
 public:
  // `whole` outlives it.
  explicit PassingStore(core::Store& whole) : whole_(whole) {}

  core::Result<uint64_t> take(uint32_t shard) override { return whole_.take(shard); }
  core::Result<core::Unit> commit(const core::Checkpoint& c) override { return whole_.commit(c); }
  core::Result<core::Unit> bind(uint32_t shards) override { return whole_.bind(shards); }
  core::Result<core::ShardState> load(uint32_t shard) override { return whole_.load(shard); }
  core::Result<uint64_t> append(const core::JournalEntry& e) override { return whole_.append(e); }
  core::Result<std::vector<core::JournalEntry>> journal(uint64_t after, size_t limit) override {
    return whole_.journal(after, limit);
  }
  core::Result<core::Unit> announce(const std::vector<core::Announcement>& a) override {
    return whole_.announce(a);
  }
  core::Result<std::vector<core::Announcement>> announcements(const std::string& s,
                                                              int64_t from) override {
    return whole_.announcements(s, from);
  }
  core::Result<core::Unit> request(const std::string& id, const std::string& bytes) override {
    return whole_.request(id, bytes);
  }
  core::Result<std::vector<std::pair<std::string, std::string>>> requests(size_t limit) override {
    return whole_.requests(limit);
  }
  core::Result<uint64_t> accept(const std::string& id, const core::JournalEntry& e) override {
    return whole_.accept(id, e);
  }
  core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> pending(
      size_t limit) override {
    return whole_.pending(limit);
  }
  core::Result<core::Unit> post(const core::OutboxItem& item) override { return whole_.post(item); }
  core::Result<core::Unit> settle(const std::string& id, const core::OutboxState& s) override {
    return whole_.settle(id, s);
  }
  core::Result<uint64_t> settle(const std::string& id, const core::OutboxState& s,
                                const core::JournalEntry& e) override {
    return whole_.settle(id, s, e);
  }
  core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> outbox(
      const std::string& i) override {
    return whole_.outbox(i);
  }
  core::Result<std::vector<core::LedgerLine>> ledger(const std::string& i) override {
    return whole_.ledger(i);
  }
  core::Result<core::Unit> put(const std::string& n, const std::string& v) override {
    return whole_.put(n, v);
  }
  core::Result<std::optional<std::string>> get(const std::string& n) override {
    return whole_.get(n);
  }
  core::Result<core::Unit> keep_book(const std::string& h, core::Time from,
                                     const std::string& b) override {
    return whole_.keep_book(h, from, b);
  }
  core::Result<std::vector<std::pair<std::string, core::Time>>> books() override {
    return whole_.books();
  }
  core::Result<std::optional<std::string>> book(const std::string& h) override {
    return whole_.book(h);
  }
  core::Result<size_t> forget_deliveries(core::Time before) override {
    return whole_.forget_deliveries(before);
  }
  core::Result<core::Unit> keep(const core::Slot& slot) override { return whole_.keep(slot); }
  core::Result<core::Unit> replace(const core::Slot& slot, const std::string& before) override {
    return whole_.replace(slot, before);
  }
  core::Result<std::optional<core::Slot>> find(const std::string& shelf,
                                               const std::string& key) override {
    return whole_.find(shelf, key);
  }
  core::Result<std::vector<core::Slot>> list(const std::string& shelf, const std::string& after,
                                             size_t limit) override {
    return whole_.list(shelf, after, limit);
  }
  core::Result<core::Unit> drop(const std::string& shelf, const std::string& key) override {
    return whole_.drop(shelf, key);
  }
  core::Result<size_t> drop_expired(const std::string& shelf, core::Time at) override {
    return whole_.drop_expired(shelf, at);
  }

 private:
  core::Store& whole_;
};

}  // namespace tests
