// What core/store.h promises, run against every store for real: memory, SQLite, Redis. More of the
// same: random_test.cc (random operations against the memory store), threads_test.cc,
// crash_test.cc.
#include <doctest/doctest.h>

#include <limits>

#include "tests/store/places.h"

using core::Code;
using core::Delivery;
using tests::at;
using tests::ids;
using tests::item;
using tests::line;
using tests::OutboxRow;
using tests::value;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

core::Checkpoint checkpoint(uint32_t shard, uint64_t fence) {
  core::Checkpoint c;
  c.shard = shard;
  c.fence = fence;
  c.drained = at(1000);
  return c;
}

core::JournalEntry entry(int64_t at_ms, const std::string& bytes) {
  return {0, "command", at(at_ms), bytes};
}

// Commits `items` and `lines` as a new owner of `shard`.
void decide(core::Store& store, uint32_t shard, std::vector<core::OutboxItem> items,
            std::vector<core::LedgerLine> lines = {}) {
  core::Checkpoint c = checkpoint(shard, value(store.take(shard)));
  c.outbox = std::move(items);
  c.ledger = std::move(lines);
  value(store.commit(c));
}

std::string lines_of(const std::vector<core::LedgerLine>& lines) {
  std::string text;
  for (const core::LedgerLine& l : lines)
    text += std::to_string(core::to_ms(l.at)) + " " + l.incident + " " +
            std::to_string(l.revision) + " " + l.kind + " " + l.id + "\n";
  return text;
}

}  // namespace

TEST_CASE_TEMPLATE("a store keeps the layout it was first bound to", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  value(store->bind(8));
  value(store->bind(8));
  const auto other = store->bind(4);
  REQUIRE(!other.ok());
  CHECK(other.error().code == Code::BadSettings);
  CHECK(other.error().message.find("8 shards, not 4") != std::string::npos);
  CHECK(other.error().message.find('\n') == std::string::npos);
  CHECK(store->bind(8).ok());
  CHECK(!store->bind(0).ok());
}

TEST_CASE_TEMPLATE("an empty store has nothing", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  CHECK(value(store->load(3)).drained == core::kTimeMin);
  CHECK(tests::observe(*store, 1, {"s"}) == "drained -9223372036854775808\npending\noutbox\n");
  CHECK(!value(store->get("status")).has_value());
  CHECK(!value(store->book("abc")).has_value());
  CHECK(value(store->outbox("INC-1")).empty());
  CHECK(value(store->ledger("INC-1")).empty());
}

TEST_CASE_TEMPLATE("a commit is loaded as it was committed", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint c = checkpoint(2, value(store->take(2)));
  const std::string odd("\0\xff'\"{}\n%s", 9);
  c.streams = {{"kafka:events/3", "b"}, {"file", odd}, {"empty", ""}};
  c.families = {{"brand:汀白", "one"}, {odd, odd}, {"gone", ""}};
  c.counters = {{"late", kMax}, {"duplicates", kMin}, {"zero", 0}};
  value(store->commit(c));
  const core::ShardState state = value(store->load(2));
  CHECK(state.drained == at(1000));
  CHECK(state.streams == Fields{{"empty", ""}, {"file", odd}, {"kafka:events/3", "b"}});
  CHECK(state.families == Fields{{odd, odd}, {"brand:汀白", "one"}});
  CHECK(state.counters == std::vector<std::pair<std::string, int64_t>>{
                              {"duplicates", kMin}, {"late", kMax}, {"zero", 0}});
  CHECK(value(store->load(1)).families.empty());  // another shard
}

TEST_CASE_TEMPLATE("a later commit changes what it names and nothing else", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint c = checkpoint(0, value(store->take(0)));
  c.streams = {{"a", "1"}, {"b", "1"}};
  c.families = {{"x", "1"}, {"y", "1"}, {"z", "1"}};
  c.counters = {{"late", 5}, {"early", 1}};
  value(store->commit(c));
  c.drained = at(2000);
  c.streams = {{"b", "2"}};
  c.families = {{"y", ""}, {"z", "2"}, {"w", "2"}, {"x", "9"}, {"x", ""}, {"z", "3"}};
  c.counters = {{"late", 4}};
  value(store->commit(c));
  const core::ShardState state = value(store->load(0));
  CHECK(state.drained == at(2000));
  CHECK(state.streams == Fields{{"a", "1"}, {"b", "2"}});
  CHECK(state.families == Fields{{"w", "2"}, {"z", "3"}});
  CHECK(state.counters == std::vector<std::pair<std::string, int64_t>>{{"early", 1}, {"late", 4}});
}

