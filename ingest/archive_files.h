#pragma once
// The archive's files: read whole or in pieces, written so that they are there whole or not at all.
// Private to ingest/archive_*.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ingest/archive_format.h"

namespace ingest {

std::string segment_path(const std::string& folder, const ArchiveName& name);
std::string index_path(const std::string& folder, const ArchiveName& name);
// Names of the segments in a folder, "kept" first, then by hour and number.
core::Result<std::vector<ArchiveName>> list_segments(const std::string& folder);
// Takes a segment and its index away; whether both are gone.
bool remove_segment(const std::string& folder, const ArchiveName& name);

// A file that is read at any place. Closed when it goes.
class ReadFile {
 public:
  explicit ReadFile(const std::string& path);
  ~ReadFile();
  ReadFile(const ReadFile&) = delete;
  ReadFile& operator=(const ReadFile&) = delete;

  int64_t size() const { return size_; }  // -1: it could not be opened
  // False: not all of it is there.
  bool read(uint64_t offset, size_t bytes, std::string& out) const;
  bool read_all(std::string& out) const;  // at most kArchiveSegmentMax

 private:
  int file_ = -1;
  int64_t size_ = -1;
};

// Writes `path` whole, to the disk, under another name first.
core::Result<core::Unit> write_whole(const std::string& path, std::string_view bytes);
core::Error cannot(const char* verb, const std::string& path);  // with errno in words

// The index's head, where the index fits its segment: both files are whole. nullopt: scan it.
std::optional<ArchiveHead> head_beside(const std::string& folder, const ArchiveName& name);

}  // namespace ingest
