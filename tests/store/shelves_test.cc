// Shelves and forgotten deliveries: what core/store.h promises, run against every store for real.
#include <doctest/doctest.h>

#include "tests/store/places.h"

using core::Code;
using core::Delivery;
using tests::at;
using tests::ids;
using tests::item;
using tests::value;

namespace {

core::Checkpoint checkpoint(uint32_t shard, uint64_t fence) {
  core::Checkpoint c;
  c.shard = shard;
  c.fence = fence;
  c.drained = at(1000);
  return c;
}

}  // namespace

TEST_CASE_TEMPLATE("deliveries that are over are forgotten after their time", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint told = checkpoint(1, value(store->take(1)));
  told.outbox = {item("a", "INC-1", 10), item("b", "INC-1", 20), item("c", "INC-1", 30)};
  value(store->commit(told));
  value(store->settle("a", {Delivery::Suppressed, 0, 0, "superseded"}));
  value(store->settle("c", {Delivery::Accepted, 1, 0, "202"}));
  CHECK(ids(value(store->pending(10))) == std::vector<std::string>{"b"});
  CHECK(value(store->forget_deliveries(at(30))) == 1);  // b is not over
  CHECK(ids(value(store->outbox(""))) == std::vector<std::string>{"b", "c"});
  CHECK(ids(value(store->outbox("INC-1"))) == std::vector<std::string>{"b", "c"});
  value(store->settle("b", {Delivery::Dead, 1, 0, "no"}));
  CHECK(value(store->forget_deliveries(at(31))) == 2);
  CHECK(value(store->outbox("")).empty());
  CHECK(value(store->pending(10)).empty());
}

TEST_CASE_TEMPLATE("what no shard decided is posted once, sent and settled like the rest", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  const core::OutboxItem alarm{"alarm", "wecom:qa", at(15), "bytes"};
  value(store->post(alarm));
  value(store->post(alarm));
  core::Checkpoint told = checkpoint(1, value(store->take(1)));
  told.outbox = {item("a", "INC-1", 10), item("b", "INC-1", 20)};
  value(store->commit(told));
  CHECK(ids(value(store->pending(10))) == std::vector<std::string>{"a", "alarm", "b"});
  CHECK(value(store->outbox("")).at(1).first.bytes == "bytes");
  value(store->settle("alarm", {Delivery::Delivered, 1, 0, "ok"}));
  value(store->post(alarm));  // known: it is not sent again
  CHECK(ids(value(store->pending(10))) == std::vector<std::string>{"a", "b"});
  CHECK(value(store->forget_deliveries(at(16))) == 1);
}

namespace {

core::Slot slot(const std::string& shelf, const std::string& key, const std::string& text,
                core::Time expires = core::kTimeMax) {
  return {shelf, key, text, expires};
}

std::string shown(const std::vector<core::Slot>& slots) {
  std::string text;
  for (const core::Slot& s : slots)
    text += s.key + "=" + s.value + "@" + std::to_string(core::to_ms(s.expires)) + " ";
  return text;
}

}  // namespace

TEST_CASE_TEMPLATE("a shelf keeps values by key, in order, apart from other shelves", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  const std::string odd("\0\xff'\"{}\n", 7);
  value(store->keep(slot("grants", "b", "2", at(20))));
  value(store->keep(slot("grants", "a", odd, at(-10))));
  value(store->keep(slot("grants", "c", "", at(30))));
  value(store->keep(slot("pins", "a", "other")));
  value(store->keep(slot("grants", "b", "3", at(25))));
  CHECK(value(store->find("grants", "a"))->value == odd);
  CHECK(value(store->find("grants", "a"))->expires == at(-10));
  CHECK(value(store->find("pins", "a"))->expires == core::kTimeMax);
  CHECK(!value(store->find("grants", "d")).has_value());
  CHECK(!value(store->find("none", "a")).has_value());
  CHECK(shown(value(store->list("grants", "a", 10))) == "b=3@25 c=@30 ");
  CHECK(value(store->list("grants", "", 2)).size() == 2);
  CHECK(value(store->list("grants", "", 0)).empty());
  value(store->drop("grants", "b"));
  value(store->drop("grants", "never there"));
  CHECK(value(store->list("grants", "a", 10)).size() == 1);
  CHECK(value(store->drop_expired("grants", at(30))) == 1);  // not the one that expires then
  CHECK(shown(value(store->list("grants", "", 10))) == "c=@30 ");
  CHECK(value(store->find("pins", "a"))->value == "other");
}

TEST_CASE_TEMPLATE("a slot is replaced only when it is still what it was", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  CHECK(store->replace(slot("grants", "g", "new"), "old").error().code == Code::Conflict);
  value(store->replace(slot("grants", "g", "one"), ""));
  CHECK(store->replace(slot("grants", "g", "two"), "").error().code == Code::Conflict);
  CHECK(store->replace(slot("grants", "g", "two"), "on").error().code == Code::Conflict);
  value(store->replace(slot("grants", "g", "two", at(5)), "one"));
  CHECK(store->replace(slot("grants", "g", "three"), "one").error().code == Code::Conflict);
  CHECK(value(store->find("grants", "g"))->value == "two");
  CHECK(value(store->find("grants", "g"))->expires == at(5));
}

TEST_CASE_TEMPLATE("slots of a checkpoint are kept with it, or not at all", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint c = checkpoint(1, value(store->take(1)));
  c.slots = {slot("cases", "INC-2", "two", at(9)), slot("cases", "INC-1", "one")};
  value(store->commit(c));
  value(store->commit(c));
  core::Checkpoint other = checkpoint(2, value(store->take(2)));
  other.slots = {slot("cases", "INC-3", "three")};
  value(store->commit(other));
  core::Checkpoint stale = checkpoint(2, other.fence);
  value(store->take(2));
  stale.slots = {slot("cases", "INC-4", "four")};
  CHECK(store->commit(stale).error().code == Code::Conflict);
  CHECK(value(store->list("cases", "", 10)).size() == 3);
  CHECK(value(store->list("cases", "INC-1", 10)).front().value == "two");
  CHECK(value(store->find("cases", "INC-3"))->value == "three");
  CHECK(value(store->drop_expired("cases", at(10))) == 1);
  CHECK(value(store->list("cases", "", 10)).size() == 2);
}
