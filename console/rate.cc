#include "console/rate.h"

#include <algorithm>

namespace console {

namespace {
constexpr size_t kKeysMax = 4096;
}  // namespace

bool Rate::allows(const std::string& key, core::Time wall) {
  if (full_at_.size() >= kKeysMax && !full_at_.contains(key)) {
    std::erase_if(full_at_, [&](const auto& entry) { return entry.second <= wall; });
    if (full_at_.size() >= kKeysMax) return false;  // a flood from everywhere: nobody new
  }
  core::Time& full = full_at_[key];
  const core::Time next = std::max(full, wall) + refill_;
  if (next - wall > burst_ * refill_) return false;
  full = next;
  return true;
}

}  // namespace console
