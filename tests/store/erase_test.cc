// Removing a store: nothing of it is left, and nothing of anybody else is touched.
#include "store/erase.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/store/places.h"

using core::Code;
using tests::at;
using tests::value;

namespace {

// Something in every part of a store.
void fill(core::Store& store) {
  value(store.bind(4));
  core::Checkpoint c;
  c.shard = 3;
  c.fence = value(store.take(3));
  c.families = {{"brand:a", "1"}};
  c.ledger = {tests::line(1, "INC-1", 1)};
  c.outbox = {tests::item("n", "INC-1", 1)};
  value(store.commit(c));
  for (int i = 0; i < 700; ++i) value(store.request(tests::name("r", i), "x"));
  value(store.append({0, "command", at(1), "x"}));
  value(store.announce({{"s", 1, at(1)}}));
}

}  // namespace

TEST_CASE_TEMPLATE("an erased store is an empty one", Place, LASTING_STORE_PLACES) {
  const Place place;
  value(store::erase(place.spec()));  // nothing there is no error
  const std::string empty = tests::observe(*place.open(), 4, {"s"});
  fill(*place.open());
  value(store::erase(place.spec()));
  const auto store = place.open();
  CHECK(tests::observe(*store, 4, {"s"}) == empty);
  CHECK(value(store->take(3)) == 1);
  CHECK(store->bind(8).ok());
}

TEST_CASE("erasing one prefix leaves the others") {
  const tests::RedisPlace place;
  store::StoreSpec other = place.spec();
  other.prefix = "qingyu2";
  const auto kept = tests::open_or_fail(other);
  fill(*kept);
  fill(*place.open());
  const std::string before = tests::observe(*kept, 4, {"s"});
  value(store::erase(place.spec()));
  CHECK(tests::observe(*kept, 4, {"s"}) == before);
  for (const char* prefix : {"", "*", "qingyu*", "q?ngyu2"}) {
    other.prefix = prefix;
    CHECK(store::erase(other).error().code == Code::BadSettings);
  }
  CHECK(tests::observe(*kept, 4, {"s"}) == before);
}

TEST_CASE("a file that is not a store is not erased") {
  const tests::SqlitePlace place;
  std::ofstream(place.spec().path) << "a letter to somebody\n";
  CHECK(store::erase(place.spec()).error().code == Code::BadSettings);
  CHECK(std::filesystem::exists(place.spec().path));
}

TEST_CASE("a memory store has nothing to erase") {
  CHECK(store::erase(tests::MemoryPlace().spec()).ok());
}
