#include "ingest/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace ingest {

namespace {

std::string why() { return std::strerror(errno); }

}  // namespace

struct InputFile::Decompressor {
  Decompressor() : context(ZSTD_createDCtx()), compressed(ZSTD_DStreamInSize()) {}
  ~Decompressor() { ZSTD_freeDCtx(context); }
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;

  ZSTD_DCtx* context;
  std::vector<char> compressed;
  ZSTD_inBuffer in{compressed.data(), 0, 0};
  bool inside_frame = false;
};

core::Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path) {
  const bool standard = path == "-";
  const int file = standard ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return core::Error{core::Code::BadSettings, "cannot open " + path + ": " + why()};
  std::unique_ptr<InputFile> input(new InputFile(path, file));
  struct stat status;
  if (::fstat(file, &status) != 0 || S_ISDIR(status.st_mode))
    return core::Error{core::Code::BadSettings, path + " is not a file"};
  input->is_file_ = S_ISREG(status.st_mode) && !standard;
  if (path.ends_with(".zst")) input->decompressor_ = std::make_unique<Decompressor>();
  return input;
}

InputFile::InputFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
InputFile::~InputFile() { ::close(file_); }

InputFile::Piece InputFile::read(std::span<char> room, core::Millis wait) {
  if (!trouble_.empty()) return {Piece::Broken};
  return decompressor_ != nullptr ? read_zst(room) : read_plain(room, wait);
}

InputFile::Piece InputFile::read_plain(std::span<char> room, core::Millis wait) {
  if (!is_file_) {
    pollfd ready{file_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(wait.count())) <= 0) return {Piece::Nothing};
  }
  const ssize_t n = ::read(file_, room.data(), room.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return {Piece::Nothing};
  if (n < 0) return broken(why());
  if (n == 0) return {Piece::End};
  return {Piece::Bytes, static_cast<size_t>(n)};
}

InputFile::Piece InputFile::read_zst(std::span<char> room) {
  Decompressor& zst = *decompressor_;
  ZSTD_outBuffer out{room.data(), room.size(), 0};
  while (out.pos == 0) {
    if (zst.in.pos == zst.in.size) {
      const ssize_t n = ::read(file_, zst.compressed.data(), zst.compressed.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return broken(why());
      if (n == 0) return zst.inside_frame ? broken("it ends inside a frame") : Piece{Piece::End};
      zst.in = {zst.compressed.data(), static_cast<size_t>(n), 0};
    }
    const size_t result = ZSTD_decompressStream(zst.context, &out, &zst.in);
    if (ZSTD_isError(result) != 0) {
      broken(ZSTD_getErrorName(result));
      break;  // what came before the trouble is given first
    }
    zst.inside_frame = result != 0;
  }
  return out.pos > 0 ? Piece{Piece::Bytes, out.pos} : Piece{Piece::Broken};
}

InputFile::Piece InputFile::broken(std::string trouble) {
  trouble_ = std::move(trouble);
  return {Piece::Broken};
}

bool InputFile::seek(int64_t offset) { return ::lseek(file_, offset, SEEK_SET) == offset; }

int64_t InputFile::size() const {
  struct stat status;
  return is_plain() && ::fstat(file_, &status) == 0 ? status.st_size : -1;
}

int64_t InputFile::offset() const { return ::lseek(file_, 0, SEEK_CUR); }

InputFile::Change InputFile::change() const {
  struct stat opened, named;
  if (::fstat(file_, &opened) != 0) return Change::None;
  if (opened.st_size < offset()) return Change::Truncated;
  if (::stat(path_.c_str(), &named) != 0) return Change::None;  // not made anew yet
  const bool same = opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
  return same ? Change::None : Change::Replaced;
}

}  // namespace ingest
