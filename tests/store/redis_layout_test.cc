// The schema that a Redis store carries: newer and unknown older ones are refused, values that
// nobody of ours wrote are noticed.
#include <doctest/doctest.h>
#include <hiredis/hiredis.h>

#include "store/layout.h"
#include "store/redis_bytes.h"
#include "tests/store/places.h"

using core::Code;
using tests::value;

namespace {

struct LayoutStory {
  tests::RedisPlace place;

  void tell(const char* command) {
    redisContext* context = redisConnect(place.server().host().c_str(), place.server().port());
    void* reply = redisCommand(context, command);
    REQUIRE(reply != nullptr);
    CHECK(static_cast<redisReply*>(reply)->type != REDIS_REPLY_ERROR);
    freeReplyObject(reply);
    redisFree(context);
  }
  std::string refusal() {
    const auto opened = store::open_store(place.spec());
    REQUIRE(!opened.ok());
    CHECK(opened.error().code == Code::BadSettings);
    return opened.error().message;
  }
};

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(LayoutStory, "a Redis store of a newer schema is refused with both numbers") {
  const auto store = place.open();
  value(store->bind(4));
  tell("HSET {qingyu}:layout schema 7");
  CHECK(says(refusal(), "schema 7"));
  CHECK(says(refusal(), "up to " + std::to_string(store::kSchemaVersion)));
  CHECK(says(store->bind(4).error().message, "schema 7"));
}

TEST_CASE_FIXTURE(LayoutStory, "a Redis store of an unknown older schema is refused") {
  tell("HSET {qingyu}:layout schema 0");
  CHECK(says(refusal(), "schema 0, which no released"));
  tell("HSET {qingyu}:layout schema old");
  CHECK(says(refusal(), "which no released"));
}

TEST_CASE_FIXTURE(LayoutStory, "keys that another program wrote are noticed, not misread") {
  const auto store = place.open();
  value(store->take(0));
  tell("RPUSH {qingyu}:journal hello");
  CHECK(store->journal(0, 9).error().code == Code::BadSettings);
  tell("SET {qingyu:0}:drained soon");
  CHECK(store->load(0).error().code == Code::BadSettings);
  tell("SET {qingyu}:values text");
  CHECK(store->get("status").error().code == Code::BadSettings);
  tell("HSET {qingyu:0}:outbox n hello");
  CHECK(store->outbox("").error().code == Code::BadSettings);
  CHECK(store->settle("n", {}).error().code == Code::BadSettings);
  tell("SADD {qingyu:0}:incidents INC-1");
  tell("HSET {qingyu:0}:ledger:INC-1 hello text");
  CHECK(store->ledger("").error().code == Code::BadSettings);
  tell("ZADD {qingyu}:announced:s 0 z");
  CHECK(store->announcements("s", 0).error().code == Code::BadSettings);
  tell("ZADD {qingyu}:books_in_force 0 now");
  CHECK(store->books().error().code == Code::BadSettings);
}

TEST_CASE("numbers written in hexadecimal digits keep their order") {
  const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, INT64_MAX};
  for (size_t i = 0; i < std::size(numbers); ++i) {
    CHECK(store::read_ordered_hex(store::ordered_hex(numbers[i])) == numbers[i]);
    if (i > 0) CHECK(store::ordered_hex(numbers[i - 1]) < store::ordered_hex(numbers[i]));
  }
  for (const char* text : {"", "80000000000000", "800000000000000g", "80000000000000001"})
    CHECK(!store::read_ordered_hex(text).has_value());
}

TEST_CASE("bytes cut off anywhere are not taken for a value") {
  core::OutboxState state{core::Delivery::Retry, 3, -5, "answer"};
  core::OutboxItem item{"", "group", core::from_ms(-7), "bytes"};
  core::LedgerLine line{core::from_ms(9), "", 300, "kind", "id", ""};
  core::JournalEntry entry{0, "kind", core::from_ms(1), "bytes"};
  const std::string all[] = {store::encode(state), store::encode(item), store::encode_key(line),
                             store::encode(entry)};
  for (size_t kind = 0; kind < std::size(all); ++kind)
    for (size_t size = 0; size <= all[kind].size(); ++size) {
      const std::string part = all[kind].substr(0, size);
      const bool whole = size == all[kind].size();
      if (kind == 0) CHECK(store::decode(part, state) == whole);
      if (kind == 1) CHECK(store::decode(part, item) == whole);
      if (kind == 2) CHECK(store::decode_key(part, line) == whole);
      if (kind == 3) CHECK(store::decode(part, entry) == whole);
    }
  CHECK(state.vendor_answer == "answer");
  CHECK(item.at == core::from_ms(-7));
  CHECK(line.revision == 300);
  CHECK(entry.bytes == "bytes");
}
