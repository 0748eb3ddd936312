#pragma once
// The outbox half of a store in memory, which can be told to fail, and what the engine does with a
// courier's conclusions. The other half of core::Store answers Unavailable: the courier must not
// need it.
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/notification.h"
#include "core/store.h"

namespace fakes {

class Outbox final : public core::Store {
 public:
  // Adds a notification under its id; its group is channel and incident.
  void add(const core::Notification& n);
  void fail_next(size_t calls) { failures_ = calls; }
  size_t waiting() const;
  size_t reads() const { return reads_; }  // calls of pending()

  // What CourierSpec::conclude is given.
  core::Result<core::Unit> conclude(const std::string& id, const core::OutboxState& state,
                                    const core::Act& act);
  // By notification id, in the order of conclusion. A second one for an id breaks an invariant.
  const std::vector<core::Act>& outcomes() const { return outcomes_; }
  std::string outcome_of(const std::string& id) const;  // "" while it waits
  const core::OutboxState& state_of(const std::string& id) const { return rows_.at(id).state; }
  // Every state that was ever kept, for looking for secrets.
  const std::string& written() const { return written_; }

  core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> pending(
      size_t limit) override;
  core::Result<core::Unit> settle(const std::string& id, const core::OutboxState& state) override;
  core::Result<core::Unit> post(const core::OutboxItem&) override { return absent(); }

  core::Result<core::Unit> bind(uint32_t) override { return absent(); }
  core::Result<uint64_t> take(uint32_t) override { return absent(); }
  core::Result<core::ShardState> load(uint32_t) override { return absent(); }
  core::Result<core::Unit> commit(const core::Checkpoint&) override { return absent(); }
  core::Result<uint64_t> append(const core::JournalEntry&) override { return absent(); }
  core::Result<std::vector<core::JournalEntry>> journal(uint64_t, size_t) override {
    return absent();
  }
  core::Result<core::Unit> announce(const std::vector<core::Announcement>&) override {
    return absent();
  }
  core::Result<std::vector<core::Announcement>> announcements(const std::string&,
                                                              int64_t) override {
    return absent();
  }
  core::Result<core::Unit> request(const std::string&, const std::string&) override {
    return absent();
  }
  core::Result<std::vector<std::pair<std::string, std::string>>> requests(size_t) override {
    return absent();
  }
  core::Result<uint64_t> accept(const std::string&, const core::JournalEntry&) override {
    return absent();
  }
  core::Result<uint64_t> settle(const std::string&, const core::OutboxState&,
                                const core::JournalEntry&) override {
    return absent();
  }
  core::Result<std::vector<std::pair<core::OutboxItem, core::OutboxState>>> outbox(
      const std::string& incident) override;
  core::Result<std::vector<core::LedgerLine>> ledger(const std::string&) override {
    return absent();
  }
  core::Result<core::Unit> put(const std::string&, const std::string&) override { return absent(); }
  core::Result<std::optional<std::string>> get(const std::string&) override { return absent(); }
  core::Result<core::Unit> keep_book(const std::string&, core::Time, const std::string&) override {
    return absent();
  }
  core::Result<std::vector<std::pair<std::string, core::Time>>> books() override {
    return absent();
  }
  core::Result<std::optional<std::string>> book(const std::string&) override { return absent(); }
  core::Result<size_t> forget_deliveries(core::Time) override { return absent(); }

  // Shelves as every store has them; what is kept there is in written() too, but for handles.
  core::Result<core::Unit> keep(const core::Slot& slot) override;
  core::Result<core::Unit> replace(const core::Slot& slot, const std::string& before) override;
  core::Result<std::optional<core::Slot>> find(const std::string& shelf,
                                               const std::string& key) override;
  core::Result<std::vector<core::Slot>> list(const std::string& shelf, const std::string& after,
                                             size_t limit) override;
  core::Result<core::Unit> drop(const std::string& shelf, const std::string& key) override;
  core::Result<size_t> drop_expired(const std::string& shelf, core::Time at) override;

 private:
  struct Row {
    core::OutboxItem item;
    core::OutboxState state;
  };
  static core::Error absent() { return {core::Code::Unavailable, "only an outbox"}; }
  bool fails() { return failures_ > 0 && failures_-- > 0; }

  std::map<std::string, Row> rows_;
  std::map<std::pair<std::string, std::string>, core::Slot> slots_;  // by shelf and key
  std::vector<core::Act> outcomes_;
  std::string written_;
  size_t failures_ = 0, reads_ = 0;
};

}  // namespace fakes
