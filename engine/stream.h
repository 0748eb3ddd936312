#pragma once
// Stream: the time of one stream of events - one FILE list, or one Kafka partition
// (DESIGN 11.1-11.3). It judges what is late, holds back dates far ahead until others confirm them,
// and announces marks. A pure function of the events, their broker timestamps and the announcements
// made at given positions: no clock. Owned by one reader.
//
// What it decides goes to a sink, in order. `state()` is enough to go on after a crash: restart()
// on a new Stream, feed the source from read_from() on, and every accepted event gets the same `at`
// as before.
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/record.h"
#include "core/result.h"

namespace engine {

struct StreamLimits {
  core::Millis lateness{5'000};             // disorder allowed behind the newest event
  core::Millis age_max{7 * 86'400'000};     // older than this behind the mark: dead letter
  core::Millis future_max{24 * 3'600'000};  // further ahead than this waits to be confirmed
  core::Millis broker_tolerance{
      3'600'000};              // or is believed when the broker's own time is this near
  uint32_t confirmations = 3;  // of the next `confirm_within` events
  uint32_t confirm_within = 100;
};

class StreamSink {
 public:
  virtual ~StreamSink() = default;
  // `at` is set; the slot may be swapped with another.
  virtual void accept(core::EventSlot& event) = 0;
  virtual void mark(const core::Mark& mark) = 0;
  virtual void refuse(const core::Event& event, int64_t offset, uint32_t index,
                      std::string reason) = 0;
};

struct StreamCounters {
  uint64_t accepted = 0, late = 0, refused = 0;
};

class Stream {
 public:
  explicit Stream(StreamLimits limits) : limits_(limits) {}

  // Event `index` of the message at `offset`. REQUIRES: messages come in order of offset.
  void take(core::EventSlot& event, int64_t offset, uint32_t index, int64_t broker_ms,
            StreamSink& sink);
  // The message before position `next` is dealt with: a restart would begin there. Now and then
  // this gives a mark with a restart point.
  void passed(int64_t next, StreamSink& sink);
  // At this position, "nothing older than `at` will come" though no event said so. Moves the mark
  // only forward.
  void announce(core::Time at, StreamSink& sink);
  // Nothing will follow: settles what waits and gives the last mark.
  void end(StreamSink& sink);

  core::Time mark() const { return mark_; }      // kTimeMin before the first
  core::Time newest() const { return newest_; }  // kTimeMin before the first
  core::Time first() const {
    return first_;
  }  // the smallest `at` of any accepted event, or kTimeMax
  int64_t next() const { return next_; }
  core::Time latest_waiting() const;  // the latest date that waits to be confirmed, or kTimeMin
  const StreamCounters& counters() const { return counters_; }

  std::string state() const;
  // BadInput when `state` is not ours. REQUIRES: nothing was taken yet.
  core::Result<core::Unit> restart(std::string_view state);
  // Where the source has to begin: the first message that still waits, or next().
  int64_t read_from() const;
  // Whether message `offset` only has to be decoded again because of events of it that wait (then
  // take_again() it), or was dealt with (then skip it).
  enum class Seen { No, Waits, Dealt };
  Seen seen(int64_t offset) const;
  void take_again(core::EventSlot& event, int64_t offset, uint32_t index);

  static int64_t next_of(std::string_view state);  // -1: not ours

 private:
  struct Waiting {
    core::EventSlot event = std::make_unique<core::Event>();
    core::Time published{};
    int64_t offset = 0;
    uint32_t index = 0;
    uint32_t seen = 0, confirmed = 0;
  };

  bool knows_time() const { return mark_ != core::kTimeMin || newest_ != core::kTimeMin; }
  core::Time known() const { return std::max(mark_, newest_); }
  bool far_ahead(core::Time published, int64_t broker_ms) const;
  void accept(core::EventSlot& event, int64_t offset, uint32_t index, StreamSink& sink);
  void settle(StreamSink& sink);
  bool settle_one(size_t i, StreamSink& sink);
  void settle_first(StreamSink& sink);
  void advance(core::Time at, StreamSink& sink);

  StreamLimits limits_;
  core::Time mark_ = core::kTimeMin, newest_ = core::kTimeMin, first_ = core::kTimeMax;
  int64_t next_ = 0;
  std::deque<Waiting> waiting_;  // at most confirm_within
  StreamCounters counters_;
  core::Time point_at_ = core::kTimeMin;  // mark at the last restart point
  uint32_t since_point_ = 0;              // messages since then
};

}  // namespace engine
