#include "ingest/archive_segment.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/check.h"

namespace ingest {

namespace {

constexpr const char* kBeside = ".rewritten";

ArchiveFrame begun() {
  ArchiveFrame frame;
  frame.first_at = core::kTimeMax;
  frame.last_at = core::kTimeMin;
  return frame;
}

}  // namespace

core::Result<std::unique_ptr<SegmentWriter>> SegmentWriter::create(const std::string& folder,
                                                                   const ArchiveName& name,
                                                                   FrameCoder& coder, Place place) {
  std::string path = segment_path(folder, name);
  if (place == Place::Beside) path += kBeside;
  const int how = place == Place::Fresh ? O_EXCL : O_TRUNC;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, S_IRUSR | S_IWUSR);
  if (file < 0) return cannot("make", path);
  return std::unique_ptr<SegmentWriter>(new SegmentWriter(folder, name, coder, place, file));
}

SegmentWriter::SegmentWriter(const std::string& folder, const ArchiveName& name, FrameCoder& coder,
                             Place place, int file)
    : folder_(folder),
      path_(segment_path(folder, name)),
      name_(name),
      coder_(coder),
      place_(place),
      file_(file),
      frame_(begun()) {
  if (place == Place::Beside) path_ += kBeside;
}

SegmentWriter::~SegmentWriter() {
  if (file_ >= 0) ::close(file_);
}

core::Result<core::Unit> SegmentWriter::add(core::Time at, uint64_t id_hash,
                                            std::string_view line) {
  INVARIANT(line.size() < kArchiveLineMax);
  index_.ids.push_back(
      {id_hash, static_cast<uint32_t>(index_.frames.size()), static_cast<uint32_t>(raw_.size())});
  raw_ += line;
  raw_ += '\n';
  frame_.first_at = std::min(frame_.first_at, at);
  frame_.last_at = std::max(frame_.last_at, at);
  return raw_.size() < kArchiveFrameBytes ? core::Result<core::Unit>(core::Unit{}) : end_frame();
}

core::Result<core::Unit> SegmentWriter::end_frame() {
  if (raw_.empty()) return core::Unit{};
  const std::string_view compressed = coder_.compress(raw_);
  frame_.offset = index_.head.segment_bytes;
  frame_.bytes = static_cast<uint32_t>(compressed.size());
  frame_.raw_bytes = static_cast<uint32_t>(raw_.size());
  const auto written = append(compressed);
  if (written) {
    index_.add(frame_);
  } else {
    lost_ += index_.ids.size() - frame_from_;
    index_.ids.resize(frame_from_);
  }
  index_.head.events = frame_from_ = index_.ids.size();
  raw_.clear();
  frame_ = begun();
  return written;
}

// All of it, or the file ends where it did.
core::Result<core::Unit> SegmentWriter::append(std::string_view bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) {
      done += static_cast<size_t>(n);
      continue;
    }
    const core::Error error = cannot("write", path_);
    const auto end = static_cast<off_t>(index_.head.segment_bytes);
    if (::ftruncate(file_, end) == 0) ::lseek(file_, end, SEEK_SET);
    return error;
  }
  return core::Unit{};
}

core::Result<core::Unit> SegmentWriter::close() {
  const auto ended = end_frame();
  const bool synced = ::fdatasync(file_) == 0;
  const core::Error not_synced = cannot("write", path_);
  ::close(std::exchange(file_, -1));
  if (!ended) return ended;
  if (!synced) return not_synced;
  if (index_.frames.empty()) {
    ::unlink(path_.c_str());
    if (place_ == Place::Beside) remove_segment(folder_, name_);
    return core::Unit{};
  }
  std::ranges::sort(index_.ids);
  if (place_ == Place::Beside) {
    // Without an index a segment is scanned: at no moment an old one stands beside new bytes.
    ::unlink(index_path(folder_, name_).c_str());
    if (::rename(path_.c_str(), segment_path(folder_, name_).c_str()) != 0)
      return cannot("rename", path_);
  }
  return write_whole(index_path(folder_, name_), encode(index_));
}

size_t SegmentWriter::take_lost() { return std::exchange(lost_, 0); }

}  // namespace ingest
