#pragma once
// BookSwap: puts a Book in force at an event time T while lanes and shards work (DESIGN 11.8):
// no event of T or later is judged by an older Book, no earlier one by the new Book, and no shard
// runs a deadline of T or later by an older policy. A lane waits only if it comes to T while the
// store writes. Owned by the control thread, which also moves the command lane.
//
// T is later than all that lanes, readers and the command lane have told of, by as much as event
// time moves in kAhead of wall time.
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/policy.h"
#include "core/store.h"
#include "engine/ceiling.h"
#include "engine/doorbell.h"
#include "engine/lane.h"

namespace engine {

// A Book that is ready: made where nobody waits for it.
struct ReadyBook {
  std::shared_ptr<const rules::Book> book;
  std::vector<std::unique_ptr<rules::Judge>> judges;  // one a lane
};

// Compiles nothing: allocates each lane's scratch.
ReadyBook make_ready(std::shared_ptr<const rules::Book> book, size_t lanes);

// What a swap works on; all outlives it.
struct SwapPlaces {
  struct LanePlace {
    LaneMail& mail;
    Doorbell& bell;
  };
  Ceiling& ceiling;
  std::vector<LanePlace> lanes;
  core::PolicyTimeline& policies;
  std::function<core::Time()> newest;   // of readers and the command lane
  std::function<core::Time()> drained;  // the smallest of the shards
};

class Pipeline;
SwapPlaces places_of(Pipeline& pipeline);

class BookSwap {
 public:
  static constexpr core::Millis kAhead{100};           // of wall time
  static constexpr core::Millis kWindow{1'000};        // event time's speed is measured over
  static constexpr core::Millis kAheadMax{3'600'000};  // of event time

  // `last`: from when the newest Book holds, as the store has it.
  BookSwap(SwapPlaces places, core::Store& store, core::Time last);

  // Every tick: sees how fast event time goes, and frees what the lanes no longer need. `wall` is
  // any steady clock's.
  void observe(core::Millis wall);

  // Whether all lanes can take one more Book.
  bool may_begin() const;
  // From when the Book holds. Unavailable: the store may have kept it or not, so the lanes wait in
  // front of T; call again with the same one, and let the command lane stand meanwhile. Any other
  // error: nothing has changed. REQUIRES: may_begin(), or called again.
  core::Result<core::Time> put_in_force(ReadyBook& ready);
  bool begun() const { return from_.has_value(); }

 private:
  struct Sample {
    core::Millis wall{};
    core::Time newest{};
  };

  core::Time newest_of_lanes() const;
  core::Millis ahead() const;
  core::Time choose();
  void ring();

  SwapPlaces places_;
  core::Store& store_;
  core::Time last_;
  std::optional<core::Time> from_;  // chosen and under the ceiling
  std::deque<Sample> samples_;      // of kWindow, ascending
};

}  // namespace engine
