#include "engine/stream.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "core/hash.h"

namespace {

using core::from_ms;
using core::Time;

constexpr int64_t kStart = 1'773'100'000'000;
constexpr int64_t kHour = 3'600'000;
constexpr int64_t kDay = 24 * kHour;

// Writes down what a stream decides as short words: "a@5000" accepted, "m@1000" mark, "r:future"
// refused. Times are milliseconds after kStart.
class Log final : public engine::StreamSink {
 public:
  void accept(core::EventSlot& event) override { add(event->id + "@" + text(event->at)); }
  void mark(const core::Mark& mark) override {
    if (mark.restart) points.push_back(*mark.restart);
    if (!mark.restart) add((mark.ended ? "end@" : "m@") + text(mark.at));
  }
  void refuse(const core::Event& event, int64_t, uint32_t, std::string reason) override {
    add(event.id + ":" + reason.substr(0, reason.find(':')));
  }

  std::string accepted_only() const {
    std::string all;
    for (const std::string& word : words)
      if (word[0] != 'm' && !word.starts_with("end")) all += word + " ";
    return all;
  }

  std::vector<std::string> words;
  std::vector<core::RestartPoint> points;

 private:
  static std::string text(Time t) { return std::to_string(core::to_ms(t) - kStart); }
  void add(std::string word) { words.push_back(std::move(word)); }
};

struct Story {
  engine::Stream stream{engine::StreamLimits{}};
  Log log;
  int64_t offset = 0;

