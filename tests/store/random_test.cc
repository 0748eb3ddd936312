// A random sequence of every operation, on the memory store (plain containers, obviously right) and
// on the other two: results and everything observable are equal all along.
#include <doctest/doctest.h>

#include <random>

#include "tests/store/places.h"

using tests::at;
using tests::item;

namespace {

constexpr uint32_t kShards = 3;
constexpr int kRounds = 12, kStepsARound = 60;
const std::vector<std::string> kStreams = {"file", "kafka:events/3", ""};

// Draws from small sets, so that ids, names and positions meet again and again. An incident and
// its notifications belong to one shard, as they do in life.
class Draw {
 public:
  explicit Draw(unsigned seed) : bits_(seed) {}

  int below(int n) { return static_cast<int>(bits_() % static_cast<unsigned>(n)); }
  std::string name(const char* kind) { return kind + std::to_string(below(6)); }
  std::string bytes() {
    std::string text(static_cast<size_t>(below(20)), '\0');
    for (char& c : text) c = static_cast<char>(below(256));
    return text;
  }
  core::Time time() { return at(below(8) == 0 ? INT64_MIN + below(2) : below(40) - 20); }
  std::string incident(uint32_t shard) {
    return tests::name("INC-", shard) + tests::name("-", below(3));
  }
  core::OutboxState state() {
    return {static_cast<core::Delivery>(below(7)), static_cast<uint32_t>(below(20)), below(1000),
            bytes()};
  }
  core::JournalEntry entry() { return {0, name("kind"), time(), bytes()}; }
  std::string notification(uint32_t shard) {
    return tests::name("n", shard) + tests::name("-", below(40));
  }

  core::Checkpoint checkpoint(uint64_t fence) {
    core::Checkpoint c;
    c.shard = static_cast<uint32_t>(below(kShards));
    c.fence = fence;
    c.drained = time();
    for (int i = below(3); i > 0; --i) c.streams.emplace_back(name("s"), bytes());
    for (int i = below(6); i > 0; --i) c.families.emplace_back(name("f"), bytes());
    for (int i = below(3); i > 0; --i) c.counters.emplace_back(name("c"), below(1000) - 500);
    for (int i = below(4); i > 0; --i)
      c.ledger.push_back({time(), incident(c.shard), static_cast<uint32_t>(below(3)), name("k"),
                          below(2) == 0 ? "" : name("id"), bytes()});
    for (int i = below(4); i > 0; --i) {
      c.outbox.push_back(item(notification(c.shard), incident(c.shard), below(20) - 10));
      if (below(6) == 0) c.outbox.back().bytes = bytes();
    }
    for (int i = below(3); i > 0; --i) c.slots.push_back(slot("cases"));
    return c;
  }
  std::string short_bytes() { return std::string(1, static_cast<char>('a' + below(3))); }
  core::Slot slot(const std::string& shelf) { return {shelf, name("k"), short_bytes(), time()}; }

 private:
  std::mt19937 bits_;
};

template <typename T>
std::string shown(const core::Result<T>& result) {
  if (!result) return "error " + std::to_string(static_cast<int>(result.error().code));
  if constexpr (std::is_same_v<T, uint64_t>) return std::to_string(*result);
  return "ok";
}

// One operation; what it answered.
std::string step(core::Store& store, Draw draw) {
  const auto shard = static_cast<uint32_t>(draw.below(kShards));
  switch (draw.below(16)) {
    case 0:
      return "take " + shown(store.take(shard));
    case 1:
      return "append " + shown(store.append(draw.entry()));
    case 2:
      return "announce " + shown(store.announce({{kStreams[shard], draw.below(9) - 4, draw.time()},
                                                 {"file", draw.below(9), draw.time()}}));
    case 3:
      return "request " + shown(store.request(draw.name("r"), draw.bytes()));
    case 4:
      return "accept " + shown(store.accept(draw.name("r"), draw.entry()));
    case 5:
    case 6:
      return "settle " + shown(store.settle(draw.notification(shard), draw.state()));
    case 7:
      return "settle and tell " +
             shown(store.settle(draw.notification(shard), draw.state(), draw.entry()));
    case 8:
      return "put " + shown(store.put(draw.name("v"), draw.bytes()));
    case 9:
      return "book " + shown(store.keep_book(draw.name("h"), draw.time(), draw.bytes()));
    case 10:
      return "keep " + shown(store.keep(draw.slot("kept")));
    case 11: {
      const core::Slot slot = draw.slot("kept");
      return "replace " + shown(store.replace(slot, draw.below(3) == 0 ? "" : draw.short_bytes()));
    }
    case 12:
      return "drop " + shown(store.drop("kept", draw.name("k")));
    case 13:
      return "drop expired " + shown(store.drop_expired("cases", draw.time()));
    default:
      return "commit " +
             shown(store.commit(draw.checkpoint(static_cast<uint64_t>(draw.below(4)) + 1)));
  }
}

// The reads that take a parameter.
std::string look(core::Store& store, Draw draw) {
  const auto shard = static_cast<uint32_t>(draw.below(kShards));
  std::string text = tests::value(store.get(draw.name("v"))).value_or("nothing") + "\n";
  const auto limit = static_cast<size_t>(draw.below(5));
  for (const auto& [i, s] : tests::value(store.pending(limit))) text += "pending " + i.id + "\n";
  for (const auto& [i, s] : tests::value(store.outbox(draw.incident(shard))))
    text += "outbox " + i.id + "\n";
  for (const auto& l : tests::value(store.ledger(draw.incident(shard)))) text += l.line + "\n";
  for (const auto& e : tests::value(store.journal(static_cast<uint64_t>(draw.below(9)), limit)))
    text += e.bytes + "\n";
  for (const auto& a : tests::value(store.announcements("file", draw.below(9))))
    text += tests::name("at ", a.position) + "\n";
  for (const char* shelf : {"kept", "cases"})
    for (const auto& s : tests::value(store.list(shelf, draw.name("k"), limit)))
      text += s.key + s.value + tests::name("@", core::to_ms(s.expires)) + "\n";
  for (const auto& [id, bytes] : tests::value(store.requests(limit))) text += id + "\n";
  return text;
}

}  // namespace

TEST_CASE_TEMPLATE("random operations leave every store as they leave the memory store", Place,
                   LASTING_STORE_PLACES) {
  for (unsigned round = 0; round < kRounds; ++round) {
    const Place place;
    const auto expected = tests::MemoryPlace().open();
    auto store = place.open();
    for (unsigned i = 0; i < kStepsARound; ++i) {
      const Draw draw(round * 1000 + i);
      INFO("round " << round << " step " << i);
      const std::string answer = step(*expected, draw);
      REQUIRE(step(*store, draw) == answer);
      REQUIRE(look(*store, draw) == look(*expected, draw));
    }
    if (round % 2 == 0) store = place.open();
    REQUIRE(tests::observe(*store, kShards, kStreams) ==
            tests::observe(*expected, kShards, kStreams));
  }
}
