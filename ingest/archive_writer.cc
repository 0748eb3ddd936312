#include "ingest/archive_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "core/hash.h"
#include "core/log.h"
#include "ingest/archive_repair.h"
#include "ingest/archive_segment.h"

namespace ingest {

namespace {

namespace fs = std::filesystem;
using core::Time;

constexpr uint64_t kLookAtDiskEvery = 1024 * 1024;  // bytes of lines
constexpr core::Millis kOpenFor{2 * kArchiveHour};  // behind the newest, then a segment is closed
constexpr size_t kSegmentsMax = 100'000;            // the oldest go

ArchiveName kept_name() {
  ArchiveName name;
  name.kept = true;
  return name;
}

uint64_t bytes_of(const ArchiveHead& head) {
  return head.segment_bytes + kIndexHeadBytes + head.frames * kIndexFrameBytes +
         head.events * kIndexIdBytes;
}

}  // namespace

struct ArchiveWriter::State {
  struct Open {
    std::unique_ptr<SegmentWriter> writer;
    uint64_t used = 0;  // when, by `uses`
  };
  using Key = std::pair<Time, uint32_t>;  // hour, number

  std::string folder;
  ArchiveLimits limits;
  int lock = -1;
  FrameCoder coder;
  std::map<Key, ArchiveHead> closed;
  std::map<Time, Open> open;  // by hour
  std::optional<ArchiveHead> kept;
  std::vector<uint64_t> recent = std::vector<uint64_t>(kRemembered);
  Time newest = core::kTimeMin;
  uint64_t uses = 0, since_look = kLookAtDiskEvery;
  bool disk_is_low = false, told = false;
  std::vector<ArchiveName> to_erase;
  Person person;
  ArchiveFigures figures;

  ~State() {
    if (lock >= 0) ::close(lock);
  }
  core::Result<core::Unit> take_folder(bool fresh);
  core::Result<core::Unit> repair();
  void remember_last();
  void trouble(const core::Error& error);
  void look_at_disk(size_t bytes);
  SegmentWriter* segment_for(Time hour);
  uint32_t next_number(Time hour) const;
  void close(Time hour);
  void close_old();
  uint64_t bytes() const;
  bool is_over(Time latest) const;
  void lose(size_t events);
  bool take_oldest(Time latest, const std::vector<uint64_t>& evidence, std::vector<KeptLine>& lines,
                   std::vector<ArchiveName>& gone);
  void keep(std::vector<KeptLine> lines, const std::vector<uint64_t>& evidence);
  void recount();
};

core::Result<core::Unit> ArchiveWriter::State::take_folder(bool fresh) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return core::Error{core::Code::BadSettings,
                       "cannot make the archive " + folder + ": " + error.message()};
  const std::string path = folder + "/" + std::string(kArchiveMark);
  lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (lock < 0) return core::Error{core::Code::BadSettings, cannot("open", path).message};
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0)
    return core::Error{core::Code::BadSettings,
                       "the archive " + folder + " is in use by another running qingyu"};
  if (!fresh) return core::Unit{};
  const auto names = list_segments(folder);
  if (!names) return names.error();
  for (const ArchiveName& name : *names) remove_segment(folder, name);
  return core::Unit{};
}

// A segment that cannot be repaired is left where it is, and not counted.
core::Result<core::Unit> ArchiveWriter::State::repair() {
  const auto names = list_segments(folder);
  if (!names) return names.error();
  for (const ArchiveName& name : *names) {
    const auto repaired = repair_segment(folder, name, coder);
    if (!repaired) {
      trouble(repaired.error());
      continue;
    }
    figures.damaged_bytes += repaired->damaged_bytes;
    figures.cut_bytes += repaired->cut_bytes;
    if (repaired->damaged_bytes + repaired->cut_bytes > 0)
      core::log(core::LogLevel::Warning, "archive: segment " + to_text(name) + " mended, " +
                                             std::to_string(repaired->cut_bytes) +
                                             " bytes cut off, " +
                                             std::to_string(repaired->damaged_bytes) + " damaged");
    if (repaired->head.frames == 0) continue;
    newest = std::max(newest, repaired->head.last_at);
    if (name.kept) {
      kept = repaired->head;
    } else {
      closed[{name.hour, name.number}] = repaired->head;
    }
  }
  recount();
  return core::Unit{};
}

