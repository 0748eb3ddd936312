#include "ingest/archive_format.h"

#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "core/check.h"
#include "core/hash.h"
#include "ingest/json_string.h"

namespace ingest {

namespace {

constexpr std::string_view kMagic = "QYARCH1\n";
constexpr std::string_view kFrameMagic = "\x28\xB5\x2F\xFD";
constexpr int kLevel = 3;
constexpr std::string_view kLineBegins = "{\"ts\":", kIdBegins = ",\"id\":\"";

template <typename Number>
bool read_digits(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> 8 * i));
}
void put(std::string& out, core::Time t) { put(out, static_cast<uint64_t>(core::to_ms(t)), 8); }

// Takes little-endian numbers off the front. REQUIRES: they are there.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : rest_(bytes) {}
  uint64_t number(size_t bytes) {
    INVARIANT(rest_.size() >= bytes);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
      value |= uint64_t{static_cast<unsigned char>(rest_[i])} << 8 * i;
    rest_.remove_prefix(bytes);
    return value;
  }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  core::Time time() { return core::from_ms(static_cast<int64_t>(number(8))); }

 private:
  std::string_view rest_;
};

core::Error no_index(const char* why) {
  return {core::Code::BadInput, std::string("not an index of the archive: ") + why};
}

}  // namespace

std::string to_text(const ArchiveName& name) {
  if (name.kept) return std::string(kArchiveKept);
  using namespace std::chrono;
  const auto day = floor<days>(name.hour);
  const year_month_day date(day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d%02u%02uT%02d-%u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(floor<hours>(name.hour - day).count()), name.number);
  return text;
}

std::optional<ArchiveName> archive_name_from(std::string_view text) {
  ArchiveName name;
  if (text == kArchiveKept) {
    name.kept = true;
    return name;
  }
  int year = 0, hour = 0;
  unsigned month = 0, day = 0;
  const bool shaped = text.size() > 12 && text[8] == 'T' && text[11] == '-' &&
                      read_digits(text.substr(0, 4), year) &&
                      read_digits(text.substr(4, 2), month) &&
                      read_digits(text.substr(6, 2), day) && read_digits(text.substr(9, 2), hour) &&
                      read_digits(text.substr(12), name.number);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!shaped || !date.ok() || hour < 0 || hour > 23) return std::nullopt;
  name.hour = core::Time(std::chrono::sys_days(date)) + std::chrono::hours(hour);
  return to_text(name) == text ? std::optional(name) : std::nullopt;
}

void ArchiveIndex::add(const ArchiveFrame& frame) {
  frames.push_back(frame);
  head.frames = frames.size();
  head.segment_bytes = frame.offset + frame.bytes;
  head.raw_bytes += frame.raw_bytes;
  head.first_at = std::min(head.first_at, frame.first_at);
  head.last_at = std::max(head.last_at, frame.last_at);
}

// magic, frames, events, segment_bytes, raw_bytes, first_at, last_at, hash of the body, hash of the
// 64 bytes before; frames; ids.
std::string encode(const ArchiveIndex& index) {
  std::string body;
  body.reserve(index.frames.size() * kIndexFrameBytes + index.ids.size() * kIndexIdBytes);
  for (const ArchiveFrame& f : index.frames) {
    put(body, f.offset, 8);
    put(body, f.bytes, 4);
    put(body, f.raw_bytes, 4);
    put(body, f.first_at);
    put(body, f.last_at);
  }
  for (const ArchiveId& id : index.ids) {
    put(body, id.hash, 8);
    put(body, id.frame, 4);
    put(body, id.offset, 4);
  }
  std::string out(kMagic);
  for (const uint64_t n : {uint64_t{index.frames.size()}, uint64_t{index.ids.size()},
                           index.head.segment_bytes, index.head.raw_bytes})
    put(out, n, 8);
  put(out, index.head.first_at);
  put(out, index.head.last_at);
  put(out, core::hash64(body), 8);
  put(out, core::hash64(out), 8);
  return out + body;
}

core::Result<ArchiveHead> decode_index_head(std::string_view bytes) {
  if (bytes.size() < kIndexHeadBytes || !bytes.starts_with(kMagic))
    return no_index("its beginning");
  Taker in(bytes.substr(kMagic.size()));
  ArchiveHead head;
  for (uint64_t* n : {&head.frames, &head.events, &head.segment_bytes, &head.raw_bytes})
    *n = in.number(8);
  head.first_at = in.time();
  head.last_at = in.time();
  in.number(8);
  if (in.number(8) != core::hash64(bytes.substr(0, kIndexHeadBytes - 8)))
    return no_index("its head was changed");
  return head;
}

ArchiveFrame decode_index_frame(std::string_view bytes) {
  Taker in(bytes);
  ArchiveFrame f;
  f.offset = in.number(8);
  f.bytes = in.u32();
  f.raw_bytes = in.u32();
  f.first_at = in.time();
  f.last_at = in.time();
  return f;
}

ArchiveId decode_index_id(std::string_view bytes) {
  Taker in(bytes);
  ArchiveId id;
  id.hash = in.number(8);
  id.frame = in.u32();
  id.offset = in.u32();
  return id;
}

