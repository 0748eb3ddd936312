#pragma once
// Pipeline: readers, lanes, shards and the bounded ways between them, wired but not running.
// Embedded drives it with threads; tests step its parts in any order they like. The result is the
// same: that is the point.
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/store.h"
#include "engine/command_lane.h"
#include "engine/lane.h"
#include "engine/reader.h"
#include "engine/shard.h"

namespace engine {

struct SourceInput {
  std::unique_ptr<ingest::Source> source;
  std::string decoder = "qingyu";
  StreamLimits limits;
  ActEvents acts = ActEvents::Taken;
};

// Whether acts come through a command lane (run, and a replay with a journal) or only as events.
enum class Acts : uint8_t { AsEvents, Journalled };

struct PipelineSpec {
  size_t lanes = 1;
  uint32_t shards = 1;
  Acts acts = Acts::AsEvents;
  ShardSpec shard;                // of every shard; index is set here
  std::vector<EventSink*> sinks;  // one a lane, or none: who gets the judged events
  size_t batches_per_link = 32;
  size_t records_per_link = 4'096;
};

class Pipeline {
 public:
  // Binds and loads the store, and starts the sources where its checkpoints say. `store` and
  // `dead_letters` outlive the pipeline.
  static core::Result<std::unique_ptr<Pipeline>> create(const PipelineSpec& spec,
                                                        core::Store& store, const BookShelf& shelf,
                                                        std::vector<SourceInput> inputs,
                                                        ingest::DeadLetters& dead_letters,
                                                        Shard::Publish publish);
  ~Pipeline();

  std::deque<Reader>& readers() { return readers_; }
  std::deque<Lane>& lanes() { return lanes_; }
  std::deque<Shard>& shards() { return shards_; }
  CommandLane* commands() { return commands_.get(); }  // null with Acts::AsEvents
  MarkBoard& board() { return *board_; }
  Ceiling& ceiling() { return ceiling_; }
  core::PolicyTimeline& policies() { return policies_; }
  // The latest time of anything that a reader or the command lane has told of; kTimeMin when there
  // was nothing. The control thread.
  core::Time newest() const;
  Doorbell& reader_bell(size_t i) { return reader_bells_[i]; }
  Doorbell& lane_bell(size_t i) { return lane_bells_[i]; }
  Doorbell& shard_bell(size_t i) { return shard_bells_[i]; }

  const ingest::Source& source(size_t reader) const { return *inputs_[reader].source; }
  const std::vector<std::string>& stream_names() const { return stream_names_; }
  // Sums over all parts; any thread.
  struct Counts {
    uint64_t messages = 0, events = 0, late = 0, duplicates = 0, signals = 0, acts = 0;
    uint64_t masked = 0, repeated = 0;
    // Left out by limits: see ReaderCounters, LaneCounters, Shard::Dropped.
    uint64_t cut = 0, dropped_matches = 0, dropped_families = 0, dropped_evidence = 0;
    uint64_t dropped_replies = 0;  // ReplyCounters: forgotten, hasty
    uint64_t inherited = 0;        // messages that took their subject from another
  };
  Counts counts() const;
  size_t waiting_batches() const;  // readers -> lanes; any thread
  size_t waiting_records() const;  // lanes -> shards, and on the shards' agendas; any thread

  // The smallest `at` of any accepted event, or kTimeMax. REQUIRES: the readers stand still.
  core::Time first() const;
  core::Time drained() const;  // the smallest of the shards
  bool done() const;           // every shard is

 private:
  Pipeline(const PipelineSpec& spec, std::vector<SourceInput> inputs);
  void name_streams();
  void link(core::Store& store, const BookShelf& shelf, ingest::DeadLetters& dead_letters,
            Shard::Publish publish);
  void make_shards(core::Store& store, Shard::Publish publish);
  core::Result<core::Unit> start(core::Store& store);
  core::Result<core::Unit> start_lanes(core::Store& store);
  core::Result<core::Unit> start_reader(size_t reader, core::Store& store);
  std::string restart_state(const std::string& stream) const;

  PipelineSpec spec_;
  std::vector<SourceInput> inputs_;
  // Those of the sources, then "commands" where there is that lane.
  std::vector<std::string> stream_names_;
  core::PolicyTimeline policies_;
  Ceiling ceiling_;
  std::unique_ptr<MarkBoard> board_;
  std::deque<Doorbell> reader_bells_, lane_bells_, shard_bells_;
  Doorbell control_bell_;
  std::deque<BatchLink> batch_links_;
  std::deque<Link> links_;
  std::deque<Reader> readers_;
  std::deque<Lane> lanes_;
  std::deque<Shard> shards_;
  std::unique_ptr<CommandLane> commands_;
};

}  // namespace engine
