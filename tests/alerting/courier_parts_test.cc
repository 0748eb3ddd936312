// The courier's parts by themselves: the note that survives a crash, the road, the queue.
#include <doctest/doctest.h>

#include <random>

#include "alerting/courier_note.h"
#include "alerting/courier_queue.h"
#include "alerting/courier_road.h"
#include "core/hash.h"
#include "tests/fakes/sample.h"

using alerting::AttemptNote;
using alerting::Degrade;
using alerting::Lane;
using alerting::Road;
using core::Millis;
using fakes::kStart;

TEST_CASE("a note comes back from behind the answer it was put behind") {
  const AttemptNote note = {Degrade::NoQuotes, 2, 3, kStart};
  const std::string text = alerting::with_note("errcode -1 system busy", note);
  CHECK(text == "errcode -1 system busy [L2 m2 b3 t1773129600000]");
  const AttemptNote back = alerting::note_of(text);
  CHECK(back.level == note.level);
  CHECK(back.maybe_posted == 2);
  CHECK(back.busy == 3);
  CHECK(back.since == kStart);
  CHECK(alerting::answer_of(text) == "errcode -1 system busy");
}

TEST_CASE("what is no note is read as an empty one") {
  for (const std::string_view text : {"", "ok", "a [L1]", "[L1 m1 b1 t1", "[Lx m1 b1 t1]",
                                      "[L1 m1 b1 t1] more", "[L99999999999999999999 m1 b1 t1]"}) {
    CAPTURE(text);
    CHECK(alerting::note_of(text).maybe_posted == 0);
    CHECK(alerting::note_of(text).since == core::Time{});
  }
  CHECK(alerting::note_of("[L9 m-1 b99999999999 t1]").level == Degrade::Neutral);
  CHECK(alerting::note_of("[L9 m-1 b99999999999 t1]").maybe_posted == 0);
}

TEST_CASE("an attempt that was begun may have been posted") {
  const core::OutboxState state = alerting::begun({}, {Degrade::Full, 0, 0, kStart}, kStart);
  CHECK(state.delivery == core::Delivery::Unknown);
  CHECK(state.attempts == 1);
  CHECK(alerting::note_of(state.vendor_answer).maybe_posted == 1);
  const core::OutboxState refused = alerting::waiting(state, {}, "busy", kStart);
  CHECK(refused.delivery == core::Delivery::Retry);
  CHECK(refused.attempts == 1);
}

