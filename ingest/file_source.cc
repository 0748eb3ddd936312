// One buffer holds the text between two reads: [begin_, end_) is what was not given yet, and
// begin_ stands at stream position position_. Messages point into it, so it is only moved and
// refilled by a poll() that has no message yet.
#include "ingest/file_source.h"

#include <poll.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "core/check.h"
#include "core/event.h"
#include "core/log.h"
#include "ingest/input_file.h"

namespace ingest {

namespace {

constexpr size_t kChunk = 512 * 1024;
constexpr size_t kHead = core::kMessageMax + 1;  // of a line that is too long
constexpr core::Millis kLook{50};                // how often a followed file is looked at

class FileSource final : public Source {
 public:
  FileSource(std::vector<std::string> paths, Follow follow)
      : paths_(std::move(paths)), follow_(follow), buffer_(kHead + kChunk) {}

  const std::vector<std::string>& partitions() const override { return partitions_; }
  core::Result<core::Unit> start(std::span<const int64_t> positions) override;
  core::Result<std::span<const RawMessage>> poll(core::Millis wait, size_t limit) override;
  void want(uint32_t, bool wanted) override { wanted_ = wanted; }
  bool at_end(uint32_t) const override { return at_end_; }
  bool ended(uint32_t) const override { return ended_; }
  int64_t lag(uint32_t) const override;
  std::string place(uint32_t, int64_t offset) const override;

 private:
  struct Where {  // of a message of the last poll
    int64_t offset = 0;
    size_t file = 0;
    int64_t line = -1;  // from 1; -1 unknown
  };
  bool following() const { return follow_ == Follow::Yes && current_ + 1 == paths_.size(); }
  core::Result<core::Unit> open_current();
  core::Result<core::Unit> go_to(int64_t position);
  core::Result<core::Unit> seek_plain(int64_t position);
  bool skip_bytes(int64_t position);
  void give_lines(size_t limit);
  bool fill(core::Millis wait);
  void make_room();
  void after_end(core::Millis wait);
  void next_file();
  void give(std::string_view line, int64_t next);
  void give_rest();
  void give_trouble();

  std::vector<std::string> paths_;
  Follow follow_;
  std::vector<std::string> partitions_{"file"};

  size_t current_ = 0;               // file being read; paths_.size(): all are read
  std::unique_ptr<InputFile> file_;  // null when all are read
  std::vector<int64_t> bases_;       // stream position where each begun file begins
  int64_t line_ = 1;                 // of the line at begin_; -1 unknown
  std::vector<char> buffer_;
  size_t begin_ = 0, scanned_ = 0, end_ = 0;  // [begin_, scanned_) holds no line break
  int64_t position_ = 0;
  int64_t skipped_ = 0;  // bytes thrown away behind the head of a line that is too long

