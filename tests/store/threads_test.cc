// A store's methods may be called from any thread: two shards commit while the courier settles,
// a command makes requests and the command lane takes them in.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/store/places.h"

using core::Delivery;
using tests::at;
using tests::item;
using tests::line;
using tests::value;

namespace {

constexpr int kCommits = 40;
constexpr int kRequests = 40;

// Commits item, line and family number 0 .. kCommits - 1 of its shard.
void commit_all(core::Store& store, uint32_t shard) {
  core::Checkpoint c;
  c.shard = shard;
  c.fence = value(store.take(shard));
  for (int i = 0; i < kCommits; ++i) {
    const std::string incident = tests::name("INC-", shard);
    const std::string number = std::to_string(i);
    c.families = {{"brand:" + number, number}, {"brand:newest", number}};
    c.ledger = {line(i, incident, static_cast<uint32_t>(i))};
    c.outbox = {item(incident + "-" + number, incident, i)};
    value(store.commit(c));
  }
}

// Settles everything until `count` items are delivered, each with its outcome.
void deliver_all(core::Store& store, int count) {
  while (count > 0) {
    for (const auto& [sending, state] : value(store.pending(7))) {
      value(store.settle(sending.id, {Delivery::Delivered, 1, 0, "ok"},
                         {0, "outcome", at(0), sending.id}));
      --count;
    }
  }
}

void make_requests(core::Store& store) {
  for (int i = 0; i < kRequests; ++i) value(store.request(tests::name("r", i), "ack"));
}

// Two of these run at once: each request must be taken in by one of them.
void accept_all(core::Store& store, std::atomic<int>& accepted) {
  while (accepted < kRequests)
    for (const auto& [id, bytes] : value(store.requests(5)))
      if (value(store.accept(id, {0, "command", at(0), id})) != 0) ++accepted;
}

// What a thread threw, for the test's own thread.
template <typename Work>
std::thread started(std::string& failure, const Work& work) {
  return std::thread([&failure, work] {
    try {
      work();
    } catch (const std::exception& e) {
      failure = e.what();
    }
  });
}

}  // namespace

TEST_CASE_TEMPLATE("shards commit while the courier settles and commands come in", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  std::atomic<int> accepted = 0;
  std::vector<std::string> failures(6);
  std::vector<std::thread> threads;
  threads.push_back(started(failures[0], [&] { commit_all(*store, 0); }));
  threads.push_back(started(failures[1], [&] { commit_all(*store, 1); }));
  threads.push_back(started(failures[2], [&] { deliver_all(*store, 2 * kCommits); }));
  threads.push_back(started(failures[3], [&] { make_requests(*store); }));
  threads.push_back(started(failures[4], [&] { accept_all(*store, accepted); }));
  threads.push_back(started(failures[5], [&] { accept_all(*store, accepted); }));
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == std::vector<std::string>(6));

  for (uint32_t shard = 0; shard < 2; ++shard)
    CHECK(value(store->load(shard)).families.size() == kCommits + 1);
  CHECK(value(store->ledger("")).size() == 2 * kCommits);
  CHECK(value(store->pending(1)).empty());
  const auto journal = value(store->journal(0, 1000));
  CHECK(journal.size() == 2 * kCommits + kRequests);
  std::set<std::string> told;
  for (size_t i = 0; i < journal.size(); ++i) {
    CHECK(journal[i].sequence == i + 1);
    told.insert(journal[i].bytes);
  }
  CHECK(told.size() == journal.size());  // nothing twice
}

TEST_CASE_TEMPLATE("several openers of one store append without a gap", Place,
                   LASTING_STORE_PLACES) {
  const Place place;
  std::vector<std::string> failures(4);
  std::vector<std::thread> threads;
  for (std::string& failure : failures)
    threads.push_back(started(failure, [&place] {
      const auto store = place.open();  // all find an empty store and make it
      value(store->bind(4));
      for (int i = 0; i < 25; ++i) value(store->append({0, "command", at(i), "x"}));
    }));
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == std::vector<std::string>(4));
  const auto journal = value(place.open()->journal(0, 1000));
  REQUIRE(journal.size() == 100);
  CHECK(journal.back().sequence == 100);
}

TEST_CASE_TEMPLATE("owners who take a shard from each other never mix their checkpoints", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  std::vector<std::string> failures(3);
  std::vector<std::thread> threads;
  for (std::string& failure : failures)
    threads.push_back(started(failure, [&store] {
      for (int i = 0; i < 30; ++i) {
        core::Checkpoint c;
        c.fence = value(store->take(0));
        for (int f = 0; f < 5; ++f)
          c.families.emplace_back(tests::name("f", f), std::to_string(c.fence));
        c.ledger = {line(static_cast<int64_t>(c.fence), "INC-1", 1)};
        const auto committed = store->commit(c);
        if (!committed && committed.error().code != core::Code::Conflict) value(committed);
        const auto families = value(store->load(0)).families;
        for (const auto& [family, owner] : families)
          if (owner != families[0].second) throw std::runtime_error("two owners in one state");
      }
    }));
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == std::vector<std::string>(3));
  // The last fence that committed left both the newest line and the families.
  const auto ledger = value(store->ledger(""));
  REQUIRE(!ledger.empty());
  for (const auto& [family, owner] : value(store->load(0)).families)
    CHECK(owner == std::to_string(core::to_ms(ledger.back().at)));
  CHECK(value(store->take(0)) == 91);
}
