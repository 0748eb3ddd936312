#include "detectors/seen.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>

#include "core/hash.h"
#include "watch_story.h"

using detectors::Seen;
using namespace watch_test;

TEST_CASE("keys are known until they expire; seeing one again refreshes it only when touched") {
  Seen seen(10);
  CHECK(seen.insert(1, at(0min)));
  CHECK_FALSE(seen.insert(1, at(5min)));
  seen.touch(2, at(5min));
  seen.touch(2, at(9min));
  seen.expire(at(0min));
  CHECK_FALSE(seen.contains(1));
  CHECK(seen.contains(2));
  seen.expire(at(8min));
  CHECK(seen.contains(2));
  seen.expire(at(9min));
  CHECK(seen.size() == 0);
}

TEST_CASE("seen keys agree with obvious code, at the limit too, and after save and load") {
  constexpr size_t kLimit = 50;
  std::mt19937 random(1);
  auto seen = std::make_unique<Seen>(kLimit);
  std::deque<std::pair<uint64_t, core::Time>> obvious;
  uint64_t evicted = 0;
  core::Time now = at(0min);
  for (int i = 0; i < 20'000; ++i) {
    now += core::Millis(random() % 1'500);
    const uint64_t key = core::hash_mix(0, random() % 120);
    const auto known =
        std::find_if(obvious.begin(), obvious.end(), [&](const auto& k) { return k.first == key; });
    const bool was_known = known != obvious.end();
    if (random() % 2 == 0) {
      REQUIRE(seen->insert(key, now) == !was_known);
      if (!was_known) obvious.emplace_back(key, now);
    } else {
      seen->touch(key, now);
      if (was_known) obvious.erase(known);
      obvious.emplace_back(key, now);
    }
    if (obvious.size() > kLimit) obvious.pop_front(), ++evicted;
    const core::Time until = now - core::Millis(60'000 + random() % 20'000);
    seen->expire(until);
    while (!obvious.empty() && obvious.front().second <= until) obvious.pop_front();
    REQUIRE(seen->size() == obvious.size());
    REQUIRE(seen->evicted() == evicted);
    if (i % 100 == 0) {
      core::ByteWriter out;
      seen->save(out);
      core::ByteReader in(out.bytes());
      seen = std::make_unique<Seen>(kLimit);
      REQUIRE(seen->load(in));
      REQUIRE(in.at_end());
    }
  }
  for (const auto& [key, when] : obvious) CHECK(seen->contains(key));
  CHECK(evicted > 100);
}

TEST_CASE("bytes of more keys than the limit, or of one key twice, are refused") {
  Seen many(4);
  for (uint64_t key = 1; key <= 4; ++key) many.insert(key, at(0min));
  core::ByteWriter out;
  many.save(out);
  Seen few(3);
  core::ByteReader in(out.bytes());
  CHECK_FALSE(few.load(in));
  std::string twice = out.bytes();
  twice[2 + 8] = 1;  // the second key's lowest byte: now it is the first key
  core::ByteReader again(twice);
  Seen other(4);
  CHECK_FALSE(other.load(again));
}
