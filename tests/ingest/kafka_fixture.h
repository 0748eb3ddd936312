#pragma once
// A topic on a real broker and sources that read it.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ingest/kafka_source.h"
#include "tests/servers.h"

namespace tests {

// What a source gave, by partition.
struct Given {
  std::vector<std::string> values;
  std::vector<int64_t> offsets;
};

class Topic {
 public:
  explicit Topic(int partitions = 3) : partitions_(partitions) {
    broker.create_topic("events", partitions);
  }

  // `count` values "<partition>:<number>" a partition, numbers going on from the last time.
  void fill(int count) {
    for (int p = 0; p < partitions_; ++p) {
      std::vector<Line> lines;
      for (int i = 0; i < count; ++i)
        lines.push_back({"", std::to_string(p) + ":" + std::to_string(written_ + i)});
      broker.produce("events", lines, p);
    }
    written_ += count;
  }

  ingest::KafkaSpec spec() const {
    ingest::KafkaSpec spec;
    spec.brokers = broker.address();
    spec.topic = "events";
    spec.group = "readers";
    spec.member = "reader-1";
    spec.properties = {{"heartbeat.interval.ms", "300"}};
    return spec;
  }
  std::unique_ptr<ingest::Source> open(const ingest::KafkaSpec& spec,
                                       std::vector<int64_t> positions = {}) {
    auto opened = ingest::open_kafka(spec, kWait);
    if (!opened) FAIL(opened.error().message);
    positions.resize(static_cast<size_t>(partitions_), -1);
    REQUIRE((*opened)->start(positions));
    return std::move(*opened);
  }

  // Polls into given() until `done`; fails after a minute.
  void read(ingest::Source& source, const std::function<bool()>& done, size_t limit = 500) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!done()) {
      REQUIRE(std::chrono::steady_clock::now() < until);
      const auto polled = source.poll(core::Millis{50}, limit);
      REQUIRE(polled);
      CHECK(polled->size() <= limit);
      for (const ingest::RawMessage& m : *polled) {
        given[m.partition].values.emplace_back(m.bytes);
        given[m.partition].offsets.push_back(m.offset);
        CHECK(m.next == m.offset + 1);
      }
    }
  }
  size_t count() const {
    size_t sum = 0;
    for (const auto& [partition, all] : given) sum += all.values.size();
    return sum;
  }
  bool all_at_end(const ingest::Source& source) const {
    bool all = true;
    for (int p = 0; p < partitions_; ++p) all = all && source.at_end(static_cast<uint32_t>(p));
    return all;
  }
  bool all_ended(const ingest::Source& source) const {
    bool all = true;
    for (int p = 0; p < partitions_; ++p) all = all && source.ended(static_cast<uint32_t>(p));
    return all;
  }
  // Whether each partition gave exactly the numbers [from, to), in order.
  void check_numbers(int from, int to) {
    for (int p = 0; p < partitions_; ++p) {
      const auto& values = given[static_cast<uint32_t>(p)].values;
      REQUIRE(values.size() == static_cast<size_t>(to - from));
      for (int i = from; i < to; ++i)
        REQUIRE(values[static_cast<size_t>(i - from)] ==
                std::to_string(p) + ":" + std::to_string(i));
    }
  }

  static constexpr core::Millis kWait{10'000};
  KafkaBroker broker;
  std::map<uint32_t, Given> given;

 private:
  int partitions_;
  int written_ = 0;
};

}  // namespace tests
