#pragma once
// A Kafka topic as a source: consumer group, eager assignor, static member, offsets owned by our
// checkpoint, back-pressure by not consuming (LIBRARIES.md "librdkafka", DESIGN 11.19). Only
// kafka_*.cc know librdkafka.
//
// Positions are never committed to Kafka: lag() tells how far behind a partition is. A poll() with
// limit 0 keeps the membership alive without consuming; a reader that cannot hand on for minutes
// must call it. A member that another process took over gets Conflict from poll() for ever. (After
// a lost broker or session the library takes itself for that other process now and then, its issue
// 3437; the source then joins anew, once for each loss.)
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/source.h"

namespace ingest {

struct KafkaSpec {
  std::string brokers, topic;
  std::string group = "qingyu";
  std::string member;           // group.instance.id, stable per process
  size_t queue_kbytes = 65536;  // of messages fetched and not yet polled, over all partitions
  bool bounded = false;       // read to the end offsets seen at start, then end (replay); no group
  std::vector<int64_t> ends;  // bounded: these end offsets instead; one a partition
  // Passed through: TLS, SASL ...; never logged. What this source relies on cannot be set.
  std::vector<std::pair<std::string, std::string>> properties;
};

// Unavailable when no broker answered for the topic's partitions within `wait`; BadSettings for a
// wrong property.
core::Result<std::unique_ptr<Source>> open_kafka(const KafkaSpec& spec, core::Millis wait);

// The end offsets of the topic's partitions now: what `ends` takes, so that a replay that goes on
// after a crash ends where it would have ended.
core::Result<std::vector<int64_t>> kafka_ends(const KafkaSpec& spec, core::Millis wait);

std::string kafka_library_version();

}  // namespace ingest