TEST_CASE("back-off is spread over its whole range, grows, is capped, and is the same every time") {
  const Millis base(1000), max(60'000);
  for (uint32_t attempt = 0; attempt < 40; ++attempt) {
    const int64_t bound = std::min<int64_t>(60'000, int64_t{1000} << std::min(attempt, 20U));
    int64_t least = bound, most = 0;
    for (uint64_t id = 0; id < 400; ++id) {
      const int64_t pause = alerting::back_off(core::hash_mix(1, id), attempt, base, max).count();
      CHECK(pause == alerting::back_off(core::hash_mix(1, id), attempt, base, max).count());
      least = std::min(least, pause);
      most = std::max(most, pause);
    }
    CHECK(least >= 1);
    CHECK(most <= bound);
    CHECK(least < bound / 10);
    CHECK(most > bound * 9 / 10);
  }
}

TEST_CASE("a road never lets more through than its bucket allows, whoever asks and whenever") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    const alerting::Bucket bucket = {16, 4, Millis(60'000)};
    Road road({bucket}, kStart);
    core::Time now = kStart;
    std::vector<core::Time> sent;
    for (int i = 0; i < 2000; ++i) {
      now += Millis(static_cast<int64_t>(random() % (random() % 4 == 0 ? 30'000 : 500)));
      const auto lane = static_cast<Lane>(random() % 3);
      if (!road.open(now, lane)) continue;
      road.spend(now);
      sent.push_back(now);
    }
    for (size_t begin = 0, end = 0; end < sent.size(); ++end) {
      while (sent[begin] <= sent[end] - bucket.window) ++begin;
      REQUIRE(end - begin + 1 <= bucket.count);
    }
    CHECK(sent.size() > 100);
  }
}

TEST_CASE("a crash cannot double the pace: a new road starts without tokens") {
  Road road({{16, 4, Millis(60'000)}}, kStart);
  CHECK(!road.open(kStart, Lane::Urgent));
  CHECK(!road.open(kStart + Millis(3'749), Lane::Urgent));
  CHECK(road.open(kStart + Millis(3'750), Lane::Urgent));
}

TEST_CASE("a quarter of the bucket is kept for the urgent") {
  Road road({{16, 4, Millis(60'000)}}, kStart);
  core::Time now = kStart + Millis(60'000);
  size_t ordinary = 0;
  while (road.open(now, Lane::Opened)) road.spend(now), ++ordinary;
  CHECK(ordinary == 3);
  CHECK(road.open(now, Lane::Urgent));
  for (const core::Time end = now + Millis(59'000); now < end; now += Millis(100))
    if (road.open(now, Lane::Updated)) road.spend(now), ++ordinary;
  CHECK(ordinary == 12);
  CHECK(road.open(now, Lane::Urgent));
}

TEST_CASE("without a bucket a road is always open, but for its rests") {
  Road road({alerting::Bucket{}}, kStart);
  for (int i = 0; i < 100; ++i) {
    CHECK(road.open(kStart, Lane::Updated));
    road.spend(kStart);
  }
  road.rest(kStart, kStart + Millis(60'000));
  CHECK(!road.open(kStart + Millis(59'999), Lane::Urgent));
  CHECK(road.open(kStart + Millis(60'000), Lane::Urgent));
}

TEST_CASE("three strikes make a road dead for ten minutes, then it gets one more chance") {
  Road road({alerting::Bucket{}}, kStart);
  road.strike(kStart, 1);
  road.strike(kStart, 1);
  CHECK(!road.dead(kStart));
  road.strike(kStart, 1);
  CHECK(road.dead(kStart));
  CHECK(road.dead(kStart + Road::kDeadRest - Millis(1)));
  CHECK(!road.dead(kStart + Road::kDeadRest));
  CHECK(road.open(kStart + Road::kDeadRest, Lane::Updated));
  road.fine();
  road.strike(kStart + Road::kDeadRest, 1);
  CHECK(!road.dead(kStart + Road::kDeadRest));
}

namespace {

std::pair<core::OutboxItem, core::OutboxState> waiting(int incident, uint32_t revision,
                                                       core::Cause cause) {
  const core::Notification n = fakes::sample("wecom:qa", incident, revision, cause);
  return {{n.id, std::to_string(incident), n.at, core::encode(n)}, {}};
}

}  // namespace

TEST_CASE("of a group only the oldest is first, and its group's urgency is its own") {
  alerting::Queue queue({waiting(1, 1, core::Cause::Updated), waiting(2, 2, core::Cause::Opened),
                         waiting(3, 3, core::Cause::Updated),
                         waiting(3, 4, core::Cause::Escalated)});
  const auto revisions = [&queue] {
    std::vector<uint32_t> found;
    for (const alerting::Waiting* w : queue.heads())
      found.push_back(w->notification.incident.revision);
    return found;
  };
  CHECK(revisions() == std::vector<uint32_t>{3, 2, 1});
  queue.heads()[0]->done = true;
  CHECK(revisions() == std::vector<uint32_t>{4, 2, 1});
  for (alerting::Waiting* w : queue.heads()) w->done = true;
  CHECK(queue.heads().empty());
}

TEST_CASE("what cannot be read is first of its group and urgent, so that it is told soon") {
  auto broken = waiting(1, 1, core::Cause::Updated);
  broken.first.bytes = "nonsense";
  alerting::Queue queue({broken, waiting(2, 2, core::Cause::Opened)});
  const auto heads = queue.heads();
  REQUIRE(heads.size() == 2);
  CHECK(!heads[0]->readable);
}

TEST_CASE("a state of Unknown without a note counts as one doubt") {
  auto row = waiting(1, 1, core::Cause::Opened);
  row.second.delivery = core::Delivery::Unknown;
  alerting::Queue queue({row});
  CHECK(queue.heads()[0]->note.maybe_posted == 1);
}
