#include "store/daemon_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <utility>

namespace store {

namespace {

using core::Code;
using core::Error;
using core::Result;

// Beside the file itself, by whatever links it was named.
std::string lock_path(const StoreSpec& spec) {
  std::error_code ignored;
  const auto file = std::filesystem::weakly_canonical(spec.path, ignored);
  return (ignored ? spec.path : file.string()) + ".lock";
}

// The whole file. "Open file description" locks: they belong to `file`, not to the process, so
// that closing another descriptor of the same file does not give them back.
struct flock whole_file() {
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

std::optional<pid_t> written_pid(int file) {
  char text[16] = {};
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  pid_t pid = 0;
  if (size <= 0 || std::from_chars(text, text + size, pid).ec != std::errc{}) return std::nullopt;
  return pid;
}

Error held(const StoreSpec& spec, int file) {
  const auto pid = written_pid(file);
  return {Code::Conflict, place_of(spec) + " is in use by a running qingyu" +
                              (pid ? " (process " + std::to_string(*pid) + ")" : "")};
}

Error not_made(const StoreSpec& spec) {
  return {Code::BadSettings, "lock file " + lock_path(spec) + ": " + std::strerror(errno)};
}

}  // namespace

Result<DaemonLock> DaemonLock::take(const StoreSpec& spec) {
  if (spec.kind != "sqlite") return DaemonLock(-1);
  DaemonLock lock(::open(lock_path(spec).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.file_ < 0) return not_made(spec);
  struct flock range = whole_file();
  if (::fcntl(lock.file_, F_OFD_SETLK, &range) != 0) {
    if (errno == EAGAIN || errno == EACCES) return held(spec, lock.file_);
    return not_made(spec);
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.file_, 0) != 0 ||
      ::pwrite(lock.file_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return not_made(spec);
  return lock;
}

DaemonLock::~DaemonLock() {
  if (file_ >= 0) ::close(file_);
}

DaemonLock::DaemonLock(DaemonLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DaemonLock& DaemonLock::operator=(DaemonLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

std::optional<pid_t> daemon_of(const StoreSpec& spec) {
  if (spec.kind != "sqlite") return std::nullopt;
  const int file = ::open(lock_path(spec).c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  struct flock range = whole_file();
  std::optional<pid_t> holder;
  if (::fcntl(file, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK)
    holder = written_pid(file).value_or(0);
  ::close(file);
  return holder;
}

}  // namespace store
