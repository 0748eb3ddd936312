// Frames are small and lie in order of time, nearly: next() keeps those in memory that begin before
// the event that is given, and takes the earliest event of them all.
#include "ingest/archive_reader.h"

#include <algorithm>
#include <filesystem>
#include <queue>

#include "core/hash.h"
#include "core/log.h"
#include "ingest/archive_files.h"

namespace ingest {

namespace {

constexpr size_t kRowsAtOnce = 256;  // of an index

// A segment as it was when the archive was opened.
struct Segment {
  ArchiveName name;
  bool closed = true;
  ArchiveHead head;
  std::vector<ArchiveId> ids;  // these two only of one that has no index
  std::vector<ArchiveFrame> frames;
};

// A frame of it, for reading in order.
struct Place {
  ArchiveFrame frame;
  size_t segment = 0;
};

struct Loaded {
  struct Line {
    core::Time at{};
    size_t offset = 0, size = 0;
  };
  std::string raw;
  std::vector<Line> lines;  // by time
  size_t next = 0;
  size_t order = 0;  // of its place

  core::Time at() const { return lines[next].at; }
};
struct Later {
  bool operator()(const std::unique_ptr<Loaded>& a, const std::unique_ptr<Loaded>& b) const {
    return a->at() != b->at() ? a->at() > b->at() : a->order > b->order;
  }
};

}  // namespace

struct ArchiveReader::State {
  std::string folder;
  ArchiveSpan span;
  FrameCoder coder;
  std::vector<Segment> segments;
  std::vector<ArchiveSegment> told;
  std::vector<Place> places;  // of the span, by first_at
  size_t next_place = 0;
  std::vector<std::unique_ptr<Loaded>> heap;  // Later
  ArchivedEvent event;
  uint64_t unreadable = 0;
  std::string bytes, raw;

