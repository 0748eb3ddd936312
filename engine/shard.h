#pragma once
// Shard: the unit of state (DESIGN 1). It owns a set of families and is a deterministic function of
// (checkpoint, records): records wait in the agenda until the smallest mark of all streams has
// passed them, then take effect in one total order, deadlines at their own due times between them.
// Owned by one shard thread, or stepped by a test.
//
// INVARIANT: every record older than drained() has taken effect and no other has. A checkpoint says
// the same of what it holds, so after a crash records older than its `drained` are dropped and the
// rest repeats exactly.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/agenda.h"
#include "engine/counter.h"
#include "engine/families.h"
#include "engine/link.h"
#include "engine/progress.h"
#include "engine/rule_tally.h"

namespace engine {

struct ShardCounters {
  int64_t signals = 0, acts = 0, recalls = 0;
  int64_t repeated = 0;  // records read again after a crash and dropped, since the start
  int64_t families_dropped = 0;
  int64_t journal_sequence = 0;  // the last journal entry that took effect
  int64_t held = 0;              // 1 while people's deadlines stand still
  int64_t tally_dropped = 0;     // hits of rules for which the tally had no room
};

struct ShardSpec {
  uint32_t index = 0;
  CaseSpec cases;
  size_t records_max = 1'000'000;  // on the agenda; beyond, only the slowest link is read
  size_t families_max = 50'000;
  size_t commit_every = 4'096;  // records and marks
  bool live = false;            // run: commits decisions at once, and keeps what is to be sent
  core::Time until = core::kTimeMin;  // a replay runs deadlines on to here
};

// One way in: the link, and which streams come through it.
struct ShardInlet {
  Link* link = nullptr;
  std::vector<uint32_t> streams;
};

class Shard {
 public:
  using Publish = std::function<void(const alerting::Decisions&)>;

  // `streams` names all streams by their id. Everything borrowed outlives the shard. `publish` (may
  // be null) is told of decisions after they were committed.
  Shard(ShardSpec spec, core::Store& store, const core::PolicyTimeline& policies,
        std::vector<std::string> streams, std::vector<ShardInlet> inlets, Publish publish);

  // Takes ownership and loads the checkpoint.
  core::Result<core::Unit> start();
  // As loaded, by stream name.
  const std::map<std::string, std::string>& restart_states() const { return restart_states_; }

  // Whether anything was done; when not, the shard waits for its doorbell. An error is final
  // (Conflict), or Unavailable: nothing is lost, step again later.
  core::Result<bool> step();
  bool done() const { return done_; }  // every stream has ended and all is committed
  core::Result<core::Unit> commit();   // all so far: a clean stop

  // Any thread. What happened before it moved on is seen by who sees it.
  core::Time drained() const { return core::from_ms(drained_.load(std::memory_order_acquire)); }
  size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }  // any thread
  const ShardCounters& counters() const { return counters_; }
  // As of the last commit; any thread.
  struct Dropped {
    Counter families, evidence;  // by the limits of its containers
    Counter repeated;            // read again after a crash: nothing is lost by it
  };
  const Dropped& dropped() const { return dropped_; }
  const Families& families() const { return families_; }

 private:
  bool pop();
  void take(size_t inlet, core::Record& record);
  bool drain();
  void apply(core::Record& record);
  void observe(const core::Signal& signal);
  void set_drained(core::Time at);
  core::Checkpoint checkpoint();
  bool commit_is_due(bool idle) const;

  ShardSpec spec_;
  core::Store& store_;
  std::vector<ShardInlet> inlets_;
  Publish publish_;
  Progress progress_;
  Agenda agenda_;
  Families families_;
  RuleTally tally_;
  const core::PolicyTimeline& policies_;

  uint64_t fence_ = 0;
  std::map<std::string, std::string> restart_states_;
  ShardCounters counters_;
  std::optional<core::Checkpoint>
      unsaved_;                  // what the store could not take yet; nothing goes on before it has
  alerting::Decisions decided_;  // since the last commit
  size_t work_ = 0;              // records and marks since the last commit
  bool finished_ = false, done_ = false;
  std::atomic<int64_t> drained_{core::to_ms(core::kTimeMin)};
  std::atomic<size_t> waiting_{0};
  Dropped dropped_;
};

}  // namespace engine
