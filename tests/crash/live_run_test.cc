#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>

#include "engine/ledger.h"
#include "engine/system_clock.h"
#include "store/open.h"
#include "tests/engine/composed.h"
#include "tests/fakes/webhook_receiver.h"
#include "tests/replay/program.h"
#include "tests/servers.h"

// `qingyu run` on a real broker and a real HTTP receiver, killed again and again while messages
// come and people act. What it decided is what a replay of the same messages with its own journal
// decides; whom it owed a message got it.
namespace {

using namespace std::chrono_literals;

constexpr size_t kChunks = 24;
constexpr const char* kSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

class LiveHouse {
 public:
  LiveHouse() : receiver_(clock_, kKey) {
    const std::string root = QINGYU_SOURCE_DIR;
    tests::write_catalogue(folder_.path());
    kafka_.create_topic("events", 2);
    tests::write_file(folder_.file("secret"), kSecret);
    tests::write_file(
        folder_.file("ladders.yaml"),
        "ladders:\n  default: &all\n    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: "
        "1.0e-6}\n"
        "    remind: 15m\n    rungs:\n"
        "      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, authority: 0}\n"
        "      - {name: boss, who: {person: boss}, enter: {groups: 12}, ack: 15m, decide: 30m, "
        "authority: unlimited}\n"
        "  product-safety: *all\npeople:\n  duty: {name: 值班, channels: [\"webhook:desk\"]}\n"
        "  boss: {name: 主管, channels: [\"webhook:desk\"]}\n");
    tests::write_file(folder_.file("qingyu.yaml"),
                      "store: {kind: sqlite, path: live.db}\nlanes: 2\nshards: 3\nsources:\n"
                      "  - {name: chats, kind: kafka, brokers: \"" +
                          kafka_.address() +
                          "\", topic: events}\n"
                          "packs: [" +
                          root + "/rules/packs]\nlists: " + root + "/rules/lists.yaml\ntaxonomy: " +
                          root + "/rules/taxonomy.yaml\nladders: ladders.yaml\nlimits: " + root +
                          "/rules/limits.yaml\ncatalogue: .\n"
                          "channels:\n  - id: \"webhook:desk\"\n    url: " +
                          receiver_.url() +
                          "\n    secrets: [{file: secret}]\n    allow_private: true\n"
                          "dead_letters: {path: letters.jsonl}\n");
  }

  void start() {
    child_ = std::make_unique<tests::Child>(
        std::vector<std::string>{tests::qingyu_path(), "run", "--config",
                                 folder_.file("qingyu.yaml")},
        folder_.file("run.log"));
  }
  void kill() { child_.reset(); }
  int stop() {
    child_->signal(SIGTERM);
    return child_->wait();
  }
  void let_run(std::chrono::milliseconds time) {
    REQUIRE_MESSAGE(!child_->ends_within(time), child_->last_lines());
  }
  std::string log() const { return child_->last_lines(); }

  void produce(const std::vector<tests::ComposedLine>& lines, size_t from, size_t to) {
    std::vector<tests::Line> all;
    for (size_t i = from; i < to; ++i) all.push_back({lines[i].channel, lines[i].json});
    kafka_.produce("events", all);
  }

  nlohmann::json status() {
    const auto ran =
        tests::qingyu({"status", "--json", "--store", folder_.file("live.db")}, folder_.path());
    return ran.code == 0 ? nlohmann::json::parse(ran.output, nullptr, false) : nlohmann::json();
  }
  // Until every stream stands at its end and everybody was told.
  bool settled() {
    const auto s = status();
    if (!s.is_object() || s["pid"] != child_->pid()) return false;  // of a process before this one
    const bool idle = std::ranges::all_of(
        s["streams"], [](const auto& one) { return one["going"] == "idle" && one["lag"] == 0; });
    auto pending = store()->pending(1);
    return idle && pending.ok() && pending->empty();
  }

