// What only the Redis store must bear: a server that goes away, answers that are lost, scripts that
// are forgotten, passwords, settings that cannot work. Everything against a real redis-server.
#include <doctest/doctest.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include <fstream>

#include "core/log.h"
#include "store/redis_connection.h"
#include "store/redis_tokens.h"
#include "tests/store/leaky_proxy.h"
#include "tests/store/places.h"

using core::Code;
using core::Delivery;
using tests::at;
using tests::item;
using tests::RedisPlace;
using tests::value;

namespace {

const core::JournalEntry kEntry = {0, "command", at(1), "ack"};

store::StoreSpec redis_at(const std::string& address) {
  store::StoreSpec spec;
  spec.kind = "redis";
  spec.address = address;
  return spec;
}

core::Error why_not(const store::StoreSpec& spec) {
  const auto opened = store::open_store(spec);
  REQUIRE(!opened.ok());
  CHECK(opened.error().message.find('\n') == std::string::npos);
  return opened.error();
}

// One command by a connection of the test's own.
void tell(const tests::RedisServer& server, const char* command, const char* word = "") {
  redisContext* context = redisConnect(server.host().c_str(), server.port());
  void* reply = redisCommand(context, command, word);
  REQUIRE(reply != nullptr);
  freeReplyObject(reply);
  redisFree(context);
}

std::vector<std::string> lines_logged;
void remember(core::LogLevel, std::string_view line) { lines_logged.emplace_back(line); }

// A Redis whose answers can be lost on the way.
struct Leaky {
  RedisPlace place;
  tests::LeakyProxy proxy{place.server().port()};
  std::unique_ptr<core::Store> store = tests::open_or_fail(redis_at(proxy.address()));

  // An outbox with the notifications n0 .. n<count - 1>.
  void fill_outbox(int count) {
    core::Checkpoint c;
    c.fence = value(store->take(0));
    for (int i = 0; i < count; ++i) c.outbox.push_back(item(tests::name("n", i), "INC-1", i));
    value(store->commit(c));
  }
};

}  // namespace

TEST_CASE("a change whose answer is lost happens once") {
  Leaky leaky;
  leaky.fill_outbox(2);
  core::Store& store = *leaky.store;
  leaky.proxy.lose(1, "EVALSHA");
  CHECK(value(store.append(kEntry)) == 1);
  leaky.proxy.lose(2, "EVALSHA");
  CHECK(value(store.append(kEntry)) == 2);
  value(store.request("r", "bytes"));
  leaky.proxy.lose(1, "EVALSHA");
  CHECK(value(store.accept("r", kEntry)) == 3);
  leaky.proxy.lose(1, "EVALSHA");
  CHECK(value(store.settle("n0", {Delivery::Delivered, 1, 0, "ok"}, kEntry)) == 4);
  leaky.proxy.lose(1, "HSET");
  value(store.settle("n1", {Delivery::Dead, 1, 0, "no"}));
  CHECK(leaky.proxy.left_to_lose() == 0);
  CHECK(value(store.journal(0, 9)).size() == 4);
  CHECK(value(store.pending(9)).empty());
  CHECK(value(store.requests(9)).empty());
}

TEST_CASE("a request is not made a second time by a repeated call after it was accepted") {
  Leaky leaky;
  const auto daemon = leaky.place.open();
  leaky.proxy.lose(store::RedisConnection::kTries, "EVALSHA");
  CHECK(leaky.store->request("r", "ack").error().code == Code::Unavailable);
  CHECK(value(daemon->accept("r", kEntry)) == 1);
  value(leaky.store->request("r", "ack"));  // whoever got Unavailable tries again
  CHECK(value(daemon->requests(9)).empty());
  value(leaky.store->request("r", "ack"));  // a new request
  CHECK(value(daemon->requests(9)).size() == 1);
}

TEST_CASE("a caller that tries again after Unavailable does not append twice") {
  Leaky leaky;
  leaky.proxy.lose(store::RedisConnection::kTries, "EVALSHA");
  const auto lost = leaky.store->append(kEntry);
  REQUIRE(!lost.ok());
  CHECK(lost.error().code == Code::Unavailable);
  core::JournalEntry other = kEntry;
  other.bytes = "another";
  CHECK(value(leaky.store->append(other)) == 2);
  CHECK(value(leaky.store->append(kEntry)) == 1);
  CHECK(value(leaky.store->append(kEntry)) == 3);  // on purpose
}

