// Saved and loaded: the same desk goes on, and damaged bytes are refused or lived with.
#include <doctest/doctest.h>

#include "desk_random.h"

using namespace desk_test;
using alerting::Proof;

namespace {

Proof proof_of(unsigned seed) { return seed % 2 == 0 ? Proof::Assumed : Proof::Required; }

// A desk with a long life behind it.
std::string lived(unsigned seed, int steps) {
  std::mt19937 random(seed);
  DeskStory story(usual_policy(), proof_of(seed));
  core::Millis now = 0min;
  for (int i = 0; i < steps; ++i) random_step(random, story, now);
  return story.saved();
}

// Whatever was loaded must be able to live on.
void live_on(DeskStory& story) {
  story.until(2h);
  for (int i = 0; i < 6; ++i) story.hit(group(i), 2h, {.sku = "SKU3"});
  story.ack("duty", 2h + 1min);
  story.hold(true, 2h + 2min);
  story.hold(false, 2h + 3min);
  story.until(5h);
  story.close("duty", 6h);
  story.until(100h);
}

bool load_and_live(const std::string& bytes) {
  DeskStory story(usual_policy(), Proof::Required);
  core::ByteReader in(bytes);
  if (!story.desk->load(in)) return false;
  live_on(story);
  return true;
}

}  // namespace

TEST_CASE("a desk saved and loaded after every step decides like one that never was") {
  for (unsigned seed = 0; seed < 40; ++seed) {
    std::mt19937 dice(seed);
    const core::Policy policy = seed < 20 ? usual_policy() : random_policy(dice);
    DeskStory steady(policy, proof_of(seed)), restless(policy, proof_of(seed));
    restless.save_and_load_always();
    std::mt19937 random_a(seed), random_b(seed);
    core::Millis now_a = 0min, now_b = 0min;
    for (int i = 0; i < 120; ++i) {
      random_step(random_a, steady, now_a);
      random_step(random_b, restless, now_b);
    }
    REQUIRE_MESSAGE(bytes_of(steady.all) == bytes_of(restless.all), "seed " << seed);
    REQUIRE(steady.saved() == restless.saved());
    REQUIRE_FALSE(steady.all.changes.empty());
  }
}

TEST_CASE("bytes that end early are refused, wherever they end") {
  const std::string bytes = lived(5, 120);
  for (size_t size = 0; size < bytes.size(); size += size < 300 ? 1 : 7) {
    DeskStory story;
    core::ByteReader in(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(story.desk->load(in));
    REQUIRE_FALSE(story.desk->open());  // and the desk is as it was
  }
}

TEST_CASE("damaged bytes are refused or lived with, and never more than that") {
  std::mt19937 random(11);
  int refused = 0, lived_with = 0;
  for (unsigned seed = 0; seed < 12; ++seed) {
    const std::string bytes = lived(seed, 60);
    for (int i = 0; i < 250; ++i) {
      std::string damaged = bytes;
      for (int flips = static_cast<int>(1 + random() % 3); flips > 0; --flips)
        damaged[random() % damaged.size()] = static_cast<char>(random());
      (load_and_live(damaged) ? lived_with : refused) += 1;
    }
  }
  CHECK(refused > 100);
  CHECK(lived_with > 100);
}

TEST_CASE("noise is refused") {
  std::mt19937 random(12);
  for (int i = 0; i < 3'000; ++i) {
    std::string noise(random() % 200, '\0');
    for (char& c : noise) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 4);
    if (!noise.empty()) noise[0] = 2;
    load_and_live(noise);
  }
  CHECK_FALSE(load_and_live(""));
  CHECK_FALSE(load_and_live(std::string(1, '\2')));
}

TEST_CASE_FIXTURE(DeskStory,
                  "everything that can pile up has a limit, and what it drops is counted") {
  // A hundred messages a minute for an hour, each from another group, about another SKU.
  for (int i = 0; i < 6'000; ++i)
    hit(group(i), core::Millis(i * 600),
        {.issue = std::string("issue").append(std::to_string(i % 100)),
         .sku = std::string("SKU").append(std::to_string(i))});
  CHECK(desk->dropped() >= 6'000 - 4'096);
  decide("duty", 61min);
  CHECK(std::abs(now().groups - 6'000) < 300);
  CHECK(saved().size() < 1'500'000);
}

TEST_CASE("a desk that reminds for days keeps a bounded list of its messages") {
  core::Policy policy = usual_policy();
  policy.ladders.at("default").remind = 1min;
  DeskStory story(policy);
  story.open();
  story.ack("duty", 1min);
  story.hit("g4", 2min, {.sku = "SKU3"});
  story.until(48h);
  CHECK(story.all.notifications.size() > 2'000);
  CHECK(story.desk->dropped() > 1'000);
  CHECK(story.saved().size() < 40'000);
  CHECK(story.desk->knows_notification(story.last().id));
}

TEST_CASE("of many ended incidents the oldest are forgotten early") {
  core::Policy policy = usual_policy();
  policy.ladders.at("default").open.reopen = 0min;
  DeskStory story(policy);
  for (int i = 0; i < 40; ++i) {
    story.open(minutes(61 * i));
    story.close("duty", minutes(61 * i));
  }
  CHECK(story.desk->known().size() == 32);
  CHECK(story.desk->dropped() == 8);
  CHECK(story.now().incident == story.desk->known().back());
}
