#include "tests/engine/stepped.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "engine/book_shelf.h"
#include "engine/book_swap.h"
#include "engine/books_in_force.h"
#include "engine/ledger.h"
#include "store/open.h"
#include "tests/engine/line_source.h"
#include "tests/engine/passing_store.h"
#include "tests/servers.h"

namespace tests {

namespace {

// Something happens while it keeps a Book, and sometimes nobody hears that it did.
class BusyStore final : public PassingStore {
 public:
  explicit BusyStore(core::Store& whole) : PassingStore(whole) {}
  std::function<void()> meanwhile;
  bool lose_reply = false;

  core::Result<core::Unit> keep_book(const std::string& hash, core::Time from,
                                     const std::string& bytes) override {
    if (meanwhile) meanwhile();
    const auto kept = PassingStore::keep_book(hash, from, bytes);
    if (meanwhile) meanwhile();
    if (lose_reply) return core::Error{core::Code::Unavailable, "no reply"};
    return kept;
  }
};

class Stepper {
 public:
  Stepper(const std::vector<ComposedLine>& lines, const SteppedSpec& spec, core::Store& store)
      : lines_(lines), spec_(spec), store_(store), random_(spec.seed) {
    if (!spec_.books.empty()) file_ = spec_.books.front();
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
      if (happens(spec_.swap_every)) swap();
      step();
    }
    std::ostringstream out;
    const core::Time first = pipeline_->first();
    REQUIRE(
        engine::write_ledger(store_, {first, composed_shelf().front().second->hash()}, out).ok());
    result_.ledger = out.str();
    result_.late = pipeline_->readers()[0].counters().late.value();
    result_.dead_letters = letters_->count();
    for (const engine::Lane& lane : pipeline_->lanes())
      result_.held += lane.counters().held.value();
    return result_;
  }

 private:
  bool happens(size_t every) { return every > 0 && random_() % every == 0; }

  // A new process on the same store.
  void make() {
    swap_.reset();
    const bool other = spec_.other_lanes && pipeline_ != nullptr;
    pipeline_.reset();
    store_.lose_reply = false;
    shelf_ = spec_.shelf.empty() ? composed_shelf() : spec_.shelf;
    if (file_ != nullptr) {
      REQUIRE(store_.bind(spec_.shards).ok());
      auto books = engine::books_in_force(store_, spec_.shards, file_, "");
      REQUIRE_MESSAGE(books.ok(), books.error().message);
      shelf_ = std::move(books->shelf);
    }
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
    auto made =
        engine::Pipeline::create(spec, store_, shelf_, std::move(inputs), *letters_, nullptr);
    REQUIRE_MESSAGE(made.ok(), made.error().message);
    pipeline_ = std::move(*made);
    if (file_ != nullptr) swap_.emplace(engine::places_of(*pipeline_), store_, shelf_.back().first);
  }

  // Now and then it crashes in the middle.
  void swap() {
    swap_->observe(wall_ += core::Millis(1 + static_cast<int64_t>(random_() % 100)));
    if (!swap_->may_begin()) return;
    file_ = spec_.books[random_() % spec_.books.size()];
    engine::ReadyBook ready = engine::make_ready(file_, pipeline_->lanes().size());
    store_.meanwhile = [this] {
      for (size_t n = random_() % 150; n > 0 && !pipeline_->done(); --n) step();
    };
    store_.lose_reply = random_() % 4 == 0;
    const auto from = swap_->put_in_force(ready);
    if (from) ++result_.swaps;
    if (!from && spec_.crash_every > 0 && random_() % 2 == 0) {
      ++result_.crashes;
      return make();
    }
    store_.lose_reply = false;
    if (!from) REQUIRE(swap_->put_in_force(ready).ok());
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
  BusyStore store_;
  std::mt19937_64 random_;
  std::shared_ptr<const rules::Book> file_;  // what the files make now; null: nothing is swapped
  engine::BookShelf shelf_;
  core::Millis wall_{0};
  std::unique_ptr<ingest::DeadLetters> letters_;
  std::unique_ptr<engine::Pipeline> pipeline_;
  std::optional<engine::BookSwap> swap_;
  SteppedResult result_;
};

// What is shipped, with `before` made `after` in the file of that name.
std::shared_ptr<const rules::Book> composed_book(const std::string& file, const std::string& before,
                                                 const std::string& after) {
  namespace fs = std::filesystem;
  Temporary folder;
  write_catalogue(folder.path());
  const fs::path rules = fs::path(QINGYU_SOURCE_DIR) / "rules";
  fs::create_directory(folder.file("packs"));
  fs::copy(rules / "packs", folder.file("packs"));
  for (const char* name : {"lists.yaml", "taxonomy.yaml", "ladders.yaml", "limits.yaml"})
    fs::copy(rules / name, folder.file(name));
  for (const std::string& path : {folder.file(file), folder.file("packs/" + file)}) {
    if (file.empty() || !fs::exists(path)) continue;
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    for (size_t at = text.find(before); at != text.npos; at = text.find(before, at + after.size()))
      text.replace(at, before.size(), after);
    std::ofstream(path, std::ios::binary) << text;
  }
  rules::BookFiles files;
  files.packs = {folder.file("packs")};
  files.lists = folder.file("lists.yaml");
  files.taxonomy = folder.file("taxonomy.yaml");
  files.ladders = folder.file("ladders.yaml");
  files.limits = folder.file("limits.yaml");
  files.catalogue = folder.path();
  auto book = engine::load_book(files);
  REQUIRE_MESSAGE(book.ok(), book.error().message);
  return std::move(*book);
}

}  // namespace

const std::vector<std::shared_ptr<const rules::Book>>& composed_books() {
  static const std::vector<std::shared_ptr<const rules::Book>> books = {
      composed_book("", "", ""), composed_book("product-safety.yaml", "yellow", "red"),
      composed_book("ladders.yaml", "ack: 10m", "ack: 4m")};
  return books;
}

const engine::BookShelf& composed_shelf() {
  static const engine::BookShelf shelf = {{core::kTimeMin, composed_books().front()}};
  return shelf;
}

engine::BookShelf kept_shelf(core::Store& store) {
  const auto kept = store.books();
  REQUIRE(kept.ok());
  engine::BookShelf shelf;
  for (const auto& [hash, from] : *kept)
    for (const auto& book : composed_books())
      if (book->hash() == hash) shelf.emplace_back(from, book);
  REQUIRE(shelf.size() == kept->size());
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