  bool add_segment(const ArchiveName& name);
  void add_places(size_t segment, const std::vector<ArchiveFrame>& frames);
  bool overlaps(core::Time first, core::Time last) const {
    return last >= span.from && first < span.to;
  }
  bool read_frame(const Segment& segment, const ArchiveFrame& frame);
  void load(size_t place);
  std::vector<ArchiveId> rows_of(const Segment& segment, const ReadFile& index, uint64_t hash);
  std::optional<ArchivedEvent> find_in(const Segment& segment, std::string_view id, uint64_t hash);
  void verify_segment(const Segment& segment, std::vector<std::string>& out);
};

// False: it went meanwhile, or holds nothing.
bool ArchiveReader::State::add_segment(const ArchiveName& name) {
  Segment segment;
  segment.name = name;
  std::vector<ArchiveFrame> frames;
  std::string index;
  uint64_t size = 0;
  const auto head = head_beside(folder, name);
  if (head) {
    segment.head = *head;
    size = head->segment_bytes + kIndexHeadBytes + head->frames * kIndexFrameBytes +
           head->events * kIndexIdBytes;
    if (overlaps(head->first_at, head->last_at) &&
        ReadFile(index_path(folder, name))
            .read(kIndexHeadBytes, head->frames * kIndexFrameBytes, index))
      for (size_t i = 0; i < head->frames; ++i)
        frames.push_back(decode_index_frame(
            std::string_view(index).substr(i * kIndexFrameBytes, kIndexFrameBytes)));
  } else {
    if (!ReadFile(segment_path(folder, name)).read_all(bytes)) return false;
    ArchiveScan scan = scan_segment(bytes, coder);
    segment.closed = false;
    segment.head = scan.index.head;
    segment.ids = std::move(scan.index.ids);
    frames = segment.frames = std::move(scan.index.frames);
    size = bytes.size();
  }
  if (segment.head.frames == 0) return false;
  add_places(segments.size(), frames);
  told.push_back({to_text(name), segment.closed, segment.head.frames, segment.head.events, size,
                  segment.head.raw_bytes, segment.head.first_at, segment.head.last_at});
  segments.push_back(std::move(segment));
  return true;
}

void ArchiveReader::State::add_places(size_t segment, const std::vector<ArchiveFrame>& frames) {
  for (const ArchiveFrame& frame : frames)
    if (overlaps(frame.first_at, frame.last_at)) places.push_back({frame, segment});
}

// Into `raw`.
bool ArchiveReader::State::read_frame(const Segment& segment, const ArchiveFrame& frame) {
  const ReadFile file(segment_path(folder, segment.name));
  if (frame.bytes <= 2 * kArchiveFrameMax && file.read(frame.offset, frame.bytes, bytes) &&
      coder.decompress(bytes, raw))
    return true;
  if (++unreadable == 1)
    core::log(core::LogLevel::Warning,
              "archive: a frame of " + to_text(segment.name) + " cannot be read");
  return false;
}

void ArchiveReader::State::load(size_t place) {
  if (!read_frame(segments[places[place].segment], places[place].frame)) return;
  auto loaded = std::make_unique<Loaded>();
  each_line(raw, [&](std::string_view line, size_t offset) {
    const auto head = line_head(line);
    if (head && head->at >= span.from && head->at < span.to)
      loaded->lines.push_back({head->at, offset, line.size()});
  });
  if (loaded->lines.empty()) return;
  std::ranges::stable_sort(loaded->lines, {}, &Loaded::Line::at);
  loaded->raw = raw;
  loaded->order = place;
  heap.push_back(std::move(loaded));
  std::ranges::push_heap(heap, Later());
}

core::Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(const std::string& folder,
                                                                 ArchiveSpan span) {
  if (!is_archive(folder))
    return core::Error{core::Code::BadSettings,
                       folder + " is not a file, and no archive of events"};
  const auto names = list_segments(folder);
  if (!names) return names.error();
  auto state = std::make_unique<State>();
  state->folder = folder;
  state->span = span;
  for (const ArchiveName& name : *names) state->add_segment(name);
  std::ranges::stable_sort(state->places, {}, [](const Place& p) { return p.frame.first_at; });
  return std::unique_ptr<ArchiveReader>(new ArchiveReader(std::move(state)));
}

ArchiveReader::ArchiveReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ArchiveReader::~ArchiveReader() = default;

bool ArchiveReader::is_archive(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return false;
  if (std::filesystem::exists(folder + "/" + std::string(kArchiveMark), error)) return true;
  const auto names = list_segments(folder);
  return names && !names->empty();
}

const ArchivedEvent* ArchiveReader::next() {
  State& s = *state_;
  while (s.next_place < s.places.size() &&
         (s.heap.empty() || s.places[s.next_place].frame.first_at <= s.heap.front()->at()))
    s.load(s.next_place++);
  if (s.heap.empty()) return nullptr;
  std::ranges::pop_heap(s.heap, Later());
  Loaded& earliest = *s.heap.back();
  const Loaded::Line& line = earliest.lines[earliest.next++];
  s.event.at = line.at;
  s.event.line.assign(earliest.raw, line.offset, line.size);
  if (earliest.next == earliest.lines.size()) {
    s.heap.pop_back();
  } else {
    std::ranges::push_heap(s.heap, Later());
  }
  return &s.event;
}

void ArchiveReader::rewind() {
  state_->heap.clear();
  state_->next_place = 0;
}

const std::vector<ArchiveSegment>& ArchiveReader::segments() const { return state_->told; }

uint64_t ArchiveReader::events() const {
  uint64_t sum = 0;
  for (const Segment& segment : state_->segments)
    if (state_->overlaps(segment.head.first_at, segment.head.last_at)) sum += segment.head.events;
  return sum;
}

uint64_t ArchiveReader::unreadable() const { return state_->unreadable; }

// The rows with this hash, by halving; the last few are read at once.
std::vector<ArchiveId> ArchiveReader::State::rows_of(const Segment& segment, const ReadFile& index,
                                                     uint64_t hash) {
  std::vector<ArchiveId> rows;
  if (!segment.closed) {
    const auto found = std::ranges::equal_range(segment.ids, hash, {}, &ArchiveId::hash);
    rows.assign(found.begin(), found.end());
    return rows;
  }
  const uint64_t base = kIndexHeadBytes + segment.head.frames * kIndexFrameBytes;
  const auto row_at = [&](uint64_t i) {
    if (!index.read(base + i * kIndexIdBytes, kIndexIdBytes, bytes)) return ArchiveId{};
    return decode_index_id(bytes);
  };
  uint64_t low = 0, high = segment.head.events;  // the first row with the hash is in [low, high]
  while (high - low > kRowsAtOnce) {
    const uint64_t middle = low + (high - low) / 2;
    (row_at(middle).hash < hash ? low : high) = middle;
  }
  while (low < segment.head.events) {
    const uint64_t count = std::min<uint64_t>(kRowsAtOnce, segment.head.events - low);
    if (!index.read(base + low * kIndexIdBytes, count * kIndexIdBytes, bytes)) return rows;
    for (uint64_t i = 0; i < count; ++i) {
      const ArchiveId row =
          decode_index_id(std::string_view(bytes).substr(i * kIndexIdBytes, kIndexIdBytes));
      if (row.hash > hash) return rows;
      if (row.hash == hash) rows.push_back(row);
    }
    low += count;
  }
  return rows;
}

std::optional<ArchivedEvent> ArchiveReader::State::find_in(const Segment& segment,
                                                           std::string_view id, uint64_t hash) {
  const ReadFile index(index_path(folder, segment.name));
  const std::vector<ArchiveId> rows = rows_of(segment, index, hash);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    ArchiveFrame frame;
    if (row->frame >= segment.head.frames) continue;
    if (!segment.closed) {
      frame = segment.frames[row->frame];
    } else if (index.read(kIndexHeadBytes + row->frame * kIndexFrameBytes, kIndexFrameBytes,
                          bytes)) {
      frame = decode_index_frame(bytes);
    }
    if (!read_frame(segment, frame) || row->offset >= raw.size()) continue;
    std::string_view line = std::string_view(raw).substr(row->offset);
    line = line.substr(0, line.find('\n'));
    const auto head = line_head(line);
    if (head && id_of(*head) == id) return ArchivedEvent{head->at, std::string(line)};
  }
  return std::nullopt;
}