TEST_CASE_TEMPLATE("a checkpoint of thousands of families is one commit", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint c = checkpoint(0, value(store->take(0)));
  for (int i = 0; i < 5001; ++i) {
    c.families.emplace_back(tests::name("brand:", i), std::string(100, 'x'));
    c.counters.emplace_back(tests::name("counter ", i), i);
  }
  value(store->commit(c));
  CHECK(value(store->load(0)).families.size() == 5001);
  CHECK(value(store->load(0)).counters.size() == 5001);
  for (auto& [family, bytes] : c.families) bytes.clear();
  value(store->commit(c));
  CHECK(value(store->load(0)).families.empty());
}

TEST_CASE_TEMPLATE("of two owners of a shard the older gets Conflict and changes nothing", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::Checkpoint old_owner = checkpoint(1, value(store->take(1)));
  core::Checkpoint new_owner = checkpoint(1, value(store->take(1)));
  CHECK(new_owner.fence > old_owner.fence);
  new_owner.families = {{"brand:a", "new"}};
  value(store->commit(new_owner));
  old_owner.drained = at(9000);
  old_owner.streams = {{"file", "old"}};
  old_owner.families = {{"brand:a", "old"}, {"brand:b", "old"}};
  old_owner.counters = {{"late", 1}};
  old_owner.ledger = {line(1, "INC-1", 1)};
  old_owner.outbox = {item("n1", "INC-1", 1)};
  const std::string before = tests::observe(*store, 2, {});
  for (const uint64_t fence : {old_owner.fence, uint64_t{0}, new_owner.fence + 1}) {
    old_owner.fence = fence;
    const auto refused = store->commit(old_owner);
    REQUIRE(!refused.ok());
    CHECK(refused.error().code == Code::Conflict);
  }
  CHECK(tests::observe(*store, 2, {}) == before);
  CHECK(store->commit(new_owner).ok());
  // The fence of one shard says nothing about another.
  CHECK(store->commit(checkpoint(0, new_owner.fence)).error().code == Code::Conflict);
  CHECK(value(store->take(0)) == 1);
}

TEST_CASE_TEMPLATE("the ledger is in its order, and a known line is not added again", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  decide(*store, 1, {}, {line(20, "INC-b", 1), line(-5, "INC-a", 1), line(20, "INC-a", 10)});
  decide(*store, 0, {}, {line(20, "INC-Z", 2), line(20, "INC-é", 1), line(kMin, "", 0, "ledger")});
  decide(*store, 1, {},
         {line(20, "INC-a", 9, "notification", "b"), line(20, "INC-a", 9, "notification", "B"),
          line(20, "INC-a", 9, "incident"), line(20, "INC-a", 9, "refusal", "a")});
  core::LedgerLine again = line(20, "INC-a", 9, "incident");
  again.line = "another text";
  decide(*store, 1, {}, {again, line(20, "INC-b", 1)});
  CHECK(lines_of(value(store->ledger(""))) ==
        "-9223372036854775808  0 ledger \n-5 INC-a 1 incident \n20 INC-Z 2 incident \n"
        "20 INC-a 9 incident \n20 INC-a 9 notification B\n20 INC-a 9 notification b\n"
        "20 INC-a 9 refusal a\n20 INC-a 10 incident \n20 INC-b 1 incident \n"
        "20 INC-é 1 incident \n");
  const auto of_b = value(store->ledger("INC-b"));
  CHECK(lines_of(of_b) == "20 INC-b 1 incident \n");
  CHECK(of_b[0].line == "{incident 1}");
  CHECK(value(store->ledger("INC-a"))[1].line == "{incident 9}");
}

TEST_CASE_TEMPLATE("the journal counts from 1 without gaps", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  for (uint64_t i = 1; i <= 5; ++i)
    CHECK(value(store->append(entry(static_cast<int64_t>(i), "e"))) == i);
  const auto middle = value(store->journal(1, 3));
  REQUIRE(middle.size() == 3);
  CHECK(middle[0].sequence == 2);
  CHECK(middle[2].sequence == 4);
  CHECK(middle[2].kind == "command");
  CHECK(middle[2].at == at(4));
  CHECK(middle[2].bytes == "e");
  CHECK(value(store->journal(4, 100)).size() == 1);
  CHECK(value(store->journal(5, 100)).empty());
  CHECK(value(store->journal(0, 0)).empty());
  CHECK(value(store->journal(std::numeric_limits<uint64_t>::max(), 100)).empty());
  CHECK(value(store->journal(0, std::numeric_limits<size_t>::max())).size() == 5);
}

