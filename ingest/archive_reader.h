#pragma once
// ArchiveReader: the masked events that a running system keeps (docs/formats.md "Event archive"),
// one by its id or all in order of time. Reads only, and may do so while the system writes: it sees
// what had been written when it was opened. One thread.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace ingest {

// `line` is what make_decoder("archive") reads: masked, ids of people keyed; no line break.
struct ArchivedEvent {
  core::Time at{};
  std::string line;
};

// From `from` on, before `to`.
struct ArchiveSpan {
  core::Time from = core::kTimeMin, to = core::kTimeMax;
};

struct ArchiveSegment {
  std::string name;    // "20260310T05-0", "kept"
  bool closed = true;  // it has its index; else it is being written, or was cut off
  uint64_t frames = 0, events = 0;
  uint64_t bytes = 0, raw_bytes = 0;  // of the file and its index; of the lines
  core::Time first_at{}, last_at{};
};

class ArchiveReader {
 public:
  // BadSettings when `folder` is none or cannot be read; an empty one is an archive without events.
  static core::Result<std::unique_ptr<ArchiveReader>> open(const std::string& folder,
                                                           ArchiveSpan span = {});
  ~ArchiveReader();

  // Whether a folder looks like an archive: it holds a segment, or the file that marks one.
  static bool is_archive(const std::string& folder);

  // The newest event with this id. Reads one frame a segment at most (of several with the same
  // hash, one each). The span does not matter.
  std::optional<ArchivedEvent> find(std::string_view id);

  // The next event of the span in order of time; those of one moment in the order in which they
  // were written. nullptr: there are no more. Keeps the frames in memory that overlap in time: a
  // few, at most those of the hours that were written at once.
  const ArchivedEvent* next();
  void rewind();  // next() begins anew

  const std::vector<ArchiveSegment>& segments() const;  // oldest first, "kept" before all
  uint64_t events() const;                              // in frames that overlap the span
  // What could not be read so far: frames that are damaged, segments that went meanwhile.
  uint64_t unreadable() const;

  // Reads all of it: lines that are no events, frames that are damaged, ids that the index does not
  // find. A line each; none: all is well.
  std::vector<std::string> verify();

 private:
  struct State;
  explicit ArchiveReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ingest
