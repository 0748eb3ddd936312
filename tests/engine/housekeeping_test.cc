// What the settings say is kept no longer goes, and nothing else.
#include "engine/housekeeping.h"

#include <doctest/doctest.h>

#include "core/notification.h"
#include "store/open.h"
#include "tests/fakes/fake_clock.h"

using core::Millis;
using core::Time;

TEST_CASE("days of the tally go after 60 days of event time, verdicts after two years") {
  const auto opened = store::open_store({.kind = "memory"});
  REQUIRE(opened.ok());
  core::Store& store = **opened;
  fakes::FakeClock clock;
  const Time now = core::from_ms(1'776'300'000'000);
  constexpr Millis kDay{86'400'000};
  REQUIRE(store.keep({"tally", "old", "x", now - 61 * kDay}).ok());
  REQUIRE(store.keep({"tally", "new", "x", now - 59 * kDay}).ok());
  REQUIRE(store.keep({"verdicts", "old", "x", clock.wall() - 731 * kDay}).ok());
  REQUIRE(store.keep({"verdicts", "new", "x", clock.wall() - 729 * kDay}).ok());
  engine::Housekeeping keeping({}, store, clock);
  REQUIRE(keeping.tick(now).ok());
  for (const char* shelf : {"tally", "verdicts"}) {
    const auto left = store.list(shelf, "", 10);
    REQUIRE(left->size() == 1);
    CHECK(left->front().key == "new");
  }
}

TEST_CASE("messages, cases and links go after their time, looked at once an hour") {
  const auto opened = store::open_store({.kind = "memory"});
  REQUIRE(opened.ok());
  core::Store& store = **opened;
  fakes::FakeClock clock;
  const Time now = clock.wall();
  engine::RetentionSettings settings;
  settings.messages = Millis(1'000);
  settings.cases = Millis(2'000);
  settings.links = Millis(3'000);
  engine::Housekeeping keeping(settings, store, clock);

  core::Notification n;
  n.incident.incident = "INC-1";
  core::Checkpoint c;
  c.fence = *store.take(0);
  for (const int ms : {500, 1'500}) {
    n.id = std::to_string(ms);
    c.outbox.push_back({n.id, "g", now - Millis(ms), core::encode(n)});
  }
  c.slots = {{"cases", "old", "x", now - Millis(2'500)}, {"cases", "new", "x", now}};
  REQUIRE(store.commit(c).ok());
  REQUIRE(store.keep({"grants", "old", "x", now - Millis(3'500)}).ok());
  REQUIRE(store.keep({"grants", "new", "x", now}).ok());
  for (const char* id : {"500", "1500"})
    REQUIRE(store.settle(id, {core::Delivery::Delivered, 1, 0, "ok"}).ok());

  REQUIRE(keeping.tick(now).ok());
  CHECK(keeping.counters().messages == 1);
  CHECK(keeping.counters().cases == 1);
  CHECK(keeping.counters().links == 1);
  CHECK((*store.outbox("")).size() == 1);
  CHECK((*store.list("cases", "", 9)).size() == 1);
  CHECK((*store.list("grants", "", 9)).size() == 1);

  REQUIRE(keeping.tick(now + Millis(10'000)).ok());  // too early to look again
  CHECK((*store.outbox("")).size() == 1);
  clock.advance(engine::Housekeeping::kEvery);
  REQUIRE(keeping.tick(now + Millis(10'000)).ok());
  CHECK((*store.outbox("")).empty());
}

TEST_CASE("before there is an event time nothing is forgotten") {
  const auto opened = store::open_store({.kind = "memory"});
  REQUIRE(opened.ok());
  fakes::FakeClock clock;
  engine::Housekeeping keeping({}, **opened, clock);
  REQUIRE((*opened)->keep({"cases", "a", "x", core::from_ms(1)}).ok());
  REQUIRE(keeping.tick(core::kTimeMin).ok());
  CHECK((*(*opened)->list("cases", "", 9)).size() == 1);
}