TEST_CASE_TEMPLATE("the same entry appended twice is two entries", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  CHECK(value(store->append(entry(7, "ack"))) == 1);
  CHECK(value(store->append(entry(7, "ack"))) == 2);
}

TEST_CASE_TEMPLATE("of two announcements at one position the later time stays", Place,
                   STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  value(store->announce({{"s", 10, at(100)}, {"s", -3, at(kMin)}, {"other", 10, at(1)}}));
  value(store->announce({{"s", 10, at(99)}, {"s", 11, at(5)}, {"s", -3, at(-1)}}));
  value(store->announce({{"s", 10, at(101)}, {"s", 10, at(kMax)}, {"s", 9, at(0)}}));
  value(store->announce({}));
  std::string all;
  for (const auto& a : value(store->announcements("s", kMin)))
    all += a.stream + tests::name(" ", a.position) + tests::name(" ", core::to_ms(a.at)) + "; ";
  CHECK(all == "s -3 -1; s 9 0; s 10 9223372036854775807; s 11 5; ");
  CHECK(value(store->announcements("s", 10)).size() == 2);
  CHECK(value(store->announcements("s", 12)).empty());
  CHECK(value(store->announcements("other", 0)).size() == 1);
}

TEST_CASE_TEMPLATE("a request is taken into the journal once", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  value(store->request("z", "first"));
  value(store->request("a", "second"));
  value(store->request("z", "the same id again"));
  value(store->request("m", "third"));
  CHECK(value(store->requests(2)) == Fields{{"z", "first"}, {"a", "second"}});
  CHECK(value(store->requests(0)).empty());
  CHECK(value(store->accept("a", entry(1, "second"))) == 1);
  CHECK(value(store->accept("a", entry(1, "second"))) == 0);
  CHECK(value(store->accept("unknown", entry(1, "x"))) == 0);
  CHECK(value(store->accept("z", entry(2, "first"))) == 2);
  CHECK(value(store->requests(std::numeric_limits<size_t>::max())) == Fields{{"m", "third"}});
  CHECK(value(store->journal(0, 10)).size() == 2);
  value(store->request("a", "the id is free again"));
  CHECK(value(store->requests(9)) == Fields{{"m", "third"}, {"a", "the id is free again"}});
}

TEST_CASE_TEMPLATE("the outbox gives what is still to be sent, oldest first", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  decide(*store, 0, {item("c", "INC-1", 30), item("b", "INC-1", 10), item("a", "INC-1", 30)});
  decide(*store, 5, {item("d", "INC-2", 10), item("e", "INC-2", -1)});
  CHECK(ids(value(store->pending(100))) == std::vector<std::string>{"e", "b", "d", "a", "c"});
  CHECK(ids(value(store->pending(2))) == std::vector<std::string>{"e", "b"});
  CHECK(value(store->pending(0)).empty());
  const OutboxRow first = value(store->pending(1))[0];
  CHECK(first.first.group == "wecom:qa INC-2");
  CHECK(first.first.bytes == item("e", "INC-2", -1).bytes);
  CHECK(first.second.delivery == Delivery::Pending);
  value(store->settle("e", {Delivery::Delivered, 1, 0, "ok"}));
  value(store->settle("b", {Delivery::Retry, 2, 5000, "45009 too often"}));
  value(store->settle("d", {Delivery::Dead, 12, 0, "93000"}));
  value(store->settle("a", {Delivery::Unknown, 1, 6000, ""}));
  CHECK(ids(value(store->pending(100))) == std::vector<std::string>{"b", "a", "c"});
  CHECK(ids(value(store->pending(2))) == std::vector<std::string>{"b", "a"});
  const OutboxRow again = value(store->pending(1))[0];
  CHECK(again.second.delivery == Delivery::Retry);
  CHECK(again.second.attempts == 2);
  CHECK(again.second.next_try_ms == 5000);
  CHECK(again.second.vendor_answer == "45009 too often");
  // Somebody has it sent again.
  value(store->settle("d", {Delivery::Pending, 0, 0, ""}));
  CHECK(ids(value(store->pending(2))) == std::vector<std::string>{"b", "d"});
}

TEST_CASE_TEMPLATE("the outbox of an incident is what its notifications say", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  core::OutboxItem torn = item("torn", "INC-1", 5);
  torn.bytes = "not a notification";
  decide(*store, 0, {item("b", "INC-1", 20), item("a", "INC-1", 20), torn});
  decide(*store, 1, {item("c", "INC-2", 10)});
  value(store->settle("a", {Delivery::Delivered, 1, 0, "ok"}));
  const auto rows = value(store->outbox("INC-1"));
  CHECK(ids(rows) == std::vector<std::string>{"a", "b"});
  CHECK(rows[0].second.delivery == Delivery::Delivered);
  CHECK(ids(value(store->outbox(""))) == std::vector<std::string>{"torn", "c", "a", "b"});
  CHECK(value(store->outbox("INC")).empty());
}

