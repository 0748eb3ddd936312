#include "ingest/archive_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace ingest {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSegment = ".zst";
constexpr const char* kIndex = ".idx";
constexpr const char* kNew = ".new";

}  // namespace

std::string segment_path(const std::string& folder, const ArchiveName& name) {
  return folder + "/" + to_text(name) + kSegment;
}
std::string index_path(const std::string& folder, const ArchiveName& name) {
  return folder + "/" + to_text(name) + kIndex;
}

core::Result<std::vector<ArchiveName>> list_segments(const std::string& folder) {
  std::vector<ArchiveName> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path path = it->path();
    if (path.extension() != kSegment) continue;
    if (const auto name = archive_name_from(path.stem().string())) names.push_back(*name);
  }
  if (error)
    return core::Error{core::Code::BadSettings,
                       "cannot read the archive " + folder + ": " + error.message()};
  std::ranges::sort(names, [](const ArchiveName& a, const ArchiveName& b) {
    if (a.kept != b.kept) return a.kept;
    return a.hour != b.hour ? a.hour < b.hour : a.number < b.number;
  });
  return names;
}

// The index first: a segment without one is looked at again, an index alone is nothing.
bool remove_segment(const std::string& folder, const ArchiveName& name) {
  std::error_code of_index, of_segment;
  fs::remove(index_path(folder, name), of_index);
  fs::remove(segment_path(folder, name), of_segment);
  return !of_index && !of_segment;
}

ReadFile::ReadFile(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status;
  if (file_ >= 0 && ::fstat(file_, &status) == 0 && S_ISREG(status.st_mode)) size_ = status.st_size;
}

ReadFile::~ReadFile() {
  if (file_ >= 0) ::close(file_);
}

bool ReadFile::read(uint64_t offset, size_t bytes, std::string& out) const {
  if (size_ < 0 || bytes > kArchiveSegmentMax) return false;
  out.resize(bytes);
  for (size_t done = 0; done < bytes;) {
    const ssize_t n =
        ::pread(file_, out.data() + done, bytes - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

bool ReadFile::read_all(std::string& out) const {
  return size_ >= 0 && static_cast<uint64_t>(size_) <= kArchiveSegmentMax &&
         read(0, static_cast<size_t>(size_), out);
}

core::Error cannot(const char* verb, const std::string& path) {
  return {core::Code::Unavailable,
          "cannot " + std::string(verb) + " " + path + ": " + std::strerror(errno)};
}

core::Result<core::Unit> write_whole(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + kNew;
  const int file =
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return cannot("make", fresh);
  bool good = true;
  for (size_t done = 0; good && done < bytes.size();) {
    const ssize_t n = ::write(file, bytes.data() + done, bytes.size() - done);
    good = n > 0 || (n < 0 && errno == EINTR);
    if (n > 0) done += static_cast<size_t>(n);
  }
  good = good && ::fdatasync(file) == 0;
  const auto error = good ? std::optional<core::Error>() : cannot("write", fresh);
  ::close(file);
  if (good && ::rename(fresh.c_str(), path.c_str()) == 0) return core::Unit{};
  const core::Error told = error ? *error : cannot("rename", fresh);
  ::unlink(fresh.c_str());
  return told;
}

std::optional<ArchiveHead> head_beside(const std::string& folder, const ArchiveName& name) {
  const ReadFile index(index_path(folder, name));
  std::string bytes;
  if (index.size() < 0 || !index.read(0, kIndexHeadBytes, bytes)) return std::nullopt;
  const auto head = decode_index_head(bytes);
  if (!head || head->frames == 0) return std::nullopt;
  const auto size = static_cast<uint64_t>(index.size());
  const bool fits =
      head->frames <= size / kIndexFrameBytes && head->events <= size / kIndexIdBytes &&
      kIndexHeadBytes + head->frames * kIndexFrameBytes + head->events * kIndexIdBytes == size;
  const ReadFile segment(segment_path(folder, name));
  if (!fits || segment.size() < 0 || static_cast<uint64_t>(segment.size()) != head->segment_bytes)
    return std::nullopt;
  return *head;
}

}  // namespace ingest
