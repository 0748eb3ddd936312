#include "detectors/copies.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>

#include "core/hash.h"
#include "core/text/fingerprint.h"
#include "watch_story.h"

using detectors::Copies;
using detectors::Seen;
using namespace watch_test;

namespace {

struct CopiesStory {
  core::Signal said(core::Millis when, uint64_t text, std::vector<uint64_t> fingerprints = {}) {
    core::Signal s;
    s.at = at(when);
    s.text_hash = text;
    std::ranges::sort(fingerprints);
    s.fingerprints = std::move(fingerprints);
    return s;
  }
  bool copy(const core::Signal& s) { return copies.observe(s, events); }

  Copies copies;
  Seen events{100};
};

}  // namespace

TEST_CASE_FIXTURE(CopiesStory,
                  "the same text is a copy for 72 hours, one too short to tell is none") {
  CHECK_FALSE(copy(said(0min, 7)));
  CHECK(copy(said(1min, 7)));
  CHECK_FALSE(copy(said(2min, 0)));
  CHECK_FALSE(copy(said(3min, 0)));
  CHECK(copy(said(72h - 1ms, 7)));
  CHECK_FALSE(copy(said(72h, 7)));
}

TEST_CASE_FIXTURE(CopiesStory, "the same photo or file is a copy, whatever is said with it") {
  core::Signal first = said(0min, 1), second = said(1min, 2);
  first.attachment_hashes = {10, 11};
  second.attachment_hashes = {9, 11};
  CHECK_FALSE(copy(first));
  CHECK(copy(second));
}

TEST_CASE_FIXTURE(CopiesStory,
                  "a forward of what the family knows is a copy, and so is a second forward of "
                  "what it does not") {
  events.insert(core::hash64("e1"), at(0min));
  core::Signal forward = said(1min, 0);
  forward.forward_of = "e1";
  CHECK(copy(forward));
  forward.forward_of = "elsewhere";
  CHECK_FALSE(copy(forward));
  CHECK(copy(forward));
}

TEST_CASE_FIXTURE(CopiesStory, "near copies are found by the first message of their cluster") {
  CHECK_FALSE(copy(said(0min, 1, {1, 2, 3, 4, 5, 6, 7, 8})));
  CHECK(copy(said(1min, 2, {1, 2, 3, 4, 50, 60, 70, 80})));
  // Like the second, but not like the first, which alone is kept.
  CHECK_FALSE(copy(said(2min, 3, {50, 60, 70, 80, 90})));
}

TEST_CASE_FIXTURE(CopiesStory, "what very many messages share is boilerplate and makes no copies") {
  for (uint64_t i = 0; i < 12; ++i)
    CHECK_FALSE(copy(said(0min, 100 + i, {1, 2 + i * 100, 3 + i * 100, 4 + i * 100})));
  // {1} alone never links; with three of their own they do.
  CHECK(copy(said(1min, 200, {1, 2, 3, 4})));
}

TEST_CASE("near copies agree with obvious code, with the index and without, at the limit of time") {
  std::mt19937_64 random(5);
  for (const uint64_t alphabet : {60u, 400u, 4'000u}) {
    auto copies = std::make_unique<Copies>();
    Seen events(1);
    struct Kept {
      core::Time at;
      std::vector<uint64_t> fingerprints;
    };
    std::vector<Kept> obvious;
    core::Millis now = 0min;
    int found = 0;
    for (int i = 0; i < 1'500; ++i) {
      now += core::Millis(random() % 1'800'000);
      core::Signal s;
      s.at = at(now);
      for (uint64_t k = 3 + random() % 10; k > 0; --k)
        s.fingerprints.push_back(core::hash_mix(1, random() % alphabet));
      std::ranges::sort(s.fingerprints);
      const auto same = std::ranges::unique(s.fingerprints);
      s.fingerprints.erase(same.begin(), same.end());
      std::erase_if(obvious, [&](const Kept& k) { return k.at <= s.at - 72h; });
      const auto common = [&](uint64_t f) {
        return std::ranges::count_if(obvious, [&](const Kept& k) {
                 return std::ranges::find(k.fingerprints, f) != k.fingerprints.end();
               }) > 8;
      };
      const bool expected = std::ranges::any_of(obvious, [&](const Kept& k) {
        const auto rare = std::ranges::count_if(s.fingerprints, [&](uint64_t f) {
          return std::ranges::find(k.fingerprints, f) != k.fingerprints.end() && !common(f);
        });
        return rare >= 2 && core::text::near_copies(k.fingerprints, s.fingerprints);
      });
      REQUIRE(copies->observe(s, events) == expected);
      if (!expected) obvious.push_back({s.at, s.fingerprints});
      found += expected ? 1 : 0;
      if (i % 50 == 0) {
        core::ByteWriter out;
        copies->save(out);
        copies = std::make_unique<Copies>();
        core::ByteReader in(out.bytes());
        REQUIRE(copies->load(in));
        REQUIRE(in.at_end());
      }
    }
    CHECK(found > 0);
  }
}

TEST_CASE_FIXTURE(CopiesStory,
                  "clusters and texts beyond their limits push the oldest out, counted") {
  const auto fingerprints = [](uint64_t i) {
    return std::vector<uint64_t>{4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3};
  };
  for (uint64_t i = 1; i <= Copies::kClustersMax + 10; ++i)
    CHECK_FALSE(copy(said(0min, 0, fingerprints(i))));
  CHECK(copies.evicted() == 10);
  CHECK_FALSE(copy(said(1min, 0, fingerprints(10))));  // was pushed out
  CHECK(copy(said(1min, 0, fingerprints(12))));
  for (uint64_t i = 1; i <= Copies::kMarksMax + 5; ++i) copy(said(2min, i));
  CHECK(copies.evicted() == 16);
}
