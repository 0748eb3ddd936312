#include "engine/book_swap.h"

#include <doctest/doctest.h>

#include <sstream>

#include "engine/books_in_force.h"
#include "engine/embedded.h"
#include "engine/ledger.h"
#include "store/open.h"
#include "tests/engine/line_source.h"
#include "tests/engine/stepped.h"

// Books come into force while lanes and shards work; a replay that knows them and their times
// decides the same (DESIGN 11.8).
namespace {

using tests::ComposedLine;
using tests::SteppedSpec;

std::unique_ptr<core::Store> memory() {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return std::move(*store);
}

std::string replay(const std::vector<ComposedLine>& lines, core::Store& of, uint64_t seed) {
  return tests::run_stepped(lines, {.lanes = 1 + seed % 3,
                                    .shards = 1 + static_cast<uint32_t>(seed % 2),
                                    .seed = seed + 50,
                                    .shelf = tests::kept_shelf(of)})
      .ledger;
}

// All of a run with threads; a Book is put in force, as fast as may be, each time that the source
// may be read on.
struct Threaded {
  size_t lanes = 1, swaps = 0;
  std::unique_ptr<core::Store> store = memory();
  std::string ledger = {};

  void run(const std::vector<ComposedLine>& lines, size_t chunks) {
    const auto& books = tests::composed_books();
    auto letters = ingest::DeadLetters::open("", true, 1 << 20);
    REQUIRE(letters.ok());
    REQUIRE(store->bind(2).ok());
    auto force = engine::books_in_force(*store, 2, books.front(), "");
    REQUIRE(force.ok());
    engine::PipelineSpec spec;
    spec.lanes = lanes;
    spec.shards = 2;
    tests::Gate gate = 0;
    std::vector<engine::SourceInput> inputs;
    inputs.push_back({std::make_unique<tests::LineSource>(lines, 2, 7, &gate),
                      "qingyu",
                      {},
                      engine::ActEvents::Taken});
    auto pipeline =
        engine::Pipeline::create(spec, *store, force->shelf, std::move(inputs), **letters, nullptr);
    REQUIRE_MESSAGE(pipeline.ok(), pipeline.error().message);
    engine::BookSwap swap(engine::places_of(**pipeline), *store, force->shelf.back().first);
    engine::Embedded embedded(**pipeline, {});
    embedded.start();
    core::Millis wall{0};
    const auto ran = embedded.wait(core::Millis(1), [&] {
      swap.observe(wall += core::Millis(1));
      if (gate.load() >= lines.size() || !swap.may_begin()) return;
      gate += lines.size() / chunks + 1;
      engine::ReadyBook ready = engine::make_ready(books[++swaps % books.size()], lanes);
      REQUIRE(swap.put_in_force(ready).ok());
    });
    REQUIRE_MESSAGE(ran.ok(), ran.error().message);
    std::ostringstream out;
    const engine::LedgerHead head{(*pipeline)->first(), books.front()->hash()};
    REQUIRE(engine::write_ledger(*store, head, out).ok());
    ledger = out.str();
  }
};

}  // namespace

TEST_CASE("Books that come and go while the parts work give the ledger of their times") {
  size_t swaps = 0, differ = 0;
  uint64_t held = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const auto lines = tests::compose({.seed = seed});
    const auto store = memory();
    const auto live = tests::run_stepped(lines,
                                         {.lanes = 1 + seed % 3,
                                          .shards = 1 + static_cast<uint32_t>(seed % 4),
                                          .partitions = 1 + static_cast<uint32_t>(seed % 2),
                                          .seed = seed,
                                          .books = tests::composed_books(),
                                          .swap_every = 150},
                                         *store);
    CHECK(live.ledger == replay(lines, *store, seed));
    differ += live.ledger != tests::run_stepped(lines, {.seed = seed}).ledger ? 1 : 0;
    swaps += live.swaps;
    held += live.held;
  }
  CHECK(swaps > 60);
  CHECK(held > 20);    // lanes did come to T while the store wrote
  CHECK(differ == 6);  // and the Books decide differently
}

TEST_CASE("Books come into force through crashes, in the middle of coming into force too") {
  size_t swaps = 0, crashes = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    const auto lines = tests::compose({.seed = seed + 20});
    const auto store = memory();
    const auto live = tests::run_stepped(lines,
                                         {.lanes = 1 + seed % 3,
                                          .shards = 2,
                                          .partitions = 2,
                                          .seed = seed,
                                          .crash_every = 900,
                                          .books = tests::composed_books(),
                                          .swap_every = 200},
                                         *store);
    CHECK(live.ledger == replay(lines, *store, seed));
    swaps += live.swaps;
    crashes += live.crashes;
  }
  CHECK(swaps > 30);
  CHECK(crashes > 15);
}

TEST_CASE("1, 2 and 4 lane threads change their Book at one event time") {
  const auto lines = tests::compose({.seed = 3, .events = 6'000, .spreads = 12});
  for (const size_t lanes : {1, 2, 4}) {
    Threaded threaded{.lanes = lanes};
    threaded.run(lines, 40);
    CHECK(threaded.swaps == 40);
    CHECK(threaded.ledger == replay(lines, *threaded.store, lanes));
  }
}