std::optional<ArchivedEvent> ArchiveReader::find(std::string_view id) {
  const uint64_t hash = core::hash64(id);
  const auto& segments = state_->segments;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment)
    if (auto found = state_->find_in(*segment, id, hash)) return found;
  return std::nullopt;
}

void ArchiveReader::State::verify_segment(const Segment& segment, std::vector<std::string>& out) {
  const std::string name = to_text(segment.name);
  const auto say = [&](const std::string& what) { out.push_back(name + ": " + what); };
  std::string index_bytes;
  std::vector<ArchiveFrame> frames = segment.frames;
  if (segment.closed) {
    ReadFile(index_path(folder, segment.name)).read_all(index_bytes);
    auto index = decode_index(index_bytes);
    if (!index) return say(index.error().message);
    frames = std::move(index->frames);
  }
  const ReadFile index_file(index_path(folder, segment.name));
  uint64_t events = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    const std::string where = "frame " + std::to_string(i) + ": ";
    if (!read_frame(segment, frames[i])) {
      say(where + "cannot be read");
      continue;
    }
    const std::string text = raw;
    each_line(text, [&](std::string_view line, size_t offset) {
      ++events;
      const auto head = line_head(line);
      const auto id = head ? id_of(*head) : std::nullopt;
      if (!id) return say(where + "a line at " + std::to_string(offset) + " is no event");
      const ArchiveId row{core::hash64(*id), static_cast<uint32_t>(i),
                          static_cast<uint32_t>(offset)};
      const auto rows = rows_of(segment, index_file, row.hash);
      if (std::ranges::find(rows, row) == rows.end())
        say(where + "the index does not find the event at " + std::to_string(offset));
    });
  }
  if (events != segment.head.events)
    say(std::to_string(events) + " events of " + std::to_string(segment.head.events) +
        " can be read");
}

std::vector<std::string> ArchiveReader::verify() {
  std::vector<std::string> out;
  for (const Segment& segment : state_->segments) state_->verify_segment(segment, out);
  return out;
}

}  // namespace ingest
