#include "engine/progress.h"

#include <doctest/doctest.h>

namespace {

core::Time at(int64_t s) { return core::from_ms(s * 1000); }
core::Mark mark(int64_t s) { return {at(s), false, nullptr}; }
core::Mark ended(int64_t s) { return {at(s), true, nullptr}; }
core::Mark point(int64_t s, int64_t newest, std::string state) {
  return {at(s), false,
          std::make_shared<core::RestartPoint>(core::RestartPoint{at(newest), std::move(state)})};
}

}  // namespace

TEST_CASE("the smallest mark waits for every stream by every way in") {
  engine::Progress progress({"a", "b"}, {{0, 1}, {0, 1}});
  progress.take(0, 0, mark(10));
  progress.take(1, 0, mark(12));
  progress.take(0, 1, mark(20));
  CHECK(progress.smallest() == core::kTimeMin);
  progress.take(1, 1, mark(11));
  CHECK(progress.smallest() == at(10));
  CHECK(progress.smallest(1) == at(11));
  progress.take(0, 0, mark(15));
  CHECK(progress.smallest() == at(11));
}

TEST_CASE("a mark never goes back") {
  engine::Progress progress({"a"}, {{0}});
  progress.take(0, 0, mark(10));
  progress.take(0, 0, mark(9));
  CHECK(progress.smallest() == at(10));
}

TEST_CASE("an ended stream holds nobody back and the latest end is known") {
  engine::Progress progress({"a", "b"}, {{0, 1}});
  progress.take(0, 0, ended(30));
  CHECK_FALSE(progress.ended());
  progress.take(0, 1, mark(5));
  CHECK(progress.smallest() == at(5));
  progress.take(0, 1, ended(8));
  CHECK(progress.ended());
  CHECK(progress.ended_at() == at(30));
}

TEST_CASE("a restart point holds once everything before it has taken effect, and is told once") {
  engine::Progress progress({"a"}, {{0}, {0}});
  progress.take(0, 0, point(10, 15, "p1"));
  progress.take(1, 0, point(10, 15, "p1"));
  progress.take(0, 0, point(20, 25, "p2"));
  CHECK(progress.new_restart_states(at(15)).empty());
  const auto states = progress.new_restart_states(at(16));
  REQUIRE(states.size() == 1);
  CHECK(states[0] == std::pair<std::string, std::string>{"a", "p1"});
  CHECK(progress.new_restart_states(at(25)).empty());
  CHECK(progress.new_restart_states(at(26)).size() == 1);
}
