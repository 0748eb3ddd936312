// Saved and loaded: the same Watch goes on, and damaged bytes are refused or lived with.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/hash.h"
#include "watch_story.h"

using detectors::Finding;
using namespace watch_test;

namespace {

int below(std::mt19937& random, int n) {
  return static_cast<int>(random() % static_cast<unsigned>(n));
}

core::Signal random_signal(std::mt19937& random, WatchStory& story, core::Millis& now) {
  now += core::Millis(below(random, 300'000));
  if (below(random, 40) == 0) now += hours(below(random, 30));
  core::Signal s = story.message(group(below(random, 40)), now);
  if (below(random, 10) == 0) s.event = std::string("e").append(std::to_string(below(random, 99)));
  s.named = below(random, 3) > 0;
  s.advertising = below(random, 6) == 0;
  s.product_named = below(random, 3) == 0;
  s.service = below(random, 10) == 0;
  if (below(random, 3) == 0)
    s.hits = {{"near-expiry", "expiry", static_cast<core::Level>(1 + below(random, 4)),
               below(random, 1500), "", below(random, 5) == 0}};
  if (below(random, 8) == 0)
    s.forward_of = std::string("e").append(std::to_string(below(random, 99)));
  s.text_hash = static_cast<uint64_t>(below(random, 30));
  for (int i = below(random, 9); i > 0; --i)
    s.fingerprints.push_back(core::hash_mix(3, static_cast<uint64_t>(below(random, 100))));
  std::ranges::sort(s.fingerprints);
  const auto same = std::ranges::unique(s.fingerprints);
  s.fingerprints.erase(same.begin(), same.end());
  return s;
}

std::string text_of(const Finding& f) {
  core::ByteWriter out;
  for (const bool flag : {f.duplicate, f.counts, f.mention, f.evidence, f.copy})
    out.u64(flag ? 1 : 0);
  out.i64(f.rule_groups);
  out.i64(f.mention_groups);
  out.f64(f.p);
  out.str(WatchStory::text_of(f.opens));
  return out.take();
}

std::string lived(unsigned seed, int steps, std::string family = "brand:汀白") {
  WatchStory story({}, std::move(family));
  std::mt19937 random(seed);
  core::Millis now = 0min;
  for (int i = 0; i < steps; ++i) story.observe(random_signal(random, story, now));
  return story.saved();
}

bool load_and_live(const std::string& bytes) {
  WatchStory story;
  if (!story.load(bytes)) return false;
  for (int i = 0; i < 8; ++i) story.hit(group(i), hours(20 * i));
  story.watch.set_open(false);
  story.mention("g1", 200h);
  return true;
}

}  // namespace

TEST_CASE("a watch saved and loaded after every step finds what one that never was finds") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const std::string family = seed % 10 == 9 ? "unknown:17" : "brand:汀白";
    WatchStory steady({}, family), restless({}, family);
    restless.save_and_load_always();
    std::mt19937 random_a(seed), random_b(seed);
    core::Millis now_a = 0min, now_b = 0min;
    for (int i = 0; i < 250; ++i) {
      const Finding a = steady.observe(random_signal(random_a, steady, now_a));
      const Finding b = restless.observe(random_signal(random_b, restless, now_b));
      REQUIRE(text_of(a) == text_of(b));
      if (i % 30 == 0)
        for (WatchStory* story : {&steady, &restless}) story->watch.set_open(i % 60 == 0);
    }
    REQUIRE(steady.saved() == restless.saved());
  }
}

TEST_CASE("bytes that end early are refused, wherever they end") {
  const std::string bytes = lived(3, 120);
  for (size_t size = 0; size < bytes.size(); ++size) {
    WatchStory story;
    REQUIRE_FALSE(story.load(bytes.substr(0, size)));
  }
}

TEST_CASE("damaged bytes are refused or lived with, and never more than that") {
  std::mt19937 random(4);
  int refused = 0, lived_with = 0;
  for (unsigned seed = 0; seed < 10; ++seed) {
    const std::string bytes = lived(seed, 60);
    for (int i = 0; i < 400; ++i) {
      std::string damaged = bytes;
      for (int flips = 1 + below(random, 3); flips > 0; --flips)
        damaged[random() % damaged.size()] = static_cast<char>(random());
      (load_and_live(damaged) ? lived_with : refused) += 1;
    }
  }
  CHECK(refused > 100);
  CHECK(lived_with > 100);
}

TEST_CASE("noise and other versions are refused") {
  CHECK_FALSE(load_and_live(""));
  std::string other = lived(1, 10);
  other[0] = 2;
  CHECK_FALSE(load_and_live(other));
  std::mt19937 random(6);
  for (int i = 0; i < 3'000; ++i) {
    std::string noise(1 + random() % 200, '\0');
    for (char& c : noise) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 4);
    noise[0] = 1;
    load_and_live(noise);
  }
}
