#pragma once
// LossyStore: a store that says it keeps slots and does not, or that mostly does not answer.
#include "tests/engine/passing_store.h"

namespace tests {

class LossyStore final : public PassingStore {
 public:
  enum class Loses { Slots, MostAttempts };
  LossyStore(core::Store& whole, Loses loses) : PassingStore(whole), loses_(loses) {}

  core::Result<core::Unit> keep(const core::Slot& slot) override {
    if (loses_ == Loses::Slots) return core::Unit{};
    if (++attempts_ % 40 != 0) {
      ++refused_;
      return core::Error{core::Code::Unavailable, "away"};
    }
    return PassingStore::keep(slot);
  }

  size_t refused() const { return refused_; }

 private:
  const Loses loses_;
  size_t attempts_ = 0, refused_ = 0;
};

}  // namespace tests