TEST_CASE("a commit and a fence whose answers are lost stand") {
  Leaky leaky;
  leaky.proxy.lose(1, "INCR");
  core::Checkpoint c;
  c.fence = value(leaky.store->take(0));
  c.families = {{"brand:a", "1"}};
  c.outbox = {item("n", "INC-1", 1)};
  leaky.proxy.lose(2, "EVALSHA");
  value(leaky.store->commit(c));
  c.families = {{"brand:a", "2"}};
  value(leaky.store->commit(c));
  CHECK(leaky.proxy.left_to_lose() == 0);
  CHECK(value(leaky.store->load(0)).families[0].second == "2");
  CHECK(value(leaky.store->pending(9)).size() == 1);
}

TEST_CASE("tokens are kept for the same call only, and the oldest are forgotten") {
  store::RedisTokens tokens;
  const std::string first = tokens.take({"key", "a"});
  CHECK(tokens.take({"key", "a"}) != first);
  tokens.keep({"key", "a"}, first);
  CHECK(tokens.take({"key", "b"}) != first);
  CHECK(tokens.take({"key", "a"}) == first);
  CHECK(tokens.take({"key", "a"}) != first);
  for (size_t i = 0; i <= store::RedisTokens::kUnansweredMax; ++i)
    tokens.keep({std::to_string(i)}, tests::name("kept ", i));
  CHECK(tokens.take({"0"}) != "kept 0");
  CHECK(tokens.take({"1"}) == "kept 1");
  CHECK(store::RedisTokens().take({"key"}) != store::RedisTokens().take({"key"}));
}

TEST_CASE("while the server is gone the answer is Unavailable; once back it goes on") {
  core::set_log_sink(remember);
  lines_logged.clear();
  RedisPlace place("always");
  const auto store = place.open();
  core::Checkpoint c;
  c.fence = value(store->take(0));
  c.families = {{"brand:a", "1"}};
  value(store->commit(c));
  for (int round = 0; round < 3; ++round) {
    place.server().kill9();
    CHECK(store->commit(c).error().code == Code::Unavailable);
    CHECK(store->load(0).error().code == Code::Unavailable);
    CHECK(store->append(kEntry).error().code == Code::Unavailable);
    CHECK(store->append(kEntry).error().message.find("does not answer") != std::string::npos);
    CHECK(store::open_store(place.spec()).error().code == Code::Unavailable);
    place.server().restart();
    value(store->commit(c));  // the fence lasted
    CHECK(value(store->load(0)).families.size() == 1);
    CHECK(value(store->append(kEntry)) == static_cast<uint64_t>(round) + 1);
  }
  core::set_log_sink(nullptr);
  CHECK(lines_logged.size() <= 3 * 2 * 2);  // two connections: a line when lost, one when back
}

TEST_CASE("a server that has forgotten the scripts is told them again") {
  RedisPlace place;
  const auto store = place.open();
  value(store->append(kEntry));
  tell(place.server(), "SCRIPT FLUSH");
  CHECK(value(store->append(kEntry)) == 2);
  CHECK(value(store->append(kEntry)) == 3);
}

TEST_CASE("a password comes from its source and is never shown") {
  tests::Temporary folder;
  const std::string file = folder.file("password");
  std::ofstream(file) << "correct horse\n";
  const tests::RedisServer server({.append_only = true, .extra = {}});
  tell(server, "CONFIG SET requirepass %s", "correct horse");
  store::StoreSpec spec = redis_at(server.address());
  SUBCASE("none given") { CHECK(why_not(spec).code == Code::BadSettings); }
  SUBCASE("from a file") {
    spec.password_source = "file:" + file;
    CHECK(value(tests::open_or_fail(spec)->take(0)) == 1);
  }
  SUBCASE("from the environment, with the user's name") {
    ::setenv("QINGYU_TEST_PASSWORD", "correct horse", 1);
    spec.password_source = "env:QINGYU_TEST_PASSWORD";
    spec.user = "default";
    CHECK(value(tests::open_or_fail(spec)->take(0)) == 1);
  }
  SUBCASE("wrong") {
    std::ofstream(file) << "battery staple\n";
    spec.password_source = "file:" + file;
    const core::Error error = why_not(spec);
    CHECK(error.code == Code::BadSettings);
    CHECK(error.message.find("WRONGPASS") != std::string::npos);
    CHECK(error.message.find("battery") == std::string::npos);
  }
  SUBCASE("not there") {
    for (const char* source : {"env:QINGYU_NO_SUCH", "file:/no/such/file", "correct horse"}) {
      spec.password_source = source;
      const core::Error error = why_not(spec);
      CHECK(error.code == Code::BadSettings);
      CHECK(error.message.find("horse") == std::string::npos);
    }
  }
}

