#pragma once
// TornStore: a store that breaks the one promise everything rests on. It saves a checkpoint's
// positions at once and its families and decisions only with the next one, as a system would that
// keeps them in two places.
#include <map>

#include "tests/engine/passing_store.h"

namespace tests {

class TornStore final : public PassingStore {
 public:
  using PassingStore::PassingStore;

  core::Result<core::Unit> commit(const core::Checkpoint& c) override {
    core::Checkpoint torn = c;
    core::Checkpoint& kept = kept_[c.shard];
    torn.families = kept.families;
    torn.ledger = kept.ledger;
    kept = c;
    return PassingStore::commit(torn);
  }
  core::Result<uint64_t> take(uint32_t shard) override {
    kept_.erase(shard);  // a new owner: what was not saved is lost
    return PassingStore::take(shard);
  }

 private:
  std::map<uint32_t, core::Checkpoint> kept_;
};

}  // namespace tests
