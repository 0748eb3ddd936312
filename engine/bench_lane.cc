#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "engine/archivist.h"
#include "engine/bench.h"
#include "engine/bench_corpus.h"
#include "engine/bench_floor.h"
#include "engine/book_shelf.h"
#include "engine/lane.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"
#include "ingest/decode.h"
#include "rules/keyed_hash.h"

namespace engine {

namespace {

constexpr size_t kEvents = 200'000;
constexpr size_t kSliceEvents = 10'000;
constexpr size_t kBatchEvents = 128;  // as a reader hands them on
constexpr size_t kRounds = 60;
constexpr core::Millis kLateness{5'000};  // replies wait for marks so far behind

std::vector<std::string_view> lines_of(const std::string& text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Processor time of this thread, so that what else runs on the machine is not counted.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// An archive that is written in a thread of its own meanwhile, as in a running system.
class ArchiveBeside {
 public:
  static core::Result<std::unique_ptr<ArchiveBeside>> open() {
    auto folder = temporary_folder("qingyu-bench");
    if (!folder) return folder.error();
    ArchivistSpec spec;
    spec.folder = *folder;
    spec.hash_key = rules::kPublicHashKey;
    auto archivist = Archivist::open(std::move(spec));
    if (!archivist) return archivist.error();
    return std::make_unique<ArchiveBeside>(*folder, std::move(*archivist));
  }
  ArchiveBeside(std::string folder, std::unique_ptr<Archivist> archivist)
      : folder_(std::move(folder)), archivist_(std::move(archivist)), thread_([this] {
          while (!stopping_.load(std::memory_order_relaxed))
            if (!archivist_->step()) std::this_thread::yield();
        }) {}
  ~ArchiveBeside() {
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
    archivist_->close();
    const ArchiveCounts counts = archivist_->counts();
    std::cerr << "存档 archive: written " << counts.figures.written << ", no room "
              << counts.dropped_queue << ", bytes " << counts.figures.bytes << '\n';
    archivist_.reset();
    std::filesystem::remove_all(folder_);
  }

  EventSink& sink() { return archivist_->inlet(0); }

 private:
  std::string folder_;
  std::unique_ptr<Archivist> archivist_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// A lane without its links: what a reader and a lane do for each event.
class LaneUnderTest {
 public:
  LaneUnderTest(const BookShelf& shelf, EventSink* sink)
      : decoder_(ingest::make_decoder("qingyu")), lane_(shelf, {}, {}), sink_(sink) {}

  uint64_t take(std::span<const std::string_view> lines) {
    uint64_t hits = 0;
    for (size_t from = 0; from < lines.size(); from += kBatchEvents)
      hits += take_batch(lines.subspan(from, std::min(kBatchEvents, lines.size() - from)));
    return hits;
  }

 private:
  uint64_t take_batch(std::span<const std::string_view> lines) {
    batch_.clear();
    for (const std::string_view line : lines) {
      events_.clear();
      if (!decoder_->decode(line, events_)) continue;
      events_[0].at = events_[0].published;
      batch_.push(events_.slot(0));
    }
    lane_.begin(batch_);
    signals_.clear();
    core::Time newest = core::kTimeMin;
    for (size_t i = 0; i < batch_.size(); ++i) {
      lane_.judge(batch_, i, signals_);
      newest = std::max(newest, batch_.event(i).at);
    }
    if (batch_.size() > 0) lane_.pass(0, {newest - kLateness, false, nullptr}, signals_);
    uint64_t hits = 0;
    for (const core::Signal& signal : signals_) hits += signal.hits.size();
    if (sink_ != nullptr)
      for (size_t i = 0; i < batch_.size(); ++i) sink_->take(batch_.slot(i));
    return hits;
  }

  std::unique_ptr<ingest::Decoder> decoder_;
  ingest::EventBatch events_;
  Batch batch_;
  Lane lane_;
  std::vector<core::Signal> signals_;
  EventSink* sink_;
};

// The floor takes line by line: it has nothing to gather.
class FloorUnderTest {
 public:
  explicit FloorUnderTest(BenchFloor& floor) : floor_(floor) {}
  uint64_t take(std::span<const std::string_view> lines) {
    uint64_t hits = 0;
    for (const std::string_view line : lines) hits += floor_.take(line);
    return hits;
  }

 private:
  BenchFloor& floor_;
};

core::Result<BookShelf> shelf_of(const BenchCorpus& corpus) {
  auto folder = temporary_folder("qingyu-bench");
  if (!folder) return folder.error();
  const std::filesystem::path pack = std::filesystem::path(*folder) / "bench.yaml";
  std::ofstream(pack, std::ios::binary) << corpus.pack;
  auto settings = load_settings(shipped("deploy/qingyu.yaml"));
  if (!settings) return settings.error();
  rules::BookFiles files = settings->book;
  files.packs = {pack.string()};
  files.catalogue.clear();
  auto book = load_book(files);
  std::filesystem::remove_all(*folder);
  if (!book) return book.error();
  return BookShelf{{core::kTimeMin, std::move(*book)}};
}

struct Measured {
  std::vector<double> lane_ns, floor_ns;  // per event, one a slice
  uint64_t lane_hits = 0, floor_hits = 0;
};

template <typename Taker>
double slice_ns(Taker& taker, std::span<const std::string_view> lines, uint64_t& hits) {
  const double start = cpu_seconds();
  hits += taker.take(lines);
  return (cpu_seconds() - start) * 1e9 / static_cast<double>(lines.size());
}

Measured measure(LaneUnderTest& lane, FloorUnderTest& floor,
                 const std::vector<std::string_view>& lines) {
  Measured m;
  for (size_t round = 0; round <= kRounds; ++round) {
    const size_t from = round * kSliceEvents % (lines.size() - kSliceEvents + 1);
    const auto slice = std::span(lines).subspan(from, kSliceEvents);
    uint64_t lane_hits = 0, floor_hits = 0;
    double a = 0, b = 0;
    if (round % 2 == 0) a = slice_ns(lane, slice, lane_hits);
    b = slice_ns(floor, slice, floor_hits);
    if (round % 2 != 0) a = slice_ns(lane, slice, lane_hits);
    if (round == 0) continue;  // the first slices warm up
    m.lane_ns.push_back(a);
    m.floor_ns.push_back(b);
    m.lane_hits += lane_hits;
    m.floor_hits += floor_hits;
  }
  return m;
}

void print(const Measured& m, size_t words, bool json) {
  std::vector<double> ratios;
  for (size_t i = 0; i < m.lane_ns.size(); ++i) ratios.push_back(m.floor_ns[i] / m.lane_ns[i]);
  const double lane = median(m.lane_ns), floor = median(m.floor_ns), ratio = median(ratios);
  if (json) {
    std::cout << nlohmann::ordered_json{{"bench", "lane"},
                                        {"words", words},
                                        {"events_per_second", static_cast<int64_t>(1e9 / lane)},
                                        {"floor_events_per_second",
                                         static_cast<int64_t>(1e9 / floor)},
                                        {"ratio", ratio},
                                        {"slices", m.lane_ns.size()},
                                        {"hits", m.lane_hits},
                                        {"floor_hits", m.floor_hits}}
                     .dump()
              << '\n';
    return;
  }
  std::cout << "通道 lane   " << static_cast<int64_t>(1e9 / lane) << " events/s (" << lane
            << " ns, processor time, one core, " << words << " words)\n"
            << "下限 floor  " << static_cast<int64_t>(1e9 / floor) << " events/s (" << floor
            << " ns: simdjson on-demand + one hs_scan, no folding)\n"
            << "比值 ratio  " << ratio << " (median of " << m.lane_ns.size()
            << " interleaved slices)\n"
            << "命中 hits   " << m.lane_hits << " against " << m.floor_hits << " without folding\n";
}

}  // namespace

int bench_lane(const BenchOptions& options) {
  const size_t events = std::max(options.events > 0 ? options.events : kEvents, kSliceEvents);
  const auto corpus = make_bench_corpus(events, options.words);
  if (!corpus) return std::cerr << corpus.error().message << '\n', 2;
  const auto shelf = shelf_of(*corpus);
  if (!shelf) return std::cerr << shelf.error().message << '\n', 2;
  const auto floor = BenchFloor::create(corpus->words);
  if (!floor) return std::cerr << floor.error().message << '\n', 2;
  std::unique_ptr<ArchiveBeside> archive;
  if (options.archive) {
    auto opened = ArchiveBeside::open();
    if (!opened) return std::cerr << opened.error().message << '\n', 2;
    archive = std::move(*opened);
  }
  LaneUnderTest lane(*shelf, archive ? &archive->sink() : nullptr);
  FloorUnderTest floor_lines(**floor);
  print(measure(lane, floor_lines, lines_of(corpus->lines)), corpus->words.size(), options.json);
  return 0;
}

}  // namespace engine