TEST_CASE_TEMPLATE("a known notification is not added again", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  decide(*store, 0, {item("n", "INC-1", 10)});
  value(store->settle("n", {Delivery::Delivered, 1, 0, "ok"}));
  decide(*store, 0, {item("n", "INC-9", 99), item("m", "INC-1", 11)});
  CHECK(ids(value(store->pending(9))) == std::vector<std::string>{"m"});
  const auto rows = value(store->outbox("INC-1"));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].first.at == at(10));
  CHECK(rows[0].second.delivery == Delivery::Delivered);
  CHECK(value(store->outbox("INC-9")).empty());
}

TEST_CASE_TEMPLATE("settling with an outcome does both or neither", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  decide(*store, 3, {item("n", "INC-1", 10)});
  value(store->append(entry(1, "before")));
  const core::JournalEntry outcome{0, "outcome", at(50), "delivered n"};
  CHECK(value(store->settle("n", {Delivery::Delivered, 1, 0, "ok"}, outcome)) == 2);
  CHECK(value(store->pending(9)).empty());
  const auto kept = value(store->journal(1, 9));
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].kind == "outcome");
  CHECK(kept[0].bytes == "delivered n");
  CHECK(store->settle("unknown", {}, outcome).error().code == Code::NotFound);
  CHECK(store->settle("unknown", {}).error().code == Code::NotFound);
  CHECK(value(store->journal(0, 9)).size() == 2);
}

TEST_CASE_TEMPLATE("named values are replaced", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  value(store->put("status", "one"));
  value(store->put("", "no name"));
  value(store->put("status", std::string("two\0", 4)));
  value(store->put("nothing", ""));
  CHECK(value(store->get("status")) == std::string("two\0", 4));
  CHECK(value(store->get("")) == "no name");
  CHECK(value(store->get("nothing")) == "");
  CHECK(!value(store->get("other")).has_value());
}

TEST_CASE_TEMPLATE("a Book that comes into force again keeps both moments", Place, STORE_PLACES) {
  const Place place;
  const auto store = place.open();
  value(store->keep_book("aa", at(100), "first"));
  value(store->keep_book("bb", at(200), "second"));
  value(store->keep_book("aa", at(300), "first"));
  value(store->keep_book("aa", at(300), "first"));
  value(store->keep_book("00", at(200), "third"));
  value(store->keep_book("zz", at(-1), ""));
  using Books = std::vector<std::pair<std::string, core::Time>>;
  CHECK(value(store->books()) ==
        Books{{"zz", at(-1)}, {"aa", at(100)}, {"00", at(200)}, {"bb", at(200)}, {"aa", at(300)}});
  CHECK(value(store->book("aa")) == "first");
  CHECK(value(store->book("zz")) == "");
  CHECK(!value(store->book("a")).has_value());
}

TEST_CASE_TEMPLATE("what was stored is there after closing and opening", Place,
                   LASTING_STORE_PLACES) {
  const Place place;
  std::string before;
  {
    const auto store = place.open();
    value(store->bind(4));
    decide(*store, 1, {item("n", "INC-1", 10)}, {line(1, "INC-1", 1)});
    value(store->append(entry(1, "x")));
    value(store->announce({{"s", 1, at(2)}}));
    value(store->request("r", "bytes"));
    value(store->keep_book("h", at(1), "book"));
    before = tests::observe(*store, 4, {"s"});
  }
  const auto store = place.open();
  CHECK(store->bind(4).ok());
  CHECK(store->bind(5).error().code == Code::BadSettings);
  CHECK(tests::observe(*store, 4, {"s"}) == before);
  CHECK(value(store->take(1)) == 2);
}

TEST_CASE_TEMPLATE("two processes' objects see each other's changes at once", Place,
                   LASTING_STORE_PLACES) {
  const Place place;
  const auto daemon = place.open(), command = place.open();
  value(command->request("ack", "INC-1"));
  CHECK(value(daemon->requests(9)) == Fields{{"ack", "INC-1"}});
  CHECK(value(daemon->accept("ack", entry(1, "ack"))) == 1);
  CHECK(value(command->requests(9)).empty());
  decide(*daemon, 0, {item("n", "INC-1", 10)});
  CHECK(ids(value(command->pending(9))) == std::vector<std::string>{"n"});
}
