// Whose subject a message takes that names nothing itself: engine/replies.h.
#include "engine/replies.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "engine/lane.h"
#include "store/open.h"
#include "tests/engine/stepped.h"

namespace {

using core::SubjectSource;

constexpr core::Time kStart = core::from_ms(1'776'300'000'000);
constexpr const char* kHit = "过期了还卖";

struct Said {
  std::string id;
  int64_t ms = 0;
  std::string text;
  std::string reply_to = {}, forward_of = {}, root = {};
  std::string channel = "g1";
  uint32_t stream = 0;
};

core::Event event_of(const Said& said) {
  core::Event event;
  event.id = said.id;
  event.kind = core::Kind::Chat;
  event.at = event.published = kStart + core::Millis(said.ms);
  event.channel_id = said.channel;
  event.author_id = "u" + said.id;
  event.text = said.text;
  event.reply_to = said.reply_to;
  event.forward_of = said.forward_of;
  event.root = said.root;
  return event;
}

std::string bytes(const core::Signal& signal) {
  core::ByteWriter out;
  core::write(out, signal);
  return out.take();
}

// A lane without links, stepped by hand.
struct Talk {
  Talk() : lane(tests::composed_shelf(), {}, {}) {}

  void say(const Said& said) { say(event_of(said), said.stream); }
  void say(const core::Event& event, uint32_t stream) {
    auto slot = std::make_unique<core::Event>(event);
    batch.clear();
    batch.push(slot, stream);
    lane.begin(batch);
    lane.judge(batch, 0, signals);
  }
  void mark(int64_t ms, uint32_t stream = 0) {
    lane.pass(stream, {kStart + core::Millis(ms), false, nullptr}, signals);
  }
  void end(uint32_t stream = 0) { lane.pass(stream, {kStart, true, nullptr}, signals); }

  // "brand:霁野/reply" of the message, families apart by blanks.
  std::string subject(const std::string& id) const {
    std::string all;
    for (const core::Signal& s : signals) {
      if (s.event != id) continue;
      const std::string family = s.family.starts_with("unknown:") ? "unknown" : s.family;
      all += (all.empty() ? "" : " ") + family + "/" + std::string(core::name_of(s.source));
    }
    return all;
  }
  const core::Signal& of(const std::string& id) const {
    const auto it = std::ranges::find(signals, id, &core::Signal::event);
    REQUIRE(it != signals.end());
    return *it;
  }

  engine::Lane lane;
  engine::Batch batch;
  std::vector<core::Signal> signals;
};

}  // namespace

