#include "engine/verdict_shelf.h"

#include <doctest/doctest.h>

#include "store/open.h"

using engine::Opinion;
using engine::Verdict;
using engine::VerdictRow;

namespace {

std::unique_ptr<core::Store> memory() {
  auto store = store::open_store({.kind = "memory"});
  REQUIRE(store.ok());
  return std::move(*store);
}

Verdict verdict(int64_t at, Opinion opinion) {
  Verdict v;
  v.at = core::from_ms(at);
  v.opinion = opinion;
  v.because = "看过了";
  v.texts = {"过期了"};
  return v;
}

void say(core::Store& store, const std::string& rule, const std::string& about,
         const std::string& by, int64_t at, Opinion opinion) {
  REQUIRE(engine::keep_verdict(store, {rule, about, by, {}, 0}, verdict(at, opinion)).ok());
}

}  // namespace

TEST_CASE("verdicts: who changes their mind keeps what they said before, as superseded") {
  const auto store = memory();
  say(*store, "expired", "INC-1", "duty", 1, Opinion::Right);
  say(*store, "expired", "INC-1", "duty", 2, Opinion::Wrong);
  say(*store, "expired-2", "INC-1", "duty", 2, Opinion::Right);
  const auto rows = engine::read_verdicts(*store, "expired");
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  REQUIRE(rows->front().given.size() == 2);
  CHECK(rows->front().given[0].opinion == Opinion::Wrong);
  CHECK(rows->front().given[1].opinion == Opinion::Right);
  CHECK(rows->front().given[0].because == "看过了");
  CHECK(engine::read_verdicts(*store)->size() == 2);
  for (int64_t i = 3; i < 40; ++i) say(*store, "expired", "INC-1", "duty", i, Opinion::Right);
  const auto many = engine::read_verdicts(*store, "expired");
  CHECK(many->front().given.size() == VerdictRow::kGivenMax);
  CHECK(many->front().forgotten == 39 - 16);
}

TEST_CASE("verdicts: of several people's the newest counts, and one thing counts once") {
  const auto store = memory();
  say(*store, "r", "INC-1", "a", 1, Opinion::Right);
  say(*store, "r", "INC-1", "b", 2, Opinion::Wrong);
  say(*store, "r", "event:e1", "a", 3, Opinion::Right);
  say(*store, "r", "event:e2", "a", 3, Opinion::Unsure);
  const auto rows = engine::read_verdicts(*store);
  const auto p = engine::precision_of(engine::standing(*rows), "r");
  CHECK(p.right == 1);
  CHECK(p.wrong == 1);
  CHECK(p.unsure == 1);
  CHECK(p.judged() == 2);
  CHECK(p.point() == doctest::Approx(0.5));
}

TEST_CASE("verdicts: Wilson's bounds are those of the tables") {
  engine::Precision p{9, 1, 0};
  CHECK(p.lower() == doctest::Approx(0.5958).epsilon(0.001));
  CHECK(p.upper() == doctest::Approx(0.9821).epsilon(0.001));
  p = {10, 0, 5};
  CHECK(p.lower() == doctest::Approx(0.7225).epsilon(0.001));
  CHECK(p.upper() == doctest::Approx(1));
  p = {};
  CHECK(p.point() == 0);
  CHECK(p.lower() == 0);
  CHECK(p.upper() == 1);
}

TEST_CASE("verdicts: a row comes back as it was written, and half of one is refused") {
  const VerdictRow row{
      "r", "INC-1", "duty", {verdict(5, Opinion::Wrong), verdict(4, Opinion::Right)}, 3};
  const std::string bytes = engine::encode(row);
  VerdictRow back;
  REQUIRE(engine::decode(bytes, back));
  CHECK(engine::encode(back) == bytes);
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(engine::decode(bytes.substr(0, size), back));
  Opinion opinion{};
  CHECK(engine::read_opinion("false-alarm", opinion));
  CHECK(opinion == Opinion::Wrong);
  CHECK(engine::read_opinion("true", opinion));
  CHECK(opinion == Opinion::Right);
  CHECK_FALSE(engine::read_opinion("maybe", opinion));
}

TEST_CASE("promotions are listed with the figures they were made on") {
  const auto store = memory();
  engine::Promotion p{"r", "boss", "packs/p.yaml", core::from_ms(7), 0.9, 10, {11, 1, 2}};
  REQUIRE(store->keep(engine::slot_of(p)).ok());
  const auto all = engine::read_promotions(*store);
  REQUIRE(all->size() == 1);
  CHECK(all->front().rule == "r");
  CHECK(all->front().by == "boss");
  CHECK(all->front().precision.right == 11);
  CHECK(all->front().wanted == doctest::Approx(0.9));
}
