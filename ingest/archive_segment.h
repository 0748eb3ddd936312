#pragma once
// SegmentWriter: one segment of the archive while it is written, and its index when it is closed.
// Frames go to the file whole; they reach the disk when the system likes, at the latest when the
// segment is closed. Private to ingest/archive_*.
#include <memory>
#include <string>
#include <string_view>

#include "ingest/archive_files.h"

namespace ingest {

class SegmentWriter {
 public:
  // Beside: under another name; close() puts it in the place of a segment of this name.
  enum class Place { Fresh, Beside };
  static core::Result<std::unique_ptr<SegmentWriter>> create(const std::string& folder,
                                                             const ArchiveName& name,
                                                             FrameCoder& coder, Place place);
  ~SegmentWriter();  // as a crash leaves it, when it was not closed
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // A frame that is full ends. After an error the events of that frame are lost (take_lost()), and
  // the file holds the whole frames before it. REQUIRES: line + break <= kArchiveLineMax.
  core::Result<core::Unit> add(core::Time at, uint64_t id_hash, std::string_view line);
  core::Result<core::Unit> end_frame();  // what has begun
  // To the disk, with its index. A segment without events is taken away. REQUIRES: once.
  core::Result<core::Unit> close();

  const ArchiveName& name() const { return name_; }
  const ArchiveHead& head() const { return index_.head; }  // of whole frames; events: all
  uint64_t raw_bytes() const { return index_.head.raw_bytes + raw_.size(); }
  size_t events() const { return index_.ids.size(); }
  size_t take_lost();  // events lost by errors since the last call

 private:
  SegmentWriter(const std::string& folder, const ArchiveName& name, FrameCoder& coder, Place place,
                int file);
  core::Result<core::Unit> append(std::string_view bytes);

  std::string folder_, path_;
  ArchiveName name_;
  FrameCoder& coder_;
  Place place_;
  int file_;
  ArchiveIndex index_;     // ids in the order of events until it is closed
  std::string raw_;        // of the frame that has begun
  size_t frame_from_ = 0;  // its first id
  ArchiveFrame frame_;
  size_t lost_ = 0;
};

}  // namespace ingest