  void say(const std::string& id, int64_t ms, int64_t broker_ms = -1) {
    auto event = std::make_unique<core::Event>();
    event->id = id;
    event->published = from_ms(kStart + ms);
    stream.take(event, offset, 0, broker_ms, log);
    stream.passed(++offset, log);
  }
  // Three ordinary messages, after which the stream knows what time it is.
  void begin() {
    for (int i = 0; i < 4; ++i) say("b", 0);
    log.words.clear();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Story, "the mark follows the newest event by the lateness in whole seconds") {
  begin();
  say("a", 7'400);
  say("b", 7'900);
  say("c", 8'000);
  CHECK(log.words == std::vector<std::string>{"a@7400", "m@2000", "b@7900", "c@8000", "m@3000"});
}

TEST_CASE_FIXTURE(Story, "disorder within the lateness keeps every event's own time") {
  begin();
  say("a", 10'000);
  say("b", 5'000);
  say("c", 6'001);
  CHECK(log.accepted_only() == "a@10000 b@5000 c@6001 ");
  CHECK(stream.counters().late == 0);
}

TEST_CASE_FIXTURE(Story, "a late event is taken at the announced mark and counted, never dropped") {
  begin();
  say("a", 10'000);
  say("late", 1'000);
  CHECK(log.accepted_only() == "a@10000 late@5000 ");
  CHECK(stream.counters().late == 1);
}

TEST_CASE_FIXTURE(Story, "older than the allowed age behind the mark is a dead letter") {
  begin();
  say("a", 8 * kDay);  // a day ahead: waits
  for (int i = 0; i < 3; ++i) say("a", 8 * kDay);
  log.words.clear();
  say("old", 8 * kDay - 5'000 - 7 * kDay - 1);
  say("ripe", 8 * kDay - 5'000 - 7 * kDay);
  CHECK(log.words[0] == "old:too_old");
  CHECK(log.words[1].starts_with("ripe@"));
}

TEST_CASE_FIXTURE(Story, "the first event waits for three others near it") {
  say("a", 0);
  say("b", 1'000);
  say("c", 2'000);
  CHECK(log.words.empty());
  say("d", 3'000);
  CHECK(log.accepted_only() == "a@0 b@1000 c@2000 d@3000 ");
}

TEST_CASE_FIXTURE(Story, "a first event far in the future does not drag time forward") {
  say("wrong", 400 * kDay);
  for (const char* id : {"a", "b", "c", "d"}) say(id, 0);
  CHECK(log.accepted_only() == "a@0 b@0 c@0 d@0 ");
  stream.end(log);
  CHECK(log.accepted_only() == "a@0 b@0 c@0 d@0 wrong:future ");
}

TEST_CASE_FIXTURE(Story, "a date far ahead waits until three of the next hundred confirm it") {
  begin();
  say("jump", 3 * kDay);
  say("x", 1'000);
  say("j2", 3 * kDay + 1);
  say("j3", 3 * kDay - kHour);
  CHECK(log.accepted_only() == "x@1000 ");
  say("j4", 3 * kDay - 2 * kHour);
  CHECK(log.accepted_only().starts_with("x@1000 jump@259200000 "));
  CHECK(stream.counters().accepted == 4 + 5);
}

TEST_CASE_FIXTURE(Story,
                  "a date far ahead that nobody confirms is refused after a hundred events") {
  begin();
  say("wrong", 3 * kDay);
  for (int i = 0; i < 99; ++i) say("x", i);
  CHECK(log.accepted_only().find("wrong") == std::string::npos);
  say("x", 100);
  CHECK(log.accepted_only().ends_with("wrong:future "));
}

TEST_CASE_FIXTURE(Story, "the broker's own timestamp confirms at once") {
  say("a", 0, kStart + kHour);
  CHECK(log.accepted_only() == "a@0 ");
  say("b", 5 * kDay, kStart + 5 * kDay - kHour);
  CHECK(log.accepted_only() == "a@0 b@432000000 ");
  say("c", 9 * kDay, kStart + 9 * kDay + kHour + 1);
  CHECK(log.accepted_only() == "a@0 b@432000000 ");
}

TEST_CASE_FIXTURE(Story, "a short stream is believed at its end") {
  say("a", 5'000);
  say("b", 0);
  stream.end(log);
  CHECK(log.accepted_only() == "a@5000 b@0 ");
  CHECK(log.words.back() == "end@5000");
}

TEST_CASE_FIXTURE(Story,
                  "an announcement believes the first events and moves the mark only forward") {
  say("a", 5'000);
  stream.announce(from_ms(kStart + 9'500), log);
  CHECK(log.words == std::vector<std::string>{"a@5000", "m@0", "m@9000"});
  stream.announce(from_ms(kStart + 4'000), log);
  CHECK(log.words.size() == 3);
  say("late", 6'000);
  CHECK(log.words.back() == "late@9000");
}

TEST_CASE("from every restart point a stream goes on exactly as it would have") {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 random(seed);
    struct Message {
      std::string id;
      int64_t ms;
    };
    std::vector<Message> messages;
    int64_t now = 0;
    for (int i = 0; i < 600; ++i) {
      now += static_cast<int64_t>(random() % 9'000);
      const uint64_t dice = random() % 100;
      int64_t ms = now - static_cast<int64_t>(random() % 6'000);
      if (dice == 0) ms = now + 3 * kDay + static_cast<int64_t>(random() % kDay);
      if (dice == 1) ms = now - 9 * kDay;
      if (dice == 2) now += 30 * kHour;
      messages.push_back({std::to_string(i), ms});
    }
    const auto feed = [&](engine::Stream& stream, Log& log, int64_t from) {
      for (int64_t i = from; i < static_cast<int64_t>(messages.size()); ++i) {
        auto event = std::make_unique<core::Event>();
        event->id = messages[static_cast<size_t>(i)].id;
        event->published = from_ms(kStart + messages[static_cast<size_t>(i)].ms);
        const auto seen = stream.seen(i);
        if (seen == engine::Stream::Seen::Waits) stream.take_again(event, i, 0);
        if (seen != engine::Stream::Seen::No) continue;
        stream.take(event, i, 0, -1, log);
        stream.passed(i + 1, log);
      }
      stream.end(log);
    };
    engine::Stream whole{engine::StreamLimits{}};
    Log expected;
    feed(whole, expected, 0);
    REQUIRE(expected.points.size() > 3);
    for (const core::RestartPoint& point : expected.points) {
      engine::Stream again{engine::StreamLimits{}};
      REQUIRE(again.restart(point.state));
      Log log;
      feed(again, log, again.read_from());
      const auto tail = std::vector<std::string>(
          expected.words.end() - static_cast<ptrdiff_t>(log.words.size()), expected.words.end());
      CHECK_MESSAGE(log.words == tail, "seed " << seed << " at " << again.next());
      CHECK(again.first() == whole.first());
      CHECK(again.counters().accepted == whole.counters().accepted);
    }
  }
}

TEST_CASE("a cut stored state is refused and does not crash") {
  engine::Stream stream{engine::StreamLimits{}};
  const std::string state = stream.state();
  for (size_t size = 0; size < state.size(); ++size)
    CHECK_FALSE(engine::Stream{engine::StreamLimits{}}.restart(state.substr(0, size)).ok());
}
