#pragma once
// ArchiveWriter: the masked events of the last days in a folder, within bounds (docs/formats.md
// "Event archive"). One owner of a folder at a time, one thread; readers need no leave. Whatever
// goes wrong with the disk is counted and logged once, and nothing else stops for it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace ingest {

struct ArchiveLimits {
  core::Millis keep{int64_t{30} * 24 * 3'600'000};  // by event time, older segments go
  uint64_t bytes_max = 20'000'000'000;              // segments and indexes; the oldest go
  uint64_t kept_bytes_max = 64 * 1024 * 1024;       // lines of evidence kept beyond the bounds
  uint64_t disk_free_min = 256 * 1024 * 1024;       // below it nothing is written
  uint64_t segment_raw_max = 128 * 1024 * 1024;     // lines of a segment
  size_t segment_events_max = 262'144;
};

struct ArchiveFigures {
  uint64_t segments = 0, bytes = 0, events = 0;  // now, kept evidence included
  uint64_t kept = 0;                             // events of it
  // Since the start.
  uint64_t written = 0, repeated = 0, erased = 0;
  uint64_t dropped_age = 0, dropped_size = 0;  // with segments beyond a bound
  uint64_t dropped_disk = 0;                   // could not be written
  uint64_t dropped_line = 0;                   // larger than a line may be
  uint64_t dropped_kept = 0;                   // evidence that its bound had no room for
  uint64_t damaged_bytes = 0, cut_bytes = 0;   // found when it was opened
};

class ArchiveWriter {
 public:
  static constexpr size_t kOpenMax = 8;           // hours that are written at once
  static constexpr size_t kRemembered = 1 << 16;  // ids, so that none is written twice soon

  // Makes the folder. Repairs segments that were not closed: whole frames stay, what is behind the
  // last one is cut off, the index is made anew. `fresh`: begins with an empty one. BadSettings:
  // the folder cannot be made, or another process has it.
  static core::Result<std::unique_ptr<ArchiveWriter>> open(const std::string& folder,
                                                           const ArchiveLimits& limits, bool fresh);
  ~ArchiveWriter();  // without close(): as after a crash

  void add(core::Time at, std::string_view id, std::string_view line);  // no line break in it
  void flush();  // frames that have begun end: readers see all that was added
  void close();  // all segments, to the disk

  // `latest`: what event time is believed at most, so that one wrong date makes nothing old.
  bool over_bounds(core::Time latest) const;
  // Drops the oldest segments until the bounds hold; of them and of what was kept before, events
  // with these hashes of their ids (ascending) are kept.
  void trim(core::Time latest, const std::vector<uint64_t>& evidence);

  // Every event of a person: whose author is `author`, or customer is `customer` ("": none). Begins
  // with the segments that are there now; each call does one. Returns whether more are to be done.
  void begin_erasing(const std::string& author, const std::string& customer);
  bool erase_some();

  const ArchiveFigures& figures() const;

 private:
  struct State;
  explicit ArchiveWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ingest
