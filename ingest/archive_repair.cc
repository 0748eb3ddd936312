#include "ingest/archive_repair.h"

#include <unistd.h>

#include <algorithm>

#include "core/hash.h"
#include "ingest/archive_segment.h"

namespace ingest {

namespace {

// Calls take(text) for each frame of a closed segment that can be read.
template <typename Take>
void each_frame(const std::string& folder, const ArchiveName& name, FrameCoder& coder, Take take) {
  const ReadFile index_file(index_path(folder, name)), segment(segment_path(folder, name));
  std::string bytes, raw;
  if (!index_file.read_all(bytes)) return;
  const auto index = decode_index(bytes);
  if (!index) return;
  for (const ArchiveFrame& frame : index->frames)
    if (segment.read(frame.offset, frame.bytes, bytes) && coder.decompress(bytes, raw)) take(raw);
}

// The hash of a line's id.
std::optional<uint64_t> hash_of(const ArchiveLineHead& head) {
  const auto id = id_of(head);
  return id ? std::optional(core::hash64(*id)) : std::nullopt;
}

}  // namespace

core::Result<RepairedSegment> repair_segment(const std::string& folder, const ArchiveName& name,
                                             FrameCoder& coder) {
  RepairedSegment done;
  if (const auto head = head_beside(folder, name)) {
    done.head = *head;
    return done;
  }
  const std::string path = segment_path(folder, name);
  std::string bytes;
  if (!ReadFile(path).read_all(bytes))
    return core::Error{core::Code::Unavailable, "cannot read " + path + ", or it is too large"};
  ArchiveScan scan = scan_segment(bytes, coder);
  done.head = scan.index.head;
  done.damaged_bytes = scan.damaged_bytes;
  done.cut_bytes = scan.cut_bytes;
  if (scan.index.frames.empty()) {
    if (!remove_segment(folder, name)) return cannot("remove", path);
    return done;
  }
  if (scan.cut_bytes > 0 &&
      ::truncate(path.c_str(), static_cast<off_t>(scan.index.head.segment_bytes)) != 0)
    return cannot("mend", path);
  const auto written = write_whole(index_path(folder, name), encode(scan.index));
  if (!written) return written.error();
  return done;
}

// Few segments hold any of them, and then few frames: the index is asked first.
void take_lines(const std::string& folder, const ArchiveName& name,
                const std::vector<uint64_t>& hashes, FrameCoder& coder,
                std::vector<KeptLine>& out) {
  const ReadFile index_file(index_path(folder, name)), segment(segment_path(folder, name));
  std::string bytes, raw;
  if (hashes.empty() || !index_file.read_all(bytes)) return;
  const auto index = decode_index(bytes);
  if (!index) return;
  std::vector<bool> wanted(index->frames.size());
  const std::string_view ids =
      std::string_view(bytes).substr(kIndexHeadBytes + index->frames.size() * kIndexFrameBytes);
  for (size_t at = 0; at < ids.size(); at += kIndexIdBytes) {
    const ArchiveId id = decode_index_id(ids.substr(at, kIndexIdBytes));
    if (id.frame < wanted.size() && std::ranges::binary_search(hashes, id.hash))
      wanted[id.frame] = true;
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    const ArchiveFrame& frame = index->frames[i];
    if (!wanted[i] || !segment.read(frame.offset, frame.bytes, bytes) ||
        !coder.decompress(bytes, raw))
      continue;
    each_line(raw, [&](std::string_view line, size_t) {
      const auto head = line_head(line);
      const auto hash = head ? hash_of(*head) : std::nullopt;
      if (hash && std::ranges::binary_search(hashes, *hash))
        out.push_back({head->at, *hash, std::string(line)});
    });
  }
}

core::Result<size_t> write_kept(const std::string& folder, std::vector<KeptLine> lines,
                                uint64_t bytes_max, FrameCoder& coder) {
  ArchiveName name;
  name.kept = true;
  std::ranges::stable_sort(lines, {}, &KeptLine::at);
  uint64_t bytes = 0;
  size_t first = lines.size();
  while (first > 0 && bytes + lines[first - 1].line.size() <= bytes_max)
    bytes += lines[--first].line.size();
  if (first == lines.size()) {
    if (!remove_segment(folder, name)) return cannot("remove", segment_path(folder, name));
    return first;
  }
  auto writer = SegmentWriter::create(folder, name, coder, SegmentWriter::Place::Beside);
  if (!writer) return writer.error();
  for (size_t i = first; i < lines.size(); ++i) {
    const auto added = (*writer)->add(lines[i].at, lines[i].id_hash, lines[i].line);
    if (!added) return added.error();
  }
  const auto closed = (*writer)->close();
  if (!closed) return closed.error();
  return first;
}

// Within a string every quote has a backslash before it: what looks like a field is one.
core::Result<size_t> erase_lines(const std::string& folder, const ArchiveName& name,
                                 const Person& person, FrameCoder& coder) {
  std::vector<std::string> marks;
  if (!person.author.empty()) marks.push_back(",\"author\":{\"id\":\"" + person.author + '"');
  if (!person.customer.empty()) marks.push_back(",\"customer\":\"" + person.customer + '"');
  const auto theirs = [&marks](std::string_view text) {
    return std::ranges::any_of(
        marks, [&](const std::string& mark) { return text.find(mark) != std::string_view::npos; });
  };
  size_t count = 0;
  each_frame(folder, name, coder, [&](std::string_view raw) {
    if (theirs(raw)) each_line(raw, [&](std::string_view line, size_t) { count += theirs(line); });
  });
  if (count == 0) return count;
  auto writer = SegmentWriter::create(folder, name, coder, SegmentWriter::Place::Beside);
  if (!writer) return writer.error();
  core::Result<core::Unit> written = core::Unit{};
  each_frame(folder, name, coder, [&](const std::string& raw) {
    const std::string text = raw;  // the coder is used by the writer, too
    each_line(text, [&](std::string_view line, size_t) {
      const auto head = line_head(line);
      const auto hash = head ? hash_of(*head) : std::nullopt;
      if (!hash || theirs(line) || !written) return;
      written = (*writer)->add(head->at, *hash, line);
    });
  });
  if (!written) return written.error();
  const auto closed = (*writer)->close();
  if (!closed) return closed.error();
  return count;
}

}  // namespace ingest
