#pragma once
// Status: what a running system says of itself once a second, kept in its store as one JSON object
// (docs/formats.md "Status") for `qingyu status`.
#include <optional>
#include <string>

#include "alerting/courier.h"
#include "core/clock.h"
#include "engine/archivist.h"
#include "engine/heartbeat.h"
#include "engine/housekeeping.h"
#include "engine/pipeline.h"
#include "engine/reloading.h"

namespace engine {

inline constexpr const char* kStatusName = "status";

struct StatusParts {
  Pipeline& pipeline;
  const ingest::DeadLetters& dead_letters;
  alerting::CourierCounters courier;
  core::Time started_wall{}, wall{};
  std::string book_hash;
  ReloadStatus reloads;
  bool held = false;
  HeartbeatCounters heartbeat;
  std::optional<ArchiveCounts> archive;  // where there is one
  HousekeepingCounters forgotten;        // kept long enough, since the start
};

std::string status_json(const StatusParts& parts);

// For people, from the JSON; `wall` tells how old it is. `running`: whether the system that wrote
// it runs, where that is known; else a status some seconds old is taken for a stopped system's.
std::string status_text(const std::string& json, core::Time wall, std::optional<bool> running);

}  // namespace engine