  std::vector<RawMessage> messages_;
  std::vector<Where> places_;
  std::string trouble_;
  bool leaving_ = false;  // the file was replaced: it is read to its end once more
  bool wanted_ = true, at_end_ = false, ended_ = false;
};

core::Result<core::Unit> FileSource::start(std::span<const int64_t> positions) {
  INVARIANT(positions.size() == 1 && bases_.empty());
  const auto opened = open_current();
  if (!opened) return opened.error();
  return positions[0] <= 0 ? core::Result<core::Unit>(core::Unit{}) : go_to(positions[0]);
}

core::Result<core::Unit> FileSource::open_current() {
  auto opened = InputFile::open(paths_[current_]);
  if (!opened) return opened.error();
  file_ = std::move(*opened);
  bases_.resize(current_, position_);
  bases_.push_back(position_);
  line_ = 1;
  leaving_ = false;
  return core::Unit{};
}

// From the first file's beginning to `position`, over whole files where their size is known.
core::Result<core::Unit> FileSource::go_to(int64_t position) {
  for (;;) {
    const bool last = current_ + 1 == paths_.size();
    const int64_t size = file_->size();
    if (size >= 0 && (last || position < position_ + size)) return seek_plain(position);
    if (size >= 0) {
      position_ += size;
    } else if (skip_bytes(position)) {
      return core::Unit{};
    }
    if (position == position_ && last) return core::Unit{};
    if (last)
      return core::Error{core::Code::BadSettings,
                         "the files are shorter than the position to go on from"};
    ++current_;
    const auto opened = open_current();
    if (!opened) return opened.error();
  }
}

core::Result<core::Unit> FileSource::seek_plain(int64_t position) {
  const int64_t offset = position - position_, size = file_->size();
  char before = '\n';
  bool fits = offset <= size;
  if (fits && offset > 0 && offset < size)
    fits = file_->seek(offset - 1) && file_->read({&before, 1}, core::Millis{0}).size == 1;
  if (fits && before == '\n' && file_->seek(offset)) {
    line_ = offset == 0 ? 1 : -1;
  } else if (following()) {
    core::log(core::LogLevel::Warning, paths_[current_] + " was replaced: reading it whole");
    if (!file_->seek(0))
      return core::Error{core::Code::BadSettings, "cannot seek " + paths_[current_]};
    bases_.back() = position;
  } else {
    return core::Error{core::Code::BadSettings, paths_[current_] +
                                                    " has changed: the position to go on from is "
                                                    "not the beginning of a line of it"};
  }
  position_ = position;
  return core::Unit{};
}

// Reads on to `position` without giving anything; false when the file ends before it.
bool FileSource::skip_bytes(int64_t position) {
  while (position_ < position) {
    const auto left = static_cast<size_t>(std::min<int64_t>(position - position_, kChunk));
    const InputFile::Piece piece = file_->read({buffer_.data(), left}, core::Millis{-1});
    if (piece.state == InputFile::Piece::Broken) ++position_;  // the message that said so
    if (piece.state == InputFile::Piece::Broken || piece.state == InputFile::Piece::End)
      return false;
    position_ += static_cast<int64_t>(piece.size);
    line_ +=
        std::count(buffer_.begin(), buffer_.begin() + static_cast<ptrdiff_t>(piece.size), '\n');
  }
  return true;
}

core::Result<std::span<const RawMessage>> FileSource::poll(core::Millis wait, size_t limit) {
  messages_.clear();
  places_.clear();
  if (!wanted_ || limit == 0) {
    ::poll(nullptr, 0, static_cast<int>(std::min(wait, kLook).count()));
    return std::span<const RawMessage>();
  }
  at_end_ = false;
  give_lines(limit);
  while (messages_.empty() && file_ != nullptr && fill(wait)) give_lines(limit);
  ended_ = file_ == nullptr;
  at_end_ = at_end_ || ended_;
  return std::span<const RawMessage>(messages_);
}

void FileSource::give_lines(size_t limit) {
  while (messages_.size() < limit && scanned_ < end_) {
    const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    if (found == nullptr) {
      scanned_ = end_;
      return;
    }
    const auto line_end = static_cast<size_t>(static_cast<const char*>(found) - buffer_.data());
    const int64_t next = position_ + static_cast<int64_t>(line_end + 1 - begin_) + skipped_;
    const size_t length = skipped_ > 0 ? kHead : line_end - begin_;
    give({buffer_.data() + begin_, length}, next);
    begin_ = scanned_ = line_end + 1;
    position_ = next;
    skipped_ = 0;
    if (line_ > 0) ++line_;
  }
}

void FileSource::give(std::string_view line, int64_t next) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return;
  messages_.push_back({line.substr(0, kHead), 0, position_, next, -1});
  places_.push_back({position_, current_, line_});
}

// Reads more behind what is there. Returns whether it is worth looking for lines again; after the
// end of a file its last line may have been given.
bool FileSource::fill(core::Millis wait) {
  make_room();
  const size_t room = std::min(kChunk, buffer_.size() - end_);
  const InputFile::Piece piece = file_->read({buffer_.data() + end_, room}, wait);
  end_ += piece.size;
  switch (piece.state) {
    case InputFile::Piece::Bytes:
      return true;
    case InputFile::Piece::Nothing:
      return false;
    case InputFile::Piece::End:
      after_end(wait);
      return !at_end_;
    case InputFile::Piece::Broken:
      break;
  }
  give_rest();
  give_trouble();
  next_file();
  return true;
}

// The rest of the text to the front; of a line that is already too long only the head.
void FileSource::make_room() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ > kHead) {
    skipped_ += static_cast<int64_t>(end_ - kHead);
    end_ = kHead;
  }
  scanned_ = end_;
}

