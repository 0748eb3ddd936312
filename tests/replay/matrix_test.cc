#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/engine/composed.h"
#include "tests/replay/program.h"
#include "tests/servers.h"

// One ledger from every layout of the real program: lanes x shards x stores x file or a real Kafka
// broker, in order and shuffled within the lateness. CI takes a sample by seed; tests/run.sh --all
// takes all 108.
namespace {

struct Layout {
  int lanes = 1, shards = 1;
  std::string store;
  bool kafka = false, in_disorder = false;

  std::string name() const {
    return std::to_string(lanes) + " lanes, " + std::to_string(shards) + " shards, " + store +
           (kafka ? ", kafka" : ", file") + (in_disorder ? ", shuffled" : "");
  }
};

std::vector<Layout> all_layouts() {
  std::vector<Layout> all;
  for (const int lanes : {1, 2, 4})
    for (const int shards : {1, 3, 8})
      for (const char* store : {"memory", "sqlite", "redis"})
        for (const bool kafka : {false, true})
          for (const bool in_disorder : {false, true})
            all.push_back({lanes, shards, store, kafka, in_disorder});
  return all;
}

class House {
 public:
  explicit House(uint64_t seed) {
    tests::write_catalogue(folder_.path());
    const auto lines = tests::compose({.seed = seed,
                                       .events = 12'000,
                                       .spreads = 12,
                                       .hours = 60,
                                       .broken = true,
                                       .replies = true});
    const auto disorder = tests::shuffled(lines, seed);
    tests::write_file(folder_.file("order.jsonl"), tests::text_of(lines));
    tests::write_file(folder_.file("disorder.jsonl"), tests::text_of(disorder));
    fill("order", lines);
    fill("disorder", disorder);
  }

  std::string ledger(const Layout& layout) {
    const std::string name = layout.in_disorder ? "disorder" : "order";
    const std::string input =
        layout.kafka ? "kafka://" + kafka_.address() + "/" + name : folder_.file(name + ".jsonl");
    const std::string out = folder_.file("ledger.jsonl");
    const auto ran =
        tests::qingyu({"replay", input, "--catalogue", folder_.path(), "--ledger", out, "--lanes",
                       std::to_string(layout.lanes), "--shards", std::to_string(layout.shards),
                       "--store", layout.store, "--redis", redis_.address()},
                      folder_.path());
    REQUIRE_MESSAGE(ran.code == 0, layout.name() << ": " << ran.output);
    return tests::read_file(out);
  }

 private:
  void fill(const std::string& topic, const std::vector<tests::ComposedLine>& lines) {
    kafka_.create_topic(topic, 4);
    std::vector<tests::Line> all;
    for (const tests::ComposedLine& line : lines) all.push_back({line.channel, line.json});
    kafka_.produce(topic, all);
  }

  tests::Temporary folder_;
  tests::RedisServer redis_;
  tests::KafkaBroker kafka_;
};

}  // namespace

TEST_CASE("one ledger from every layout of the real program (slow)") {
  House house(tests::test_seed());
  const std::string expected = house.ledger({1, 1, "memory", false, false});
  REQUIRE(std::count(expected.begin(), expected.end(), '\n') > 100);
  std::vector<Layout> layouts = all_layouts();
  std::mt19937_64 random(tests::test_seed());
  std::shuffle(layouts.begin(), layouts.end(), random);
  if (!tests::whole_matrices()) layouts.resize(36);
  for (const Layout& layout : layouts)
    CHECK_MESSAGE(house.ledger(layout) == expected, layout.name());
}
