#pragma once
// Seam 1: where messages come from: a file, a Kafka topic, a test. Each partition is one stream
// with its own order.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"

namespace ingest {

// One message, not yet decoded. `bytes` is valid until the next poll().
struct RawMessage {
  std::string_view bytes;
  uint32_t partition = 0;
  int64_t offset = 0;      // position of this message in its partition
  int64_t next = 0;        // position to restart behind it
  int64_t broker_ms = -1;  // the broker's or intake's own timestamp; -1: none
};

// Owned and used by one reader thread.
class Source {
 public:
  virtual ~Source() = default;

  // Names of the partitions, stable over restarts: "file", "kafka:events/3". Their indices are
  // RawMessage::partition.
  virtual const std::vector<std::string>& partitions() const = 0;

  // Begins to read partition i at positions[i] (-1: from the beginning). Called once, before
  // poll().
  virtual core::Result<core::Unit> start(std::span<const int64_t> positions) = 0;

  // At most `limit` messages, waiting up to `wait` for the first. Empty: nothing now. Unavailable:
  // nothing is lost, poll again later (a lost broker is not an error of poll(), only silence and a
  // log line).
  virtual core::Result<std::span<const RawMessage>> poll(core::Millis wait, size_t limit) = 0;

  // Whether poll() may give messages of partition i; at first all are wanted. One that ran far
  // ahead of the others in event time is not wanted for a while: its messages stay where they are.
  virtual void want(uint32_t /*partition*/, bool /*wanted*/) {}

  // Says to whom it must that this reader lives, without giving or freeing messages: for a reader
  // that cannot hand on what it has.
  virtual void keep_alive() {}

  // Whether partition i has been read to its end as of the last poll(): to the end of the files, or
  // to the end offset that the broker told. An empty poll() of a partition that is behind does not
  // make this true.
  virtual bool at_end(uint32_t partition) const = 0;
  // Whether nothing can ever follow (a file without --follow; a bounded Kafka read): the stream is
  // over.
  virtual bool ended(uint32_t partition) const = 0;
  // How many messages (Kafka) or bytes (files) partition i is behind its end; -1 unknown.
  virtual int64_t lag(uint32_t partition) const = 0;

  // Where message `offset` of `partition` is, for people: "posts.jsonl:1031" or "events/3@88120".
  virtual std::string place(uint32_t partition, int64_t offset) const = 0;
};

}  // namespace ingest
