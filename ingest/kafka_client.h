#pragma once
// KafkaClient: one librdkafka consumer handle with this project's settings: opened, its events
// logged, closed in bounded time. Used by kafka_source.cc alone; its callbacks run inside the calls
// of the thread that owns it.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "ingest/kafka_source.h"

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;

namespace ingest {

class KafkaClient {
 public:
  static core::Result<std::unique_ptr<KafkaClient>> open(const KafkaSpec& spec);
  ~KafkaClient();

  rd_kafka_s* handle() const { return handle_; }

  // How many partitions the topic has. Unavailable when no broker says so within `wait`.
  core::Result<int> count_partitions(core::Millis wait);
  // The end offsets of partitions 0 .. count-1.
  core::Result<std::vector<int64_t>> ends(int count, core::Millis wait);

  // Called when the group gives partitions (assigned) or takes them away; the list may be changed
  // before it is assigned.
  using Rebalance = std::function<void(bool assigned, rd_kafka_topic_partition_list_s* partitions)>;
  Rebalance on_rebalance;

  // A connection or the group's session was lost since the last call.
  bool take_lost() { return std::exchange(lost_, false); }
  // Why this consumer can never go on; "" while it can. take_fatal() asks the library, after it
  // gave such an error.
  const std::string& fatal() const { return fatal_; }
  void take_fatal();

 private:
  friend struct KafkaCallbacks;
  explicit KafkaClient(const KafkaSpec& spec) : spec_(spec) {}
  void say(int severity, const std::string& line) const;

  KafkaSpec spec_;
  rd_kafka_s* handle_ = nullptr;
  bool lost_ = false;
  std::string fatal_;
};

}  // namespace ingest