void FileSource::after_end(core::Millis wait) {
  if (!following() || !file_->is_plain()) {
    give_rest();
    return next_file();
  }
  const InputFile::Change change = file_->change();
  if (change == InputFile::Change::None) {
    at_end_ = true;
    ::poll(nullptr, 0, static_cast<int>(std::min(wait, kLook).count()));
    return;
  }
  // What was written to a replaced file before its name went to another may still be unread.
  if (change == InputFile::Change::Replaced && !std::exchange(leaving_, true)) return;
  core::log(core::LogLevel::Info, paths_[current_] + " begins anew");
  give_rest();
  const auto opened = open_current();
  if (!opened) core::log(core::LogLevel::Warning, opened.error().message);
}

// The last line of a file, without a line break.
void FileSource::give_rest() {
  const int64_t next = position_ + static_cast<int64_t>(end_ - begin_) + skipped_;
  if (end_ > begin_) give({buffer_.data() + begin_, end_ - begin_}, next);
  position_ = next;
  begin_ = scanned_ = end_;
  skipped_ = 0;
}

void FileSource::give_trouble() {
  trouble_ = "the rest of the file cannot be read: " + file_->trouble();
  core::log(core::LogLevel::Error, paths_[current_] + ": " + trouble_);
  if (line_ > 0) ++line_;
  give(trouble_, position_ + 1);
  ++position_;
}

void FileSource::next_file() {
  file_.reset();
  while (++current_ < paths_.size()) {
    const auto opened = open_current();
    if (opened) return;
    core::log(core::LogLevel::Error, opened.error().message);  // it was there at the start
  }
}

int64_t FileSource::lag(uint32_t) const {
  if (file_ == nullptr) return 0;
  const int64_t size = file_->size();
  if (size < 0) return -1;
  int64_t left = size - (position_ - bases_.back());
  for (size_t i = current_ + 1; i < paths_.size(); ++i) {
    const auto later = InputFile::open(paths_[i]);
    if (!later || (*later)->size() < 0) return -1;
    left += (*later)->size();
  }
  return std::max<int64_t>(0, left);
}

std::string FileSource::place(uint32_t, int64_t offset) const {
  const auto known = std::ranges::lower_bound(places_, offset, {}, &Where::offset);
  if (known != places_.end() && known->offset == offset && known->line > 0)
    return paths_[known->file] + ":" + std::to_string(known->line);
  const auto base = std::ranges::upper_bound(bases_, offset);
  if (base == bases_.begin()) return "file@" + std::to_string(offset);
  const auto file = static_cast<size_t>(base - bases_.begin()) - 1;
  return paths_[file] + "@" + std::to_string(offset - bases_[file]);
}

// Who writes to a file that is to be followed may come later than who reads it.
void begin_missing(const std::string& path) {
  if (path == "-" || std::filesystem::exists(path)) return;
  if (std::ofstream(path, std::ios::app))
    core::log(core::LogLevel::Info, path + " was not there: made, empty; waiting for lines");
}

}  // namespace

core::Result<std::unique_ptr<Source>> open_files(std::vector<std::string> paths, Follow follow) {
  if (paths.empty()) return core::Error{core::Code::BadSettings, "no file to read"};
  if (follow == Follow::Yes) begin_missing(paths.back());
  for (const std::string& path : paths) {
    const auto opened = InputFile::open(path);
    if (!opened) return opened.error();
  }
  return std::unique_ptr<Source>(std::make_unique<FileSource>(std::move(paths), follow));
}

}  // namespace ingest
