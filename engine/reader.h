#pragma once
// Reader: one source, read in order: bytes -> events -> their times (Stream) -> dealt to lanes by
// channel. Owned by one reader thread, or stepped by a test. It never blocks on a lane: what does
// not fit is kept and tried again.
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/batch.h"
#include "engine/counter.h"
#include "engine/mark_board.h"
#include "engine/stream.h"
#include "ingest/dead_letters.h"
#include "ingest/decode.h"
#include "ingest/source.h"

namespace engine {

// Whether commands and outcomes may come as events. In a replay they are part of what happened; a
// live source is open to whoever writes to it, and nobody decides by writing into a chat.
enum class ActEvents : uint8_t { Refused, Taken };

struct ReaderSpec {
  StreamLimits limits;
  ActEvents acts = ActEvents::Taken;
  std::string decoder = "qingyu";
  uint32_t first_stream = 0;          // partition i of the source is stream first_stream + i
  size_t poll_messages = 512;         // a poll
  core::Millis ahead_max{3'600'000};  // a stream this far ahead of the slowest is not read on
};

struct ReaderCounters {
  Counter messages, bytes;
  Counter accepted, late;  // events, of all partitions, those before a restart included
  Counter cut;             // texts and items that the decoder's limits left out
};

class Reader {
 public:
  // Everything borrowed outlives the reader.
  Reader(ingest::Source& source, std::unique_ptr<ingest::Decoder> decoder, ReaderSpec spec,
         ingest::DeadLetters& dead_letters, MarkBoard& board, std::vector<BatchLink*> lanes);
  ~Reader();

  // `states[i]` restarts partition i ("" = from the beginning); `announcements[i]` are repeated at
  // their positions.
  core::Result<core::Unit> start(const std::vector<std::string>& states,
                                 std::vector<std::vector<core::Announcement>> announcements);

  enum class Step {
    Worked,   // something was read, or handed on
    Blocked,  // a lane has no room: wait for its doorbell
    Idle,     // nothing to read now
    Ended,    // every partition has ended and everything was handed on
    Failed,   // the source is lost for good: error()
  };
  // Waits at most `wait` for the source. `until`: events published later stay unread for now
  // (pace); kTimeMax = none.
  Step step(core::Millis wait, core::Time until);

  // In run only: partition i announces by the clock (already stored). REQUIRES: nothing is half
  // handed on.
  void announce(uint32_t partition, core::Time at);

  // In run only: without data for too long, it does not hold the others back though it is behind
  // its end.
  void set_stalled(uint32_t partition, bool stalled);

  const core::Error& error() const { return *error_; }  // REQUIRES: the last step was Failed

  size_t partitions() const { return streams_.size(); }
  const Stream& stream(uint32_t partition) const { return streams_[partition]; }
  uint32_t stream_id(uint32_t partition) const { return spec_.first_stream + partition; }
  // Read to its end as of the last step; or, paced, waiting for the time of its next event.
  bool drained(uint32_t partition) const;
  core::Time next_published() const {
    return held_until_;
  }  // of the event that pace holds back, else kTimeMax
  const ReaderCounters& counters() const { return counters_; }

 private:
  class Dealer;

  void want_balanced();
  bool take_messages(core::Time until);
  bool decode(const ingest::RawMessage& message);
  void take(const ingest::RawMessage& message);
  void dead_letter(const ingest::RawMessage& message, uint32_t index, const std::string& reason,
                   std::string_view bytes);
  bool poll(core::Millis wait);
  void repeat_announcements(uint32_t partition, int64_t position);
  void repeat_last_announcements();
  void end_partitions();
  void publish(uint32_t partition);
  void publish_all();
  bool flush();

  ingest::Source& source_;
  std::unique_ptr<ingest::Decoder> decoder_;
  ReaderSpec spec_;
  ingest::DeadLetters& dead_letters_;
  MarkBoard& board_;
  std::deque<Stream> streams_;
  std::vector<std::deque<core::Announcement>> announcements_;
  std::vector<bool> ended_, wanted_, stalled_;
  std::unique_ptr<Dealer> dealer_;

  std::span<const ingest::RawMessage> polled_;  // what the last poll gave
  size_t cursor_ = 0;                           // of it: the next message
  bool decoded_ = false;                        // events_ holds the message at the cursor
  ingest::EventBatch events_;
  core::Time held_until_ = core::kTimeMax;
  std::optional<core::Error> error_;
  ReaderCounters counters_;
};

}  // namespace engine