// What a restart reads again is not written again: the ids of the newest segments are known.
void ArchiveWriter::State::remember_last() {
  size_t left = kRemembered;
  std::string bytes;
  for (auto it = closed.rbegin(); it != closed.rend() && left > 0; ++it) {
    const ArchiveName name{it->first.first, it->first.second, false};
    if (!ReadFile(index_path(folder, name)).read_all(bytes)) continue;
    const ArchiveHead& head = it->second;
    const size_t ids = kIndexHeadBytes + head.frames * kIndexFrameBytes;
    if (bytes.size() < ids + head.events * kIndexIdBytes) continue;
    for (size_t i = 0; i < head.events; ++i) {
      const auto id = std::string_view(bytes).substr(ids + i * kIndexIdBytes, kIndexIdBytes);
      const uint64_t hash = decode_index_id(id).hash;
      recent[(hash >> 32) % kRemembered] = hash;
    }
    left -= std::min<size_t>(left, head.events);
  }
}

void ArchiveWriter::State::trouble(const core::Error& error) {
  if (!told) core::log(core::LogLevel::Error, "archive: " + error.message + " (told once)");
  told = true;
}

void ArchiveWriter::State::look_at_disk(size_t bytes) {
  since_look += bytes;
  if (since_look < kLookAtDiskEvery) return;
  since_look = 0;
  struct statvfs disk;
  if (::statvfs(folder.c_str(), &disk) != 0) return;
  const bool low = uint64_t{disk.f_bavail} * disk.f_frsize < limits.disk_free_min;
  if (low && !disk_is_low)
    core::log(core::LogLevel::Error, "archive: too little room on the disk, nothing is written");
  disk_is_low = low;
}

uint32_t ArchiveWriter::State::next_number(Time hour) const {
  const auto after = closed.lower_bound({hour + kArchiveHour, 0});
  if (after == closed.begin()) return 0;
  const auto last = std::prev(after);
  return last->first.first == hour ? last->first.second + 1 : 0;
}

// nullptr: it cannot be made.
SegmentWriter* ArchiveWriter::State::segment_for(Time hour) {
  auto it = open.find(hour);
  if (it != open.end() && (it->second.writer->raw_bytes() >= limits.segment_raw_max ||
                           it->second.writer->events() >= limits.segment_events_max)) {
    close(hour);
    it = open.end();
  }
  if (it == open.end()) {
    close_old();
    ArchiveName name;
    name.hour = hour;
    name.number = next_number(hour);
    auto made = SegmentWriter::create(folder, name, coder, SegmentWriter::Place::Fresh);
    if (!made) {
      trouble(made.error());
      return nullptr;
    }
    it = open.emplace(hour, Open{std::move(*made), 0}).first;
  }
  it->second.used = ++uses;
  return it->second.writer.get();
}

void ArchiveWriter::State::close(Time hour) {
  const auto it = open.find(hour);
  SegmentWriter& writer = *it->second.writer;
  const auto done = writer.close();
  if (!done) trouble(done.error());
  lose(writer.take_lost());
  if (writer.head().frames > 0) closed[{hour, writer.name().number}] = writer.head();
  open.erase(it);
}

// Those that lie behind; and there is room for one more.
void ArchiveWriter::State::close_old() {
  if (newest == core::kTimeMin) return;  // nothing was opened yet
  const Time behind = core::floor_to(newest, kArchiveHour) - kOpenFor;
  while (!open.empty() && open.begin()->first < behind) close(open.begin()->first);
  while (open.size() >= kOpenMax) {
    const auto idle =
        std::ranges::min_element(open, {}, [](const auto& one) { return one.second.used; });
    close(idle->first);
  }
}

uint64_t ArchiveWriter::State::bytes() const {
  uint64_t sum = kept ? bytes_of(*kept) : 0;
  for (const auto& [key, head] : closed) sum += bytes_of(head);
  for (const auto& [hour, one] : open) sum += bytes_of(one.writer->head());
  return sum;
}

void ArchiveWriter::State::recount() {
  figures.segments = closed.size() + open.size() + (kept ? 1 : 0);
  figures.bytes = bytes();
  figures.kept = kept ? kept->events : 0;
  figures.events = figures.kept;
  for (const auto& [key, head] : closed) figures.events += head.events;
  for (const auto& [hour, one] : open) figures.events += one.writer->events();
}

bool ArchiveWriter::State::is_over(Time latest) const {
  if (closed.size() > kSegmentsMax || bytes() > limits.bytes_max)
    return !closed.empty() || !open.empty();
  const Time now = std::min(newest, latest);
  return now != core::kTimeMin && !closed.empty() &&
         closed.begin()->second.last_at < now - limits.keep;
}

// Events that were taken, and could not be written after all.
void ArchiveWriter::State::lose(size_t events) {
  figures.dropped_disk += events;
  figures.written -= std::min<uint64_t>(events, figures.written);
}

