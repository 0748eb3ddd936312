// kill -9 in the middle of commits: of the process that writes, and of the Redis server. Whatever
// the moment, the checkpoint found afterwards is whole, and none that was confirmed is missing.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "tests/store/places.h"

using tests::at;
using tests::item;
using tests::line;
using tests::OutboxRow;
using tests::value;

namespace {

constexpr int kFamilies = 60;

// Checkpoint `n` names the number n in everything it holds.
core::Checkpoint numbered(int n, uint64_t fence) {
  const std::string number = std::to_string(n);
  core::Checkpoint c;
  c.shard = 1;
  c.fence = fence;
  c.drained = at(n);
  c.streams = {{"file", number}};
  for (int f = 0; f < kFamilies; ++f)
    c.families.emplace_back(tests::name("brand:", f), number + std::string(500, '.'));
  c.counters = {{"late", n}};
  c.ledger = {line(n, "INC-1", static_cast<uint32_t>(n))};
  c.outbox = {item(tests::name("n", n), "INC-1", n)};
  return c;
}

// The number of the checkpoint that the store holds, 0 for none; fails unless it is whole.
int whole_checkpoint(core::Store& store) {
  const core::ShardState state = value(store.load(1));
  const auto ledger = value(store.ledger("INC-1"));
  const auto sending = value(store.pending(100'000));
  if (state.drained == core::kTimeMin) {
    CHECK(state.families.empty());
    CHECK(ledger.empty());
    CHECK(sending.empty());
    return 0;
  }
  const auto n = static_cast<int>(core::to_ms(state.drained));
  const core::Checkpoint expected = numbered(n, 0);
  CHECK(state.streams == expected.streams);
  CHECK(state.counters == expected.counters);
  REQUIRE(state.families.size() == kFamilies);
  for (const auto& [family, bytes] : state.families)
    REQUIRE(bytes == expected.families.front().second);
  REQUIRE(ledger.size() == static_cast<size_t>(n));
  CHECK(ledger.back().at == at(n));
  REQUIRE(sending.size() == static_cast<size_t>(n));
  CHECK(sending.back().first.id == tests::name("n", n));
  return n;
}

// Says one confirmed step through a pipe; false when nobody listens any more.
using Confirm = std::function<bool()>;

// A process that opens the store, works on it step by step and is killed in between.
class Worker {
 public:
  Worker(const store::StoreSpec& spec,
         const std::function<void(core::Store&, const Confirm&)>& work) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    process_ = ::fork();
    if (process_ == 0) {
      const auto opened = store::open_store(spec);
      if (opened) work(**opened, [&] { return ::write(ends[1], "!", 1) == 1; });
      ::_exit(1);
    }
    ::close(ends[1]);
    confirmations_ = ends[0];
  }
  ~Worker() { ::close(confirmations_); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Waits for `count` confirmations, then kills it at once. Returns how many there were at last.
  int kill9_after(int count) {
    char mark = 0;
    int seen = 0;
    while (seen < count && ::read(confirmations_, &mark, 1) == 1) ++seen;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    while (::read(confirmations_, &mark, 1) == 1) ++seen;
    return seen;
  }

 private:
  pid_t process_ = -1;
  int confirmations_ = -1;
};

// Commits checkpoint `n`, the next one, and so on.
void commit_from(core::Store& store, int n, const Confirm& confirm) {
  const auto fence = store.take(1);
  while (fence.ok() && store.commit(numbered(n, *fence)).ok() && confirm()) ++n;
}

// Takes in a request, settles a notification with its outcome, and so on by turns.
void take_in_and_settle(core::Store& store, const Confirm& confirm) {
  for (;;) {
    const auto requests = store.requests(1);
    const auto sending = store.pending(1);
    if (!requests || !sending || requests->empty() || sending->empty()) return;
    const std::string request = requests->front().first, id = sending->front().first.id;
    if (!store.accept(request, {0, "command", at(0), request}) || !confirm()) return;
    if (!store.settle(id, {core::Delivery::Delivered, 1, 0, "ok"}, {0, "outcome", at(0), id}) ||
        !confirm())
      return;
  }
}

}  // namespace

TEST_CASE_TEMPLATE("a writer killed between and inside commits leaves a whole checkpoint", Place,
                   LASTING_STORE_PLACES) {
  const Place place;
  int stored = 0;
  for (int round = 0; round < 25; ++round) {
    Worker writer(place.spec(), [&](core::Store& store, const Confirm& confirm) {
      commit_from(store, stored + 1, confirm);
    });
    const int confirmed = writer.kill9_after(round % 5);
    const auto store = place.open();
    const int found = whole_checkpoint(*store);
    CHECK(found >= stored + confirmed);
    CHECK(found <= stored + confirmed + 1);  // the last one may be done but not yet said
    stored = found;
  }
  CHECK(stored > 0);
}

TEST_CASE_TEMPLATE("a courier and a command lane that are killed do each thing once", Place,
                   LASTING_STORE_PLACES) {
  constexpr int kThings = 400;
  const Place place;
  const auto store = place.open();
  core::Checkpoint c;
  c.fence = value(store->take(0));
  for (int i = 0; i < kThings; ++i) {
    c.outbox.push_back(item(tests::name("n", i), "INC-1", i));
    value(store->request(tests::name("r", i), "ack"));
  }
  value(store->commit(c));
  int confirmed = 0;
  for (int round = 0; round < 20; ++round) {
    Worker worker(place.spec(), take_in_and_settle);
    confirmed += worker.kill9_after(round % 7);
    std::map<std::string, std::multiset<std::string>> told;  // kind -> what the journal says
    for (const core::JournalEntry& entry : value(store->journal(0, 10 * kThings)))
      told[entry.kind].insert(entry.bytes);
    // What is in the journal is gone from its list, and the other way round, once each.
    for (const auto& [id, bytes] : value(store->requests(kThings))) told["command"].insert(id);
    for (const OutboxRow& row : value(store->pending(kThings)))
      told["outcome"].insert(row.first.id);
    for (const char* kind : {"command", "outcome"}) {
      CHECK(told[kind].size() == kThings);
      CHECK(std::set(told[kind].begin(), told[kind].end()).size() == kThings);
    }
    CHECK(static_cast<int>(value(store->journal(0, 10 * kThings)).size()) >= confirmed);
  }
  CHECK(confirmed > 0);
}

TEST_CASE("a Redis server killed between and inside commits comes back with whole checkpoints") {
  tests::RedisPlace place("always");
  int stored = 0;
  for (int round = 0; round < 8; ++round) {
    auto store = place.open();
    std::atomic<int> confirmed = 0;
    std::atomic<bool> failed = false;
    std::thread shard([&] {
      const uint64_t fence = value(store->take(1));
      for (int n = stored + 1; store->commit(numbered(n, fence)).ok(); ++n) ++confirmed;
      failed = true;
    });
    while (confirmed < 5 + round && !failed) std::this_thread::yield();
    place.server().kill9();
    shard.join();
    place.server().restart();
    const int found = whole_checkpoint(*store);  // the same object, connected again
    CHECK(found >= stored + confirmed);
    CHECK(found <= stored + confirmed + 1);
    stored = found;
  }
  CHECK(stored >= 8 * 5);
}