TEST_CASE("a password is not repeated by a server that does not know AUTH") {
  ::setenv("QINGYU_TEST_PASSWORD", "correct horse", 1);
  tests::RedisServer server({.append_only = true, .extra = {"--rename-command", "AUTH", ""}});
  store::StoreSpec spec = redis_at(server.address());
  spec.password_source = "env:QINGYU_TEST_PASSWORD";
  CHECK(why_not(spec).message.find("horse") == std::string::npos);
}

TEST_CASE("settings that cannot work are refused in one line") {
  for (const char* address :
       {"", "redis", ":6379", "redis:", "redis:0", "redis:65536", "redis:6x"}) {
    CHECK_MESSAGE(why_not(redis_at(address)).code == Code::BadSettings, address);
  }
  store::StoreSpec spec = redis_at("127.0.0.1:1");
  for (const char* prefix : {"", "a{b}", "a b", "晴雨"}) {
    spec.prefix = prefix;
    CHECK_MESSAGE(why_not(spec).code == Code::BadSettings, prefix);
  }
  CHECK(why_not(redis_at("127.0.0.1:1")).code == Code::Unavailable);
  CHECK(why_not(redis_at("/no/such/socket")).code == Code::Unavailable);
  CHECK(store::parse_address("[::1]:6379")->host == "::1");
  CHECK(store::parse_address("/run/redis.sock")->socket == "/run/redis.sock");
}

TEST_CASE("a Redis by its unix socket") {
  tests::Temporary folder;
  const tests::RedisServer server(
      {.append_only = true, .extra = {"--unixsocket", folder.file("redis.sock")}});
  const auto store = tests::open_or_fail(redis_at(folder.file("redis.sock")));
  CHECK(value(store->take(0)) == 1);
}

TEST_CASE("two prefixes on one server do not meet") {
  const RedisPlace place;
  store::StoreSpec other = place.spec();
  other.prefix = "other";
  const auto a = place.open(), b = tests::open_or_fail(other);
  value(a->bind(4));
  value(b->bind(8));
  value(a->append(kEntry));
  CHECK(value(b->journal(0, 9)).empty());
}

TEST_CASE("a server that may forget what it confirmed is warned of") {
  core::set_log_sink(remember);
  lines_logged.clear();
  const tests::RedisServer careful({.append_only = true, .extra = {"--maxmemory", "100mb"}});
  tests::open_or_fail(redis_at(careful.address()));
  CHECK(lines_logged.empty());
  const tests::RedisServer forgetful(
      {.append_only = false,
       .extra = {"--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"}});
  tests::open_or_fail(redis_at(forgetful.address()));
  core::set_log_sink(nullptr);
  REQUIRE(lines_logged.size() == 2);
  CHECK(lines_logged[0].find("appendonly") != std::string::npos);
  CHECK(lines_logged[1].find("noeviction") != std::string::npos);
}

TEST_CASE("a part of a Redis Cluster says that it is not supported yet") {
  const tests::Port bus;
  const tests::RedisServer server(
      {.append_only = true,
       .extra = {"--cluster-enabled", "yes", "--cluster-port", std::to_string(bus.number())}});
  const core::Error error = why_not(redis_at(server.address()));
  CHECK(error.code == Code::BadSettings);
  CHECK(error.message.find("not in this version") != std::string::npos);
}

TEST_CASE("a full Redis is Unavailable and loses nothing") {
  tests::RedisServer server({.append_only = true, .extra = {}});
  const auto store = tests::open_or_fail(redis_at(server.address()));
  core::Checkpoint c;
  c.fence = value(store->take(0));
  c.families = {{"brand:a", "1"}};
  tell(server, "CONFIG SET maxmemory 1");
  CHECK(store->commit(c).error().code == Code::Unavailable);
  CHECK(store->append(kEntry).error().code == Code::Unavailable);
  tell(server, "CONFIG SET maxmemory 0");
  value(store->commit(c));
  CHECK(value(store->append(kEntry)) == 1);
}
