#pragma once
// Replies: whose subject a message takes that names nothing itself: that of the message which it
// replies to, else of the one it forwards, else of the one it stands under, in the same channel of
// the same stream (DESIGN 11.5). Part of a lane, owned by its thread.
//
// The answer is a pure function of the events and their times, whatever their order: a reply waits
// until its stream's mark has passed it, so that all it may refer to has come, and it takes nothing
// over that is newer than itself by `at`. Its signals leave before that mark. No shard could have
// used them earlier, so nothing is told later for it.
//
// What was named is kept in the store (shelf "replies") before any shard sees a restart point
// behind it, so that after a crash the same replies find the same subjects.
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/event.h"
#include "core/record.h"
#include "core/store.h"
#include "engine/counter.h"
#include "engine/reply_chunk.h"

namespace engine {

struct ReplyCounters {
  Counter inherited;   // messages with hits that took a subject over
  Counter unresolved;  // messages with hits that refer to what names nothing, or is not known
  Counter forgotten;   // named messages beyond kNamedMax
  Counter hasty;       // replies beyond kWaitingMax or kHeldMax: judged at once, by themselves
};

class Replies {
 public:
  static constexpr const char* kShelf = "replies";
  static constexpr core::Millis kReach{24 * 3'600'000};  // from a reply back to what it refers to
  static constexpr core::Millis kKept{48 * 3'600'000};   // in the store: a shard may lie behind
  static constexpr uint8_t kDepthMax = 4;                // replies to replies
  static constexpr size_t kNamedMax = 1 << 17;    // messages that named something, of one lane
  static constexpr size_t kWaitingMax = 1 << 16;  // replies waiting for their mark
  static constexpr size_t kHeldMax = 4'096;       // of them with hits: the whole event is held

  // Judges once more an event to which `inherited` was handed down.
  using Judge = std::function<void(core::Event&, const rules::Inherited& inherited)>;

  // Where this lane keeps what it knows. Without it nothing outlives the process.
  struct Keeping {
    core::Store* store = nullptr;      // outlives the replies
    std::vector<std::string> streams;  // names, by id
    size_t lane = 0, lanes = 1;
  };
  // Loads what earlier processes kept of these streams. REQUIRES: nothing was taken yet.
  core::Result<core::Unit> start(Keeping keeping);

  // `signals` from `first` on were made of `event`. Those of a reply that names nothing are taken
  // back: it waits.
  void take(const core::Event& event, uint32_t stream, std::vector<core::Signal>& signals,
            size_t first);

  // Before `mark` is sent: `judge` is called for the replies that waited for it and inherit; the
  // signals of the others are appended as they were. Gathers what has to be in the store before the
  // mark's restart point is told.
  void pass(uint32_t stream, const core::Mark& mark, const Judge& judge,
            std::vector<core::Signal>& signals);

  // Tries to put into the store what was gathered. False: nothing may be sent, try again later.
  bool save();
  bool saved() const { return unsaved_.empty(); }
  const std::optional<core::Error>& error() const { return error_; }  // of the last save()

  const ReplyCounters& counters() const { return counters_; }

 private:
  struct Held {
    core::Event event;
    std::vector<core::Signal> signals;  // as it was judged by itself
  };
  struct Waiting {
    ReplyingMessage reply;
    std::unique_ptr<Held> held;  // null: no rule hit it
  };
  struct Stream {
    core::Time mark = core::kTimeMin;
    std::vector<Waiting> waiting;
    std::vector<NamedMessage> fresh;  // since the last restart point
  };
  struct Kept {  // one chunk of this lane
    std::string key;
    size_t named = 0;
    core::Time newest{};
  };
  struct AsIs {  // the keys are hashes already
    size_t operator()(uint64_t key) const { return key; }
  };

  Stream& stream(uint32_t id);
  void wait(const core::Event& event, uint32_t stream, std::vector<core::Signal>& signals,
            size_t first);
  const NamedMessage* find(uint32_t stream, const ReplyingMessage& reply, uint64_t id) const;
  void settle(uint32_t stream, Waiting& waiting, const Judge& judge,
              std::vector<core::Signal>& signals);
  // Whether it is news.
  bool remember(uint32_t stream, const NamedMessage& named);
  void forget();
  void gather(uint32_t stream, core::Time at);
  void drop_old_chunks();
  core::Result<core::Unit> load(const core::Slot& slot,
                                std::vector<std::pair<uint32_t, NamedMessage>>& named);
  core::Time smallest_mark() const;

  Keeping keeping_;
  std::vector<Stream> streams_;
  std::unordered_map<uint64_t, NamedMessage, AsIs> named_;
  std::deque<std::pair<core::Time, uint64_t>> order_;  // of named_: time and key, as they came
  size_t waiting_ = 0, held_ = 0;
  std::deque<core::Slot> unsaved_;
  std::deque<Kept> kept_;  // oldest first
  size_t kept_named_ = 0;  // their sum
  std::optional<core::Error> error_;
  std::vector<Waiting> due_;  // scratch
  ReplyCounters counters_;
};

}  // namespace engine