  std::unique_ptr<core::Store> store() {
    auto opened = store::open_store({.kind = "sqlite", .path = folder_.file("live.db")});
    REQUIRE_MESSAGE(opened.ok(), opened.error().message);
    return std::move(*opened);
  }
  std::string replay() {
    const auto ran = tests::qingyu(
        {"replay", "kafka://" + kafka_.address() + "/events", "--config",
         folder_.file("qingyu.yaml"), "--journal", folder_.file("live.db"), "--books",
         folder_.file("live.db"), "--ledger", folder_.file("again.jsonl"), "--shards", "2"},
        folder_.path());
    REQUIRE_MESSAGE(ran.code == 0, ran.output);
    return tests::read_file(folder_.file("again.jsonl"));
  }
  tests::Ran act(const std::string& what, const std::string& incident) {
    return tests::qingyu(
        {what, incident, "--by", "duty", "--because", "测试", "--store", folder_.file("live.db")},
        folder_.path());
  }
  std::set<std::string> shown() {
    std::set<std::string> ids;
    for (const auto& message : receiver_.shown()) ids.insert(message.id);
    return ids;
  }
  size_t wrong() const { return receiver_.wrong(); }

 private:
  engine::SystemClock clock_;
  tests::Temporary folder_;
  tests::KafkaBroker kafka_;
  fakes::WebhookReceiver receiver_;
  std::unique_ptr<tests::Child> child_;
};

std::vector<std::string> lines_before(const std::string& text, int64_t before_ms) {
  std::vector<std::string> kept;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json["kind"] != "ledger" && json["at"].get<int64_t>() < before_ms) kept.push_back(line);
  }
  return kept;
}

void run_with_kills(LiveHouse& house, const std::vector<tests::ComposedLine>& lines) {
  std::mt19937_64 random(tests::test_seed());
  const size_t chunk = lines.size() / kChunks;
  house.start();
  for (size_t c = 0; c < kChunks; ++c) {
    house.produce(lines, c * chunk, c + 1 == kChunks ? lines.size() : (c + 1) * chunk);
    house.let_run(std::chrono::milliseconds(200 + random() % 900));
    if (c % 5 == 4)
      for (const auto& line : *house.store()->ledger(""))
        if (line.kind == "incident" && random() % 8 == 0)
          house.act(random() % 2 == 0 ? "ack" : "close", line.incident);
    if (random() % 2 == 0) continue;
    house.kill();
    house.start();
  }
  for (int i = 0; i < 600 && !house.settled(); ++i) house.let_run(100ms);
}

}  // namespace

TEST_CASE(
    "a live run with kills loses no event and no message, and a replay of its journal agrees "
    "(slow)") {
  LiveHouse house;
  run_with_kills(house, tests::compose({.seed = tests::test_seed() + 7,
                                        .events = 6'000,
                                        .spreads = 14,
                                        .hours = 40,
                                        .replies = true}));
  REQUIRE(house.settled());
  REQUIRE_MESSAGE(house.stop() == 0, house.log());

  const auto store = house.store();
  core::Time drained = core::kTimeMax;
  for (uint32_t shard = 0; shard < 3; ++shard)
    drained = std::min(drained, store->load(shard)->drained);
  std::ostringstream live;
  REQUIRE(engine::write_ledger(*store, {core::from_ms(1), ""}, live).ok());
  const auto decided = lines_before(live.str(), core::to_ms(drained));
  REQUIRE(decided.size() > 60);
  const auto again = lines_before(house.replay(), core::to_ms(drained));
  const auto [one, other] = std::ranges::mismatch(decided, again);
  INFO("decided: ", one == decided.end() ? "nothing more" : *one);
  INFO("again:   ", other == again.end() ? "nothing more" : *other);
  CHECK(decided == again);

  const auto shown = house.shown();
  std::set<std::string> overtaken;  // a change of figures that a later one says better
  for (const auto& [item, state] : *store->outbox(""))
    if (state.delivery == core::Delivery::Suppressed) overtaken.insert(item.id);
  size_t owed = 0;
  for (const auto& line : *store->ledger("")) {
    if (line.kind != "notification" || overtaken.contains(line.id)) continue;
    ++owed;
    CHECK_MESSAGE(shown.contains(line.id), line.line);
  }
  CHECK(owed > 10);
  CHECK(house.wrong() == 0);
}
