#pragma once
// The evidence of incidents that are not closed, as a store's checkpoints have it: what the archive
// keeps beyond its bounds.
#include <cstdint>
#include <memory>
#include <vector>

#include "core/policy.h"
#include "core/store.h"

namespace engine {

// Hashes of the ids of their excerpts' events (alerting/excerpts.h: at most 20 an incident),
// ascending, each once. Reads every family: for rare use. Any thread.
core::Result<std::vector<uint64_t>> open_evidence(core::Store& store, uint32_t shards,
                                                  std::shared_ptr<const core::Policy> policy);

}  // namespace engine
