// The Kafka source on a real broker. One broker serves all sub-cases of a test; each begins on a
// topic with 1,000 messages in each of 3 partitions.
#include "ingest/kafka_source.h"

#include <algorithm>

#include "core/log.h"
#include "tests/ingest/kafka_fixture.h"

using tests::Topic;

namespace {

std::string logged;  // since the last use; only this thread logs

void keep_log(core::LogLevel, std::string_view line) { logged.append(line).append("\n"); }

}  // namespace

TEST_CASE_FIXTURE(Topic, "a topic is read to its end, in order, and on from any position") {
  fill(1000);
  const auto ends = ingest::kafka_ends(spec(), kWait);
  REQUIRE(ends);
  CHECK(*ends == std::vector<int64_t>{1000, 1000, 1000});
  {
    const auto source = open(spec());
    CHECK(source->partitions() ==
          std::vector<std::string>{"kafka:events/0", "kafka:events/1", "kafka:events/2"});
    CHECK(source->place(2, 17) == "events/2@17");
    CHECK_FALSE(source->at_end(0));
    CHECK(source->lag(0) == -1);
    read(*source, [&] { return all_at_end(*source); });
    check_numbers(0, 1000);
    CHECK(given[1].offsets.front() == 0);
    CHECK(given[1].offsets.back() == 999);
    CHECK(source->lag(0) == 0);
    CHECK_FALSE(source->ended(0));

    fill(10);
    read(*source, [&] { return count() == 3030; });
    read(*source, [&] { return all_at_end(*source); });
    check_numbers(0, 1010);
  }
  {
    given.clear();
    const auto source = open(spec(), {1000, 1010, -1});
    read(*source, [&] { return all_at_end(*source); });
    CHECK(given[0].values.size() == 10);
    CHECK(given[0].values.front() == "0:1000");
    CHECK(given[1].values.empty());
    CHECK(given[2].values.size() == 1010);
  }
}

TEST_CASE_FIXTURE(Topic,
                  "a bounded read ends at the ends seen at its start, a resumed one at the same") {
  fill(1000);
  ingest::KafkaSpec bounded = spec();
  bounded.bounded = true;
  {
    const auto source = open(bounded, {-1, 500, 1000});
    CHECK(source->ended(2));
    CHECK(source->at_end(2));
    CHECK(source->lag(1) == 500);
    fill(50);
    read(*source, [&] { return all_ended(*source); });
    CHECK(given[0].values.size() == 1000);
    CHECK(given[1].values.size() == 500);
    CHECK(given[2].values.empty());
    CHECK(source->lag(0) == 0);
    CHECK(source->poll(core::Millis{0}, 10)->empty());
  }
  {
    given.clear();
    bounded.ends = {1000, 1000, 1000};
    const auto source = open(bounded, {990, 1000, 1020});
    read(*source, [&] { return all_ended(*source); });
    CHECK(given[0].values.size() == 10);
    CHECK(count() == 10);
  }
  bounded.ends = {1, 2};
  const auto wrong = ingest::open_kafka(bounded, kWait);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == core::Code::BadSettings);
}

TEST_CASE_FIXTURE(Topic,
                  "a partition that is not wanted keeps its messages while the others go on") {
  fill(1000);
  const auto source = open(spec());
  source->want(1, false);
  read(*source, [&] { return count() == 2000; });
  read(*source, [&] { return source->at_end(0) && source->at_end(2); });
  CHECK(given[1].values.empty());
  CHECK_FALSE(source->at_end(1));
  source->want(1, true);
  read(*source, [&] { return all_at_end(*source); });
  check_numbers(0, 1000);
}

