#pragma once
// Segments that are rewritten: those that a crash cut off, what is kept of dropped ones, and those
// that hold words of a person who is erased. Private to ingest/archive_*.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/archive_files.h"

namespace ingest {

struct RepairedSegment {
  ArchiveHead head;  // frames 0: nothing of it was whole, and it is gone
  uint64_t damaged_bytes = 0, cut_bytes = 0;
};
// A segment that fits its index is left alone. Else its whole frames stay, what lies behind the
// last of them is cut off, and the index is made anew.
core::Result<RepairedSegment> repair_segment(const std::string& folder, const ArchiveName& name,
                                             FrameCoder& coder);

struct KeptLine {
  core::Time at{};
  uint64_t id_hash = 0;
  std::string line;
};
// Appends the lines of a segment whose ids have these hashes (ascending). Of a damaged frame none.
void take_lines(const std::string& folder, const ArchiveName& name,
                const std::vector<uint64_t>& hashes, FrameCoder& coder, std::vector<KeptLine>& out);
// The segment `kept` holds just these, the newest of them up to `bytes_max`; how many had no room.
core::Result<size_t> write_kept(const std::string& folder, std::vector<KeptLine> lines,
                                uint64_t bytes_max, FrameCoder& coder);

// Whose line it is, as write_archive_line() writes it. "" is nobody.
struct Person {
  std::string author, customer;
};
// Takes a person's lines out of a segment; how many there were. Nothing is written when there are
// none. Damaged frames are left out of what is written.
core::Result<size_t> erase_lines(const std::string& folder, const ArchiveName& name,
                                 const Person& person, FrameCoder& coder);

}  // namespace ingest
