#pragma once
// Lane: events -> signals. Masks what is personal, folds, asks the rules in force at the event's
// time, and sends each signal to the shard of its family, marks and acts to all shards. Owned by
// one lane thread, or stepped by a test.
//
// A lane never blocks inside a push: records that do not fit wait in order in front of their link,
// and nothing more is taken until they are gone.
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "core/text/fold.h"
#include "engine/batch.h"
#include "engine/ceiling.h"
#include "engine/counter.h"
#include "engine/event_sink.h"
#include "engine/hit_tally.h"
#include "engine/link.h"
#include "engine/replies.h"
#include "rules/book.h"

namespace engine {

// The Books that may be asked for, each from its event time on (DESIGN 11.8), oldest first; at
// least one.
using BookShelf = std::vector<std::pair<core::Time, std::shared_ptr<const rules::Book>>>;

struct LaneCounters {
  Counter events, signals, masked, duplicates, acts;
  Counter dropped_matches;  // matches of rules in one text beyond their number
  Counter held;             // batches that waited for a Book that was being put in force
};

// Whether an event's id was seen lately in this lane; copies share a channel and so a lane. It only
// counts: what is a duplicate for an incident is decided by the shard. One slot a hash: an old id
// is forgotten when another takes its slot.
class RecentIds {
 public:
  RecentIds() : slots_(kSlots, 0) {}
  // seen_before() of this hash will come soon: its slot is fetched meanwhile.
  void expect(uint64_t hash) const { __builtin_prefetch(&slots_[slot_of(hash)]); }
  bool seen_before(uint64_t hash);

 private:
  static constexpr size_t kSlots = 1 << 16;
  static size_t slot_of(uint64_t hash) { return (hash >> 32) % kSlots; }
  std::vector<uint32_t> slots_;
};

class Lane {
 public:
  // `inlets` from the readers, `outlets[i]` to shard i, `ceiling` (may be null) of all lanes; all
  // outlive the lane. `streams` come through the inlets: Books are let go of as their marks pass.
  Lane(const BookShelf& shelf, std::vector<BatchLink*> inlets, std::vector<Link*> outlets,
       const Ceiling* ceiling = nullptr, size_t streams = 0);

  // Who gets the events when they are judged; null: nobody. Outlives the lane.
  void give_events_to(EventSink* sink) { sink_ = sink; }

  // Whether anything was done. When not, the lane waits for its doorbell.
  bool step();
  // How Books reach it while it works; the other end is the control thread's.
  LaneMail& mail() { return *mail_; }
  // Whether a batch waits for a Book. The lane's thread.
  bool holds() const { return holds_; }

  // Loads what earlier processes kept of replies. REQUIRES: no step() was made.
  core::Result<core::Unit> start(Replies::Keeping keeping);
  // Why step() does nothing: the store did not take what has to be in it before more is sent.
  const std::optional<core::Error>& store_error() const { return replies_.error(); }

  // The parts of what a lane does to events, for step() and benches. begin() masks all events of a
  // batch in place and scans them at once; judge() then appends the signals of one; pass() those of
  // the replies that waited for a mark. REQUIRES: in this order.
  void begin(Batch& batch);
  void judge(Batch& batch, size_t i, std::vector<core::Signal>& out);
  void pass(uint32_t stream, const core::Mark& mark, std::vector<core::Signal>& out);

  // What a link, a file or a card is called is part of what was said: appends it to the text.
  static void add_titles(core::Event& event);

  const LaneCounters& counters() const { return counters_; }
  const ReplyCounters& replies() const { return replies_.counters(); }
  // From now on every hit is noted there, too (backtest). REQUIRES: nothing was taken yet.
  void tally_hits(HitTally* tally) { tally_ = tally; }

 private:
  bool flush();
  bool may_take(const Batch& batch);
  void adopt();
  void let_go();
  void take(Batch& batch);
  void take_event(Batch& batch, size_t i);
  void take_mark(const Batch::MarkAt& mark);
  void mask_and_fold(core::Event& event);
  void judge_words(Batch& batch, size_t i, std::vector<core::Signal>& out);
  void send_signals();
  void send(size_t shard, core::Record record);
  void send_all(const core::Record& record);
  rules::Judge& judge_at(core::Time at);

  std::vector<DatedJudge> judges_;  // ascending
  std::vector<BatchLink*> inlets_;
  std::vector<std::unique_ptr<Batch>> next_;  // one an inlet: what waits for a Book, or null
  std::vector<Link*> outlets_;
  // One a shard; emptied before another batch is taken.
  std::vector<std::deque<core::Record>> overflow_;
  core::text::Folded folded_;
  std::vector<core::Signal> signals_;
  rules::Judge* judge_ = nullptr;  // of the batch, when one Book holds for all of it
  EventSink* sink_ = nullptr;
  RecentIds recent_;
  const Ceiling* ceiling_;
  std::unique_ptr<LaneMail> mail_;  // its rings do not move
  std::vector<core::Time> marks_;   // of the streams; kTimeMax: ended
  bool holds_ = false;
  uint64_t dropped_matches_ = 0;  // of judges that were let go of
  Replies replies_;
  HitTally* tally_ = nullptr;
  LaneCounters counters_;
};

}  // namespace engine
