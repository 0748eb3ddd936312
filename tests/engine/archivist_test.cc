// What the archivist keeps because an incident is open, lets go because a person asked, and drops
// because a lane must not wait.
#include "engine/archivist.h"

#include <doctest/doctest.h>

#include "core/hash.h"
#include "engine/archive_evidence.h"
#include "ingest/archive_reader.h"
#include "store/open.h"
#include "tests/engine/stepped.h"
#include "tests/servers.h"

namespace {

constexpr int64_t kStart = 1'776'300'000'000;
constexpr int64_t kHour = 3'600'000;

struct Archive {
  tests::Temporary temporary;
  std::string folder = temporary.file("archive");
  std::unique_ptr<core::Store> store;
  std::unique_ptr<engine::Archivist> archivist;

  Archive() {
    auto opened = store::open_store({.kind = "memory"});
    REQUIRE(opened);
    store = std::move(*opened);
  }
  void open(core::Millis keep) {
    engine::ArchivistSpec spec;
    spec.folder = folder;
    spec.limits.keep = keep;
    spec.hash_key = "k";
    spec.store = store.get();
    spec.policy = [] {
      const auto& book = tests::composed_shelf().front().second;
      return std::shared_ptr<const core::Policy>(book, &book->policy());
    };
    auto opened = engine::Archivist::open(std::move(spec));
    REQUIRE(opened);
    archivist = std::move(*opened);
  }
  void say(const std::string& id, int64_t ms, const std::string& author,
           const std::string& text = "今天天气不错") {
    auto event = std::make_unique<core::Event>();
    event->id = id;
    event->at = event->published = core::from_ms(ms);
    event->kind = core::Kind::Chat;
    event->channel_id = "g1";
    event->author_id = author;
    event->text = text;
    archivist->inlet(0).take(event);
  }
  bool holds(const std::string& id) const {
    const auto reader = ingest::ArchiveReader::open(folder);
    REQUIRE(reader);
    return (*reader)->find(id).has_value();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Archive, "the evidence of an open incident outlives its hour; closed, it goes") {
  // A spread opens an incident, which nobody closes until the story ends.
  std::vector<tests::ComposedLine> lines;
  const auto line = [&](int minute, const std::string& id, const std::string& text) {
    const int64_t ms = kStart + minute * 60'000;
    lines.push_back({ms, "g" + id,
                     R"({"id":")" + id + R"(","ts":)" + std::to_string(ms) +
                         R"(,"kind":"chat","channel":{"id":"g)" + id +
                         R"("},"author":{"id":"u"},"text":")" + text + "\"}"});
  };
  for (int i = 0; i < 6; ++i)
    line(i, "bad" + std::to_string(i), "霁野洗衣液过期了还卖" + std::to_string(i));
  for (int i = 0; i < 6; ++i) line(i, "idle" + std::to_string(i), "今天天气不错");
  std::ranges::stable_sort(lines, {}, &tests::ComposedLine::ms);
  open(core::Millis{2 * kHour});
  tests::run_stepped(lines, {.archivist = archivist.get()}, *store);
  while (archivist->step()) {
  }
  const auto& book = tests::composed_shelf().front().second;
  const auto evidence =
      engine::open_evidence(*store, 1, std::shared_ptr<const core::Policy>(book, &book->policy()));
  REQUIRE(evidence);
  REQUIRE(evidence->size() == 6);
  CHECK(std::ranges::binary_search(*evidence, core::hash64("bad3")));

  say("later", kStart + 20 * kHour, "u");
  archivist->step();
  archivist->tend(core::from_ms(kStart + 20 * kHour));
  CHECK(archivist->counts().figures.kept == 6);
  CHECK(archivist->counts().figures.dropped_age == 6);
  CHECK(holds("bad3"));
  CHECK_FALSE(holds("idle3"));

  auto closed = store::open_store({.kind = "memory"});  // of which no incident is open
  REQUIRE(closed);
  std::swap(store, *closed);
  archivist.reset();
  open(core::Millis{2 * kHour});
  say("much later", kStart + 40 * kHour, "u");
  archivist->step();
  archivist->tend(core::from_ms(kStart + 40 * kHour));
  CHECK(archivist->counts().figures.kept == 0);
  CHECK_FALSE(holds("bad3"));
}

TEST_CASE_FIXTURE(Archive, "who asked to be erased is gone from the archive, open hours included") {
  open(core::Millis{1000 * kHour});
  for (int i = 0; i < 50; ++i)
    say("m" + std::to_string(i), kStart + i * kHour / 4, i % 2 == 0 ? "erased" : "stays");
  archivist->step();
  archivist->tend(core::from_ms(kStart));
  REQUIRE(holds("m10"));
  const std::string handle = rules::keyed_hash("k", "member", "erased");
  REQUIRE(
      store->keep({engine::kErasureShelf, handle, rules::keyed_hash("k", "customer", "erased")}));
  say("m50", kStart + 13 * kHour, "erased");  // on its way when it was asked
  archivist->tend(core::from_ms(kStart));
  while (archivist->step()) {
  }
  for (int i = 0; i <= 50; ++i) CHECK(holds("m" + std::to_string(i)) == (i % 2 == 1));
  CHECK(archivist->counts().figures.erased == 26);
  CHECK((*store->list(engine::kErasureShelf, "", 9)).empty());
}

TEST_CASE_FIXTURE(Archive, "a lane does not wait for the archive: what has no room is counted") {
  open(core::Millis{1000 * kHour});
  const size_t room = engine::ArchiveInlet::kEventsMax;
  for (size_t i = 0; i < room + 7; ++i)
    say("m" + std::to_string(i), kStart + static_cast<int64_t>(i), "u");
  while (archivist->step()) {
  }
  archivist->tend(core::from_ms(kStart));
  CHECK(archivist->counts().dropped_queue == 7);
  CHECK(archivist->counts().figures.written == room);
  CHECK(holds("m" + std::to_string(room - 1)));
  CHECK_FALSE(holds("m" + std::to_string(room)));

  const std::string long_text(60'000, 'x');  // by bytes, too
  for (int i = 0; i < 2'000; ++i) say("long" + std::to_string(i), kStart, "u", long_text);
  while (archivist->step()) {
  }
  archivist->close();
  const uint64_t taken = engine::ArchiveInlet::kBytesMax / (60'000 + 256);
  CHECK(archivist->counts().dropped_queue == 7 + 2'000 - taken);
}

TEST_CASE_FIXTURE(Archive, "while nobody can say what is evidence, nothing is dropped") {
  open(core::Millis{2 * kHour});
  REQUIRE(store->commit([&] {
    core::Checkpoint torn;
    torn.fence = *store->take(0);
    torn.families = {{"brand:x", "no bytes of a family"}};
    return torn;
  }()));
  say("old", kStart, "u");
  say("new", kStart + 20 * kHour, "u");
  archivist->step();
  archivist->tend(core::from_ms(kStart + 20 * kHour));
  archivist->tend(core::from_ms(kStart + 20 * kHour));
  CHECK(holds("old"));
  CHECK(archivist->counts().figures.dropped_age == 0);
}