TEST_CASE_FIXTURE(Talk, "a hit without a name falls to what it replies to, and is no mention") {
  say({"a", 0, "霁野洗衣液怎么样"});
  say({"b", 1'000, kHit, "a"});
  CHECK(subject("b") == "");  // its target might still change: it waits
  mark(1'000);
  CHECK(subject("b") == "");  // one of the same time might still come
  mark(2'000);
  CHECK(subject("a") == "brand:霁野/name");
  CHECK(subject("b") == "brand:霁野/reply");
  CHECK_FALSE(of("b").named);
  CHECK_FALSE(of("b").product_named);
  REQUIRE(of("b").votes.size() == of("a").votes.size());
  CHECK(of("b").votes[0].sku == of("a").votes[0].sku);
  CHECK(of("b").categories == of("a").categories);
  CHECK(of("b").hits.size() == 1);
  CHECK(lane.replies().inherited.value() == 1);
}

TEST_CASE_FIXTURE(Talk, "its own name comes first, then reply, forward, root, category, nothing") {
  say({"a", 0, "霁野洗衣液"});
  say({"b", 0, "朴禾酸奶"});
  say({"c", 0, "木垣洗衣液"});
  say({"own", 10, std::string("鹿浔酸奶") + kHit, "a", "b", "c"});
  say({"reply", 10, kHit, "a", "b", "c"});
  say({"forward", 10, kHit, "gone", "b", "c"});
  say({"root", 10, kHit, "gone", "away", "c"});
  say({"category", 10, std::string("酸奶") + kHit, "gone"});
  say({"nothing", 10, kHit, "gone"});
  say({"quiet", 10, "收到", "a"});
  end();
  CHECK(subject("own") == "brand:鹿浔/name");
  CHECK(subject("reply") == "brand:霁野/reply");
  CHECK(subject("forward") == "brand:朴禾/forward");
  CHECK(subject("root") == "brand:木垣/root");
  CHECK(subject("category") == "category:酸奶/category");
  CHECK(subject("nothing") == "unknown/unknown");
  CHECK(subject("quiet") == "");  // no hit: nothing falls
  CHECK(lane.replies().unresolved.value() == 2);
}

TEST_CASE_FIXTURE(Talk, "a message that names several hands them all down") {
  say({"a", 0, "霁野洗衣液和朴禾酸奶"});
  say({"b", 10, kHit, "a"});
  end();
  CHECK(subject("b") == "brand:朴禾/reply brand:霁野/reply");
}

TEST_CASE_FIXTURE(Talk, "only within the channel, the stream and a day") {
  const int64_t day = engine::Replies::kReach.count();
  say({"a", 0, "霁野洗衣液"});
  say({.id = "far", .ms = 10, .text = kHit, .reply_to = "a", .channel = "g2"});
  say({.id = "elsewhere", .ms = 10, .text = kHit, .reply_to = "a", .stream = 1});
  say({.id = "homeless", .ms = 10, .text = kHit, .reply_to = "a", .channel = ""});
  say({"in time", day, kHit, "a"});
  say({"too late", day + 1, kHit, "a"});
  end();
  end(1);
  CHECK(subject("far") == "unknown/unknown");
  CHECK(subject("elsewhere") == "unknown/unknown");
  CHECK(subject("homeless") == "unknown/unknown");
  CHECK(subject("in time") == "brand:霁野/reply");
  CHECK(subject("too late") == "unknown/unknown");
}

TEST_CASE_FIXTURE(Talk, "nothing is taken over from what is newer than the reply") {
  say({"b", 10, kHit, "a"});
  say({"a", 11, "霁野洗衣液"});
  // Written before the reply and taken in long after: it counts from then on.
  core::Event late = event_of({"c", 5, "朴禾酸奶"});
  say({"d", 20, kHit, "c"});
  late.at = kStart + core::Millis(8'000);
  say(late, 0);
  say({"e", 9'000, kHit, "c"});
  end();
  CHECK(subject("b") == "unknown/unknown");
  CHECK(subject("d") == "unknown/unknown");
  CHECK(subject("e") == "brand:朴禾/reply");
}

TEST_CASE_FIXTURE(Talk, "a reply to a reply inherits, over so many and no more") {
  say({"0", 0, "霁野洗衣液"});
  const int depth = engine::Replies::kDepthMax;
  for (int i = 1; i <= depth + 1; ++i)
    say({std::to_string(i), i, i % 2 == 1 ? "我也是" : kHit, std::to_string(i - 1)});
  say({"last", 99, kHit, std::to_string(depth)});
  say({"deepest", 99, kHit, std::to_string(depth - 1)});
  end();
  CHECK(subject("2") == "brand:霁野/reply");
  CHECK(subject("deepest") == "brand:霁野/reply");
  CHECK(subject("last") == "unknown/unknown");
}

TEST_CASE_FIXTURE(Talk, "of an id that is told twice the older message is meant") {
  say({"a", 50, "朴禾酸奶"});
  say({"a", 0, "霁野洗衣液"});
  say({"b", 60, kHit, "a"});
  end();
  CHECK(subject("b") == "brand:霁野/reply");
}

TEST_CASE("subjects are the same in any order that marks allow, and as an obvious search finds") {
  constexpr const char* kNames[] = {"霁野洗衣液", "朴禾酸奶", "木垣洗衣液"};
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<Said> all;
    for (int i = 0; i < 60; ++i) {
      Said said{std::to_string(i), static_cast<int64_t>(random() % 300) * 60 + i, "嗯"};
      const auto dice = random() % 10;
      if (dice < 2) said.text = kNames[random() % 3];
      if (dice > 4) said.text = kHit;
      if (random() % 4 != 0) said.reply_to = std::to_string(random() % 60);
      if (random() % 4 == 0) said.root = std::to_string(random() % 60);
      said.channel = random() % 8 == 0 ? "g2" : "g1";
      all.push_back(std::move(said));
    }
    // The obvious search: by recursion over all messages.
    std::map<std::string, const Said*> by_id;
    for (const Said& said : all) by_id[said.id] = &said;
    const auto search = [&](const auto& self, const Said& said) -> std::pair<std::string, int> {
      if (said.text != kHit && said.text != "嗯") return {said.text, 0};
      for (const std::string& id : {said.reply_to, said.root}) {
        if (id.empty()) continue;
        const Said& of = *by_id[id];
        if (of.ms >= said.ms || of.channel != said.channel) continue;
        const auto [name, depth] = self(self, of);
        if (!name.empty() && depth < engine::Replies::kDepthMax) return {name, depth + 1};
      }
      return {"", 0};
    };
    std::vector<std::string> expected;
    for (int run = 0; run < 4; ++run) {
      std::vector<std::pair<int64_t, const Said*>> order;
      for (const Said& said : all)
        order.emplace_back(said.ms + (run == 0 ? 0 : static_cast<int64_t>(random() % 4'900)),
                           &said);
      std::ranges::sort(order);
      Talk talk;
      int64_t newest = 0;
      for (const auto& [key, said] : order) {
        talk.say(*said);
        newest = std::max(newest, said->ms);
        if (random() % 3 == 0) talk.mark((newest - 5'000) / 1'000 * 1'000);
      }
      talk.end();
      std::vector<std::string> made;
      for (const core::Signal& s : talk.signals) made.push_back(bytes(s));
      std::ranges::sort(made);
      if (run == 0) expected = made;
      REQUIRE(made == expected);
      for (const Said& said : all) {
        if (said.text != kHit) continue;
        const std::string name = search(search, said).first;
        const std::string family =
            name.empty() ? "unknown" : "brand:" + name.substr(0, std::string("霁野").size());
        CHECK_MESSAGE(talk.subject(said.id).starts_with(family + "/"), "seed " << seed);
      }
    }
  }
}

TEST_CASE("what the limits of replies leave out is counted") {
  engine::Replies replies;
  core::Signal named;
  named.named = true;
  named.family = "brand:霁野";
  std::vector<core::Signal> signals = {named};
  for (size_t i = 0; i < engine::Replies::kNamedMax + 3; ++i)
    replies.take(event_of({std::to_string(i), static_cast<int64_t>(i), ""}), 0, signals, 0);
  CHECK(replies.counters().forgotten.value() == 3);

  core::Signal hit;
  for (size_t i = 0; i < engine::Replies::kHeldMax + 2; ++i) {
    signals.assign(1, hit);
    replies.take(event_of({"r" + std::to_string(i), 0, "", "0"}), 0, signals, 0);
    CHECK(signals.size() == (i < engine::Replies::kHeldMax ? 0 : 1));
  }
  CHECK(replies.counters().hasty.value() == 2);
  signals.clear();
  for (size_t i = engine::Replies::kHeldMax; i < engine::Replies::kWaitingMax + 1; ++i)
    replies.take(event_of({"s" + std::to_string(i), 0, "", "0"}), 0, signals, 0);
  CHECK(replies.counters().hasty.value() == 3);
  size_t judged = 0;
  replies.pass(
      0, {kStart + core::Millis(1), false, nullptr},
      [&](core::Event&, const rules::Inherited&) { ++judged; }, signals);
  // Message 0 is forgotten: nobody inherits.
  CHECK(judged == 0);
  CHECK(signals.size() == engine::Replies::kHeldMax);
}

TEST_CASE("what was kept of replies comes back, and strange bytes are refused") {
  engine::ReplyChunk chunk{"file", 1, 3, {}, {}};
  const auto families = std::make_shared<const engine::InheritedFamilies>(engine::InheritedFamilies{
      {"brand:霁野", {{"T1", 600}, {"T2", 400}}, {"洗衣液"}}, {"merchant:M1", {}, {}}});
  chunk.named.push_back({1, 2, kStart, 3, families});
  chunk.waiting.push_back({4, 5, {6, 0, 7}, kStart, kStart - core::Millis(9)});
  const std::string bytes_of_it = engine::to_bytes(chunk);
  const auto again = engine::chunk_from(bytes_of_it);
  REQUIRE(again.ok());
  CHECK(again->stream == "file");
  CHECK(again->lanes == 3);
  CHECK(engine::to_bytes(*again) == bytes_of_it);
  for (size_t n = 0; n < bytes_of_it.size(); ++n)
    CHECK_FALSE(engine::chunk_from(std::string_view(bytes_of_it).substr(0, n)).ok());
  CHECK_FALSE(engine::chunk_from(bytes_of_it + "x").ok());
}