TEST_CASE("a queue that is bounded far below the topic loses nothing while nobody consumes") {
  Topic topic(2);
  const std::string padding(20'000, 'x');
  for (int p = 0; p < 2; ++p) {
    std::vector<tests::Line> lines;
    for (int i = 0; i < 500; ++i) lines.push_back({"", std::to_string(i) + padding});
    topic.broker.produce("events", lines, p, "none");
  }
  ingest::KafkaSpec spec = topic.spec();
  spec.queue_kbytes = 2048;
  spec.properties.push_back({"max.poll.interval.ms", "6000"});
  const auto source = topic.open(spec);
  topic.read(
      *source, [&] { return topic.count() > 0; }, 1);
  for (int i = 0; i < 20; ++i) {
    const auto kept_alive = source->poll(core::Millis{0}, 0);
    REQUIRE(kept_alive);
    CHECK(kept_alive->empty());
  }
  topic.read(
      *source, [&] { return topic.all_at_end(*source); }, 7);
  for (uint32_t p = 0; p < 2; ++p) {
    REQUIRE(topic.given[p].values.size() == 500);
    for (int i = 0; i < 500; ++i)
      CHECK(topic.given[p].values[static_cast<size_t>(i)] == std::to_string(i) + padding);
  }
}

TEST_CASE_FIXTURE(Topic,
                  "two members share the topic, and one that comes back goes on where it was") {
  fill(1000);
  ingest::KafkaSpec other = spec();
  other.member = "reader-2";
  const auto first = open(spec());
  read(
      *first, [&] { return count() >= 100; }, 100);
  auto second = open(other, {1000, 1000, 1000});
  // The second has nothing left to read: as soon as it is at an end, it owns something.
  const auto owned = [&](ingest::Source& source) {
    return source.at_end(0) + source.at_end(1) + source.at_end(2);
  };
  read(*first, [&] {
    const auto polled = second->poll(core::Millis{20}, 100);
    REQUIRE(polled);
    CHECK(polled->empty());
    return owned(*second) > 0;
  });
  CHECK(owned(*second) < 3);
  second.reset();
  // A static member that left is missed after its session; then the first has everything again.
  read(*first, [&] { return all_at_end(*first); });
  check_numbers(0, 1000);
}

TEST_CASE_FIXTURE(Topic, "of two processes with the name of one member, one is told so for good") {
  fill(10);
  const std::unique_ptr<ingest::Source> twins[2] = {open(spec()), open(spec())};
  const auto is_told = [](ingest::Source& source) {
    const auto polled = source.poll(core::Millis{50}, 10);
    if (!polled) CHECK(polled.error().code == core::Code::Conflict);
    return !polled.ok();
  };
  bool told[2] = {false, false};
  for (int i = 0; i < 600 && !told[0] && !told[1]; ++i)
    for (const int twin : {0, 1}) told[twin] = is_told(*twins[twin]);
  REQUIRE(told[0] != told[1]);
  for (int i = 0; i < 20; ++i) CHECK(is_told(*twins[told[0] ? 0 : 1]));

  ingest::Source& other = *twins[told[0] ? 1 : 0];
  read(other, [&] { return all_at_end(other); });
  given.clear();
  fill(5);
  read(other, [&] { return count() == 15; });
}

TEST_CASE_FIXTURE(Topic, "messages of any size and kind arrive as they were sent") {
  const std::string large(10'000'000, 'z');
  const std::string bytes("\x00\xff\x01", 3);
  broker.produce("events", {{"key", "with a key"}, {"", bytes}}, 0, "zstd");
  broker.produce("events", {{"", "gzip"}}, 1, "gzip");
  const auto source = open(spec());
  read(*source, [&] { return all_at_end(*source); });
  CHECK(given[0].values == std::vector<std::string>{"with a key", bytes});
  CHECK(given[1].values == std::vector<std::string>{"gzip"});
}

TEST_CASE_FIXTURE(Topic, "settings that cannot be are refused without saying their values") {
  const auto refused = [&](const char* name, const char* value) {
    ingest::KafkaSpec wrong = spec();
    wrong.properties.push_back({"security.protocol", "ssl"});
    wrong.properties.push_back({name, value});
    const auto opened = ingest::open_kafka(wrong, kWait);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == core::Code::BadSettings);
    CHECK(opened.error().message.find(value) == std::string::npos);
    CHECK(opened.error().message.find("kafka") != std::string::npos);
  };
  refused("no.such.property", "hidden-value");
  refused("security.protocol", "hidden-value");
  refused("ssl.key.location", "/hidden/value");
  refused("enable.auto.commit", "hidden-value");
  refused("group.id", "hidden-value");
}

TEST_CASE_FIXTURE(Topic, "secrets are in no line of the log") {
  core::set_log_sink(&keep_log);
  logged.clear();
  ingest::KafkaSpec sasl = spec();
  sasl.properties = {{"security.protocol", "sasl_plaintext"},
                     {"sasl.mechanism", "PLAIN"},
                     {"sasl.username", "hidden-name"},
                     {"sasl.password", "hidden-word"},
                     {"debug", "conf,security,broker"}};
  const auto opened = ingest::open_kafka(sasl, core::Millis{1500});
  core::set_log_sink(nullptr);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == core::Code::Unavailable);
  CHECK(logged.find("librdkafka") != std::string::npos);
  CHECK(logged.find("hidden-name") == std::string::npos);
  CHECK(logged.find("hidden-word") == std::string::npos);
}

TEST_CASE_FIXTURE(Topic, "a topic or a broker that is not there is unavailable") {
  ingest::KafkaSpec none = spec();
  none.topic = "no-such-topic";
  auto opened = ingest::open_kafka(none, core::Millis{2000});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == core::Code::Unavailable);
  none = spec();
  none.brokers = "127.0.0.1:1";
  opened = ingest::open_kafka(none, core::Millis{500});
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == core::Code::Unavailable);
}

TEST_CASE("the library is new enough not to starve a bounded queue") {
  int major = 0, minor = 0;
  REQUIRE(std::sscanf(ingest::kafka_library_version().c_str(), "%d.%d", &major, &minor) == 2);
  CHECK(major * 100 + minor >= 203);
}
