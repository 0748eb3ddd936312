#include "tests/engine/stepped.h"

#include <doctest/doctest.h>

#include <random>
#include <sstream>

#include "core/hash.h"
#include "engine/book_shelf.h"
#include "engine/ledger.h"
#include "store/open.h"
#include "tests/servers.h"

namespace tests {

namespace {

// Partitions of lines in memory. Gives a few messages of a random partition at a time, in their
// order.
class LineSource final : public ingest::Source {
 public:
  LineSource(const std::vector<ComposedLine>& lines, uint32_t partitions, uint64_t seed)
      : lines_(partitions), next_(partitions, 0), random_(seed) {
    for (uint32_t i = 0; i < partitions; ++i) names_.push_back("lines/" + std::to_string(i));
    for (const ComposedLine& line : lines)
      lines_[core::hash64(line.channel) % partitions].push_back(&line);
  }

  const std::vector<std::string>& partitions() const override { return names_; }
  core::Result<core::Unit> start(std::span<const int64_t> positions) override {
    for (size_t i = 0; i < positions.size(); ++i) next_[i] = std::max<int64_t>(positions[i], 0);
    return core::Unit{};
  }
  core::Result<std::span<const ingest::RawMessage>> poll(core::Millis, size_t limit) override {
    polled_.clear();
    const auto p = static_cast<uint32_t>(random_() % lines_.size());
    const size_t n = std::min<size_t>(limit, random_() % 20);
    while (polled_.size() < n && !ended(p)) {
      const int64_t offset = next_[p]++;
      polled_.push_back({lines_[p][static_cast<size_t>(offset)]->json, p, offset, offset + 1, -1});
    }
    return std::span<const ingest::RawMessage>(polled_);
  }
  bool at_end(uint32_t p) const override { return ended(p); }
  bool ended(uint32_t p) const override {
    return next_[p] == static_cast<int64_t>(lines_[p].size());
  }
  int64_t lag(uint32_t p) const override {
    return static_cast<int64_t>(lines_[p].size()) - next_[p];
  }
  std::string place(uint32_t p, int64_t offset) const override {
    return names_[p] + "@" + std::to_string(offset);
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<const ComposedLine*>> lines_;
  std::vector<int64_t> next_;
  std::vector<ingest::RawMessage> polled_;
  std::mt19937_64 random_;
};

class Stepper {
 public:
  Stepper(const std::vector<ComposedLine>& lines, const SteppedSpec& spec, core::Store& store)
      : lines_(lines), spec_(spec), store_(store), random_(spec.seed) {
    auto letters = ingest::DeadLetters::open("", true, 1 << 20);
    REQUIRE(letters.ok());
    letters_ = std::move(*letters);
  }

  SteppedResult run() {
    make();
    while (!pipeline_->done()) {
      if (happens(spec_.crash_every)) {
        ++result_.crashes;
        make();
      }
      if (happens(spec_.announce_every)) announce();
      step();
    }
    std::ostringstream out;
    const core::Time first = pipeline_->first();
    REQUIRE(
        engine::write_ledger(store_, {first, composed_shelf().front().second->hash()}, out).ok());
    result_.ledger = out.str();
    result_.late = pipeline_->readers()[0].counters().late.value();
    result_.dead_letters = letters_->count();
    return result_;
  }

 private:
  bool happens(size_t every) { return every > 0 && random_() % every == 0; }

  // A new process on the same store.
  void make() {
    const bool other = spec_.other_lanes && pipeline_ != nullptr;
    pipeline_.reset();
    engine::PipelineSpec spec;
    spec.lanes = other ? 1 + random_() % 4 : spec_.lanes;
    spec.shards = spec_.shards;
    spec.batches_per_link = 2;
    spec.records_per_link = 16;
    spec.shard.commit_every = spec_.commit_every;
    std::vector<engine::SourceInput> inputs;
    inputs.push_back({std::make_unique<LineSource>(lines_, spec_.partitions, random_()),
                      spec_.decoder, spec_.limits, engine::ActEvents::Taken});
    for (size_t i = 0; spec_.archivist != nullptr && i < spec_.lanes; ++i)
      spec.sinks.push_back(&spec_.archivist->inlet(i));
    auto made = engine::Pipeline::create(spec, store_, composed_shelf(), std::move(inputs),
                                         *letters_, nullptr);
    REQUIRE_MESSAGE(made.ok(), made.error().message);
    pipeline_ = std::move(*made);
  }

  void step() {
    if (spec_.archivist != nullptr && random_() % 4 == 0) spec_.archivist->step();
    const size_t parts = 1 + pipeline_->lanes().size() + pipeline_->shards().size();
    size_t part = random_() % parts;
    if (part == 0) {
      pipeline_->readers()[0].step(core::Millis(0), core::kTimeMax);
    } else if (--part < pipeline_->lanes().size()) {
      pipeline_->lanes()[part].step();
    } else {
      const auto stepped = pipeline_->shards()[part - pipeline_->lanes().size()].step();
      REQUIRE_MESSAGE(stepped.ok(), stepped.error().message);
    }
  }

  // A partition says that nothing older than somewhat after its newest event will come, which is
  // not true.
  void announce() {
    engine::Reader& reader = pipeline_->readers()[0];
    const auto p = static_cast<uint32_t>(random_() % reader.partitions());
    const engine::Stream& stream = reader.stream(p);
    if (stream.newest() == core::kTimeMin) return;
    const core::Time at = stream.newest() + core::Millis(static_cast<int64_t>(random_() % 300'000));
    const core::Announcement announcement{pipeline_->stream_names()[p], stream.next(),
                                          core::floor_to(at, core::Millis(1000))};
    if (spec_.keep_announcements) REQUIRE(store_.announce({announcement}).ok());
    reader.announce(p, announcement.at);
  }

  const std::vector<ComposedLine>& lines_;
  const SteppedSpec spec_;
  core::Store& store_;
  std::mt19937_64 random_;
  std::unique_ptr<ingest::DeadLetters> letters_;
  std::unique_ptr<engine::Pipeline> pipeline_;
  SteppedResult result_;
};

}  // namespace

const engine::BookShelf& composed_shelf() {
  static const engine::BookShelf shelf = [] {
    Temporary catalogue;
    write_catalogue(catalogue.path());
    const std::string root = QINGYU_SOURCE_DIR;
    rules::BookFiles files;
    files.packs = {root + "/rules/packs"};
    files.lists = root + "/rules/lists.yaml";
    files.taxonomy = root + "/rules/taxonomy.yaml";
    files.ladders = root + "/rules/ladders.yaml";
    files.limits = root + "/rules/limits.yaml";
    files.catalogue = catalogue.path();
    auto book = engine::load_book(files);
    REQUIRE_MESSAGE(book.ok(), book.error().message);
    return engine::BookShelf{{core::kTimeMin, std::move(*book)}};
  }();
  return shelf;
}

SteppedResult run_stepped(const std::vector<ComposedLine>& lines, const SteppedSpec& spec,
                          core::Store& store) {
  return Stepper(lines, spec, store).run();
}

SteppedResult run_stepped(const std::vector<ComposedLine>& lines, const SteppedSpec& spec) {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return run_stepped(lines, spec, **store);
}

}  // namespace tests