core::Result<ArchiveIndex> decode_index(std::string_view bytes) {
  const auto head = decode_index_head(bytes);
  if (!head) return head.error();
  const std::string_view body = bytes.substr(kIndexHeadBytes);
  const bool fits = head->frames <= body.size() / kIndexFrameBytes &&
                    head->events <= body.size() / kIndexIdBytes &&
                    head->frames * kIndexFrameBytes + head->events * kIndexIdBytes == body.size();
  if (!fits) return no_index("its length");
  Taker hash(bytes.substr(kIndexHeadBytes - 16));
  if (hash.number(8) != core::hash64(body)) return no_index("it was changed");
  ArchiveIndex index;
  index.head = *head;
  for (size_t i = 0; i < head->frames; ++i)
    index.frames.push_back(decode_index_frame(body.substr(i * kIndexFrameBytes, kIndexFrameBytes)));
  return index;
}

struct FrameCoder::State {
  ZSTD_CCtx* to = ZSTD_createCCtx();
  ZSTD_DCtx* from = ZSTD_createDCtx();
  std::string compressed;
};

FrameCoder::FrameCoder() : state_(std::make_unique<State>()) {
  INVARIANT(state_->to != nullptr && state_->from != nullptr);
  ZSTD_CCtx_setParameter(state_->to, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(state_->to, ZSTD_c_checksumFlag, 1);
}

FrameCoder::~FrameCoder() {
  ZSTD_freeCCtx(state_->to);
  ZSTD_freeDCtx(state_->from);
}

std::string_view FrameCoder::compress(std::string_view raw) {
  std::string& out = state_->compressed;
  out.resize(ZSTD_compressBound(raw.size()));
  const size_t n = ZSTD_compress2(state_->to, out.data(), out.size(), raw.data(), raw.size());
  INVARIANT(ZSTD_isError(n) == 0);
  return std::string_view(out).substr(0, n);
}

bool FrameCoder::decompress(std::string_view frame, std::string& raw) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == 0 || size > kArchiveFrameMax) return false;  // unknown and error are greater, too
  raw.resize(size);
  const size_t n =
      ZSTD_decompressDCtx(state_->from, raw.data(), raw.size(), frame.data(), frame.size());
  return n == size;
}

size_t FrameCoder::frame_size(std::string_view bytes) {
  if (!bytes.starts_with(kFrameMagic)) return 0;
  const size_t n = ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
  return ZSTD_isError(n) != 0 ? 0 : n;
}

std::optional<ArchiveLineHead> line_head(std::string_view line) {
  if (!line.starts_with(kLineBegins)) return std::nullopt;
  line.remove_prefix(kLineBegins.size());
  const size_t comma = line.find(',');
  int64_t ms = 0;
  if (comma == std::string_view::npos || !read_digits(line.substr(0, comma), ms))
    return std::nullopt;
  line.remove_prefix(comma);
  if (!line.starts_with(kIdBegins)) return std::nullopt;
  line.remove_prefix(kIdBegins.size());
  for (size_t i = 0; i < line.size() && line[i] != '"'; ++i) {
    if (line[i] == '\\') ++i;
    if (i + 1 < line.size() && line[i + 1] == '"')
      return ArchiveLineHead{core::from_ms(ms), line.substr(0, i + 1)};
  }
  return std::nullopt;
}

std::optional<std::string> id_of(const ArchiveLineHead& head) {
  std::string id;
  if (unescape(head.id, id) != Unescaped::Ok) return std::nullopt;
  return id;
}

namespace {

// Whether every line of a frame begins as ours do; then its row of the index, and its ids.
bool index_frame(std::string_view raw, ArchiveFrame& frame, uint32_t number,
                 std::vector<ArchiveId>& ids) {
  frame.first_at = core::kTimeMax;
  frame.last_at = core::kTimeMin;
  frame.raw_bytes = static_cast<uint32_t>(raw.size());
  const size_t before = ids.size();
  bool ours = true;
  each_line(raw, [&](std::string_view line, size_t offset) {
    const auto head = line_head(line);
    const auto id = head ? id_of(*head) : std::nullopt;
    if (!id) {
      ours = false;
      return;
    }
    frame.first_at = std::min(frame.first_at, head->at);
    frame.last_at = std::max(frame.last_at, head->at);
    ids.push_back({core::hash64(*id), number, static_cast<uint32_t>(offset)});
  });
  if (!ours) ids.resize(before);
  return ours;
}

}  // namespace

ArchiveScan scan_segment(std::string_view bytes, FrameCoder& coder) {
  ArchiveScan scan;
  std::string raw;
  size_t at = 0, whole = 0;  // [whole, at) is damaged, or cut off
  while (at < bytes.size()) {
    ArchiveFrame frame;
    frame.offset = at;
    const size_t size = FrameCoder::frame_size(bytes.substr(at));
    frame.bytes = static_cast<uint32_t>(size);
    const auto number = static_cast<uint32_t>(scan.index.frames.size());
    const bool good = size > 0 && coder.decompress(bytes.substr(at, size), raw) &&
                      index_frame(raw, frame, number, scan.index.ids);
    if (!good) {
      at = std::min(bytes.find(kFrameMagic, at + 1), bytes.size());
      continue;
    }
    scan.damaged_bytes += at - whole;
    scan.index.add(frame);
    whole = at += size;
  }
  scan.cut_bytes = bytes.size() - whole;
  std::ranges::sort(scan.index.ids);
  scan.index.head.events = scan.index.ids.size();
  return scan;
}

}  // namespace ingest
