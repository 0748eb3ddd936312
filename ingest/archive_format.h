#pragma once
// The archive's bytes (docs/formats.md "Event archive"): names of segments, frames, the index
// beside a segment, and the scan that makes an index anew. Private to ingest/archive_*.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace ingest {

inline constexpr core::Millis kArchiveHour{3'600'000};
inline constexpr size_t kArchiveFrameBytes = 256 * 1024;  // of lines, then a frame ends
inline constexpr size_t kArchiveLineMax = 1024 * 1024;    // with its line break
inline constexpr size_t kArchiveFrameMax = kArchiveFrameBytes + kArchiveLineMax;
inline constexpr uint64_t kArchiveSegmentMax = uint64_t{1} << 30;  // bytes of a file that is read
inline constexpr std::string_view kArchiveMark =
    "qingyu.archive";                                     // marks the folder, and is its lock
inline constexpr std::string_view kArchiveKept = "kept";  // the segment of kept evidence

// "20260310T05-0": the hour (UTC) its events fall in, and a number. "kept" has no hour.
struct ArchiveName {
  core::Time hour{};
  uint32_t number = 0;
  bool kept = false;
  friend bool operator==(const ArchiveName&, const ArchiveName&) = default;
};
std::string to_text(const ArchiveName& name);
std::optional<ArchiveName> archive_name_from(std::string_view text);

struct ArchiveFrame {
  uint64_t offset = 0;                // in the segment's file
  uint32_t bytes = 0, raw_bytes = 0;  // compressed; of lines
  core::Time first_at{}, last_at{};   // the smallest and the greatest of its events
};
// Where the event with this hash of its id is.
struct ArchiveId {
  uint64_t hash = 0;               // core::hash64(id)
  uint32_t frame = 0, offset = 0;  // of its line in the frame's text
  friend auto operator<=>(const ArchiveId&, const ArchiveId&) = default;
};

// What can be told of a segment without its ids: the first bytes of its index.
struct ArchiveHead {
  uint64_t frames = 0, events = 0;
  uint64_t segment_bytes = 0, raw_bytes = 0;
  core::Time first_at = core::kTimeMax, last_at = core::kTimeMin;
};
struct ArchiveIndex {
  ArchiveHead head;
  std::vector<ArchiveFrame> frames;
  std::vector<ArchiveId> ids;  // ascending when it is written

  void add(const ArchiveFrame& frame);  // and to the head
};
inline constexpr size_t kIndexHeadBytes = 72, kIndexFrameBytes = 32, kIndexIdBytes = 16;

std::string encode(const ArchiveIndex& index);  // REQUIRES: ids are sorted
// BadInput: not an index, cut off, or changed. `bytes`: at least kIndexHeadBytes of it.
core::Result<ArchiveHead> decode_index_head(std::string_view bytes);
ArchiveFrame decode_index_frame(std::string_view bytes);  // REQUIRES: kIndexFrameBytes
ArchiveId decode_index_id(std::string_view bytes);        // REQUIRES: kIndexIdBytes
// The head and the frames; `bytes` is the whole index, its checksum is looked at.
core::Result<ArchiveIndex> decode_index(std::string_view bytes);

// zstd, its working memory reused. One thread.
class FrameCoder {
 public:
  FrameCoder();
  ~FrameCoder();
  std::string_view compress(std::string_view raw);  // until the next call
  // Into `raw`; false: it is no whole frame, or changed, or larger than kArchiveFrameMax.
  bool decompress(std::string_view frame, std::string& raw);
  // How long the frame is with which `bytes` begin; 0: none that is whole.
  static size_t frame_size(std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What a line tells of itself without being parsed: every line begins {"ts":N,"id":"..."
struct ArchiveLineHead {
  core::Time at{};
  std::string_view id;  // as it is written, with its escapes
};
std::optional<ArchiveLineHead> line_head(std::string_view line);
std::optional<std::string> id_of(const ArchiveLineHead& head);  // its escapes read

// A segment without an index: its whole frames. What is damaged between two of them is passed over.
struct ArchiveScan {
  ArchiveIndex index;          // ids ascending; head.segment_bytes: up to the last whole frame
  uint64_t damaged_bytes = 0;  // between whole frames
  uint64_t cut_bytes = 0;      // behind the last whole frame
};
ArchiveScan scan_segment(std::string_view bytes, FrameCoder& coder);

// Calls take(line, offset) for each line of a frame's text, without its line break.
template <typename Take>
void each_line(std::string_view raw, Take take) {
  for (size_t at = 0; at < raw.size();) {
    const size_t end = std::min(raw.find('\n', at), raw.size());
    take(raw.substr(at, end - at), at);
    at = end + 1;
  }
}

}  // namespace ingest
