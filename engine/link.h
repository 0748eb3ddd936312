#pragma once
// Link: the bounded way from one lane to one shard (DESIGN seam 2, here in memory).
#include "core/record.h"
#include "core/ring.h"
#include "engine/doorbell.h"

namespace engine {

struct Link {
  Link(size_t records, Doorbell& shard, Doorbell& lane)
      : ring(records), shard_bell(shard), lane_bell(lane) {}

  core::Ring<core::Record> ring;
  Doorbell& shard_bell;  // rung by the lane: there is a record
  Doorbell& lane_bell;   // rung by the shard: there is room again
};

}  // namespace engine
