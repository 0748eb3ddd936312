#pragma once
// Archivist: takes the events that lanes are done with, calls people by their keys, and writes them
// into the archive; keeps its bounds and the evidence of open incidents, and lets erased people's
// words go. Owned by the archive's thread, or stepped by a test.
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/policy.h"
#include "core/store.h"
#include "engine/archive_inlet.h"
#include "ingest/archive_writer.h"
#include "rules/keyed_hash.h"

namespace engine {

// Shelf of people whose words are to go: key the author's handle, value the same person's keyed
// hash as a customer. `qingyu erase` puts it there, the archivist takes it away when it is done.
inline constexpr const char* kErasureShelf = "erasures";

struct ArchivistSpec {
  std::string folder;
  ingest::ArchiveLimits limits;
  bool fresh = false;  // begins with an empty archive
  std::string hash_key;
  size_t lanes = 1;
  core::Store* store = nullptr;  // null: no evidence is kept, nobody is erased
  uint32_t shards = 1;
  std::function<std::shared_ptr<const core::Policy>()> policy;  // in force now; any thread
};

struct ArchiveCounts {
  ingest::ArchiveFigures figures;
  uint64_t dropped_queue = 0;  // the lanes were faster
};

class Archivist {
 public:
  static constexpr size_t kTakeMax = 1'024;  // events a lane, then the next lane
  static constexpr core::Millis kBelieved{int64_t{48} * 3'600'000};  // event time before the clock

  static core::Result<std::unique_ptr<Archivist>> open(ArchivistSpec spec);

  EventSink& inlet(size_t lane) { return inlets_[lane]; }
  // Writes some of what has come, and erases a little. Whether there was anything to do.
  bool step();
  // Now and then: ends frames, so that readers see all; keeps the bounds; looks who asked to be
  // erased. `wall`: the clock, by which no wrong date of an event makes all others old.
  void tend(core::Time wall);
  void close();  // all that has come, to the disk

  ArchiveCounts counts() const;  // as of the last tend() or close(); any thread

 private:
  Archivist(ArchivistSpec spec, std::unique_ptr<ingest::ArchiveWriter> writer);
  bool take();
  void write(core::Event& event);
  void trim(core::Time latest);
  void look_for_erasures();
  bool erase_some();
  void note();

  ArchivistSpec spec_;
  std::unique_ptr<ingest::ArchiveWriter> writer_;
  std::deque<ArchiveInlet> inlets_;
  rules::Members members_;
  std::function<bool(const std::string&)> is_ours_;
  std::shared_ptr<const core::Policy> policy_;  // as of the last tend()
  std::string line_, erasing_;                  // the handle that is being erased
  bool warned_ = false;
  mutable std::mutex mutex_;  // guards counts_
  ArchiveCounts counts_;
};

}  // namespace engine