// The oldest segment is no longer ours, but for what is evidence. Whether there was one.
bool ArchiveWriter::State::take_oldest(Time latest, const std::vector<uint64_t>& evidence,
                                       std::vector<KeptLine>& lines,
                                       std::vector<ArchiveName>& gone) {
  if (closed.empty() && !open.empty()) close(open.begin()->first);
  if (closed.empty()) return false;
  const auto [key, head] = *closed.begin();
  ArchiveName name;
  name.hour = key.first;
  name.number = key.second;
  const bool old = head.last_at < std::min(newest, latest) - limits.keep;
  const size_t before = lines.size();
  take_lines(folder, name, evidence, coder, lines);
  const uint64_t dropped = head.events - std::min<uint64_t>(head.events, lines.size() - before);
  (old ? figures.dropped_age : figures.dropped_size) += dropped;
  gone.push_back(name);
  closed.erase(closed.begin());
  return true;
}

void ArchiveWriter::State::keep(std::vector<KeptLine> lines,
                                const std::vector<uint64_t>& evidence) {
  if (kept) take_lines(folder, kept_name(), evidence, coder, lines);
  if (lines.empty() && !kept) return;
  const auto written = write_kept(folder, std::move(lines), limits.kept_bytes_max, coder);
  if (!written) return trouble(written.error());
  figures.dropped_kept += *written;
  kept = head_beside(folder, kept_name());
}

core::Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::open(const std::string& folder,
                                                                 const ArchiveLimits& limits,
                                                                 bool fresh) {
  auto state = std::make_unique<State>();
  state->folder = folder;
  state->limits = limits;
  const auto taken = state->take_folder(fresh);
  if (!taken) return taken.error();
  const auto repaired = state->repair();
  if (!repaired) return repaired.error();
  state->remember_last();
  return std::unique_ptr<ArchiveWriter>(new ArchiveWriter(std::move(state)));
}

ArchiveWriter::ArchiveWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(Time at, std::string_view id, std::string_view line) {
  State& s = *state_;
  const uint64_t hash = core::hash64(id);
  uint64_t& slot = s.recent[(hash >> 32) % kRemembered];
  if (slot == hash) return void(++s.figures.repeated);
  if (line.size() >= kArchiveLineMax) return void(++s.figures.dropped_line);
  s.look_at_disk(line.size());
  SegmentWriter* segment =
      s.disk_is_low ? nullptr : s.segment_for(core::floor_to(at, kArchiveHour));
  if (segment == nullptr) return void(++s.figures.dropped_disk);
  s.newest = std::max(s.newest, at);
  slot = hash;
  ++s.figures.written;
  const auto added = segment->add(at, hash, line);
  if (added) return;
  s.trouble(added.error());
  s.lose(segment->take_lost());
}

void ArchiveWriter::flush() {
  for (auto& [hour, one] : state_->open) {
    const auto ended = one.writer->end_frame();
    if (!ended) state_->trouble(ended.error());
    state_->lose(one.writer->take_lost());
  }
  state_->close_old();
  state_->recount();
}

void ArchiveWriter::close() {
  while (!state_->open.empty()) state_->close(state_->open.begin()->first);
  state_->recount();
}

bool ArchiveWriter::over_bounds(Time latest) const { return state_->is_over(latest); }

void ArchiveWriter::trim(Time latest, const std::vector<uint64_t>& evidence) {
  State& s = *state_;
  std::vector<KeptLine> lines;
  std::vector<ArchiveName> gone;
  while (s.is_over(latest) && s.take_oldest(latest, evidence, lines, gone)) {
  }
  s.keep(std::move(lines), evidence);  // before they go: a crash between loses nothing
  for (const ArchiveName& name : gone)
    if (!remove_segment(s.folder, name)) s.trouble(cannot("remove", segment_path(s.folder, name)));
  s.recount();
}

void ArchiveWriter::begin_erasing(const std::string& author, const std::string& customer) {
  close();
  state_->person = {author, customer};
  state_->to_erase.clear();
  for (const auto& [key, head] : state_->closed) {
    ArchiveName name;
    name.hour = key.first;
    name.number = key.second;
    state_->to_erase.push_back(name);
  }
  if (state_->kept) state_->to_erase.push_back(kept_name());
}

bool ArchiveWriter::erase_some() {
  State& s = *state_;
  if (s.to_erase.empty()) return false;
  const ArchiveName name = s.to_erase.back();
  s.to_erase.pop_back();
  const auto erased = erase_lines(s.folder, name, s.person, s.coder);
  if (!erased) {
    s.trouble(erased.error());
  } else if (*erased > 0) {
    s.figures.erased += *erased;
    const auto head = head_beside(s.folder, name);
    if (name.kept) {
      s.kept = head;
    } else if (head) {
      s.closed[{name.hour, name.number}] = *head;
    } else {
      s.closed.erase({name.hour, name.number});
    }
  }
  s.recount();
  return !s.to_erase.empty();
}

const ArchiveFigures& ArchiveWriter::figures() const { return state_->figures; }

}  // namespace ingest
