#include "engine/archive_evidence.h"

#include <algorithm>

#include "engine/case.h"

namespace engine {

core::Result<std::vector<uint64_t>> open_evidence(core::Store& store, uint32_t shards,
                                                  std::shared_ptr<const core::Policy> policy) {
  core::PolicyTimeline policies;
  policies.add(core::kTimeMin, std::move(policy));
  std::vector<uint64_t> all;
  for (uint32_t shard = 0; shard < shards; ++shard) {
    const auto state = store.load(shard);
    if (!state) return state.error();
    for (const auto& [family, bytes] : state->families) {
      Case one(family, policies, {});
      if (!one.load(bytes))
        return core::Error{core::Code::BadInput, "the stored family " + family + " cannot be read"};
      one.open_evidence(all);
    }
  }
  std::ranges::sort(all);
  const auto [first, last] = std::ranges::unique(all);
  all.erase(first, last);
  return all;
}

}  // namespace engine
