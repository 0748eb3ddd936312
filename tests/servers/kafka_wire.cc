// Requests and answers are frames of big-endian fields: a length, then a header (api key, version,
// correlation id, client id), then the body. Metadata v1 and CreateTopics v2 are the oldest
// versions that Kafka 3.9 and 4 both speak.
#include "tests/servers/kafka_wire.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "tests/servers/conversation.h"

namespace tests {

namespace {

constexpr int kMetadata = 3, kMetadataVersion = 1;
constexpr int kCreateTopics = 19, kCreateTopicsVersion = 2;
constexpr int kAnswerMs = 10'000;
constexpr uint32_t kFrameMax = 16 * 1024 * 1024;

class Request {
 public:
  Request(int api, int version) {
    number(api, 2);
    number(version, 2);
    number(1, 4);
    text("qingyu-tests");
  }
  void number(int64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
      bytes_ += static_cast<char>((value >> shift) & 0xff);
  }
  void text(std::string_view value) {
    number(static_cast<int64_t>(value.size()), 2);
    bytes_ += value;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Reads past the end as zeros: a short answer looks like an empty one.
class Answer {
 public:
  explicit Answer(std::string_view bytes) : rest_(bytes) { number(4); }  // correlation id
  int64_t number(size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
      value = value << 8 | (i < rest_.size() ? static_cast<unsigned char>(rest_[i]) : 0u);
    skip(bytes);
    const size_t unused = 64 - 8 * bytes;
    return static_cast<int64_t>(value << unused) >> unused;
  }
  std::string_view text() {
    const int64_t length = number(2);
    const std::string_view value = rest_.substr(0, length < 0 ? 0 : static_cast<size_t>(length));
    skip(value.size());
    return value;
  }

 private:
  void skip(size_t bytes) { rest_.remove_prefix(std::min(bytes, rest_.size())); }

  std::string_view rest_;
};

// An empty answer when the broker does not talk to us.
std::string ask(int port, const Request& request) {
  Conversation broker(port);
  std::string length;
  for (int shift = 24; shift >= 0; shift -= 8)
    length += static_cast<char>((request.bytes().size() >> shift) & 0xff);
  broker.say(length + request.bytes());
  uint32_t size = 0;
  for (const char byte : broker.hear(4)) size = size << 8 | static_cast<unsigned char>(byte);
  return broker.ok() && size <= kFrameMax ? broker.hear(size) : "";
}

bool all_led(Answer& answer, int partitions) {
  const int64_t error = answer.number(2);
  answer.text();     // name
  answer.number(1);  // internal
  const int64_t found = answer.number(4);
  if (error != 0 || found != partitions) return false;
  for (int64_t i = 0; i < found; ++i) {
    answer.number(2);  // error: the leader below says as much
    answer.number(4);  // partition
    if (answer.number(4) < 0) return false;
    for (int list = 0; list < 2; ++list)  // replicas, in-sync replicas
      for (int64_t left = answer.number(4); left > 0; --left) answer.number(4);
  }
  return true;
}

}  // namespace

bool serves(int port, const std::string& topic, int partitions) {
  Request request(kMetadata, kMetadataVersion);
  request.number(topic.empty() ? 0 : 1, 4);
  if (!topic.empty()) request.text(topic);
  const std::string bytes = ask(port, request);
  Answer answer(bytes);
  const int64_t brokers = answer.number(4);
  if (brokers != 1) return false;
  answer.number(4);  // node id
  answer.text();     // host
  answer.number(4);  // port
  answer.text();     // rack
  answer.number(4);  // controller id
  const int64_t topics = answer.number(4);
  return topic.empty() || (topics == 1 && all_led(answer, partitions));
}

void create_topic(int port, const std::string& topic, int partitions) {
  Request request(kCreateTopics, kCreateTopicsVersion);
  request.number(1, 4);  // topics
  request.text(topic);
  request.number(partitions, 4);
  request.number(1, 2);  // replicas
  request.number(0, 4);  // no assignments of our own
  request.number(0, 4);  // no settings of our own
  request.number(kAnswerMs, 4);
  request.number(0, 1);  // do it, not only check it
  const std::string bytes = ask(port, request);
  Answer answer(bytes);
  answer.number(4);  // throttle time
  const int64_t topics = answer.number(4);
  answer.text();
  const int64_t error = answer.number(2);
  if (bytes.empty() || topics != 1 || error != 0)
    throw std::runtime_error("topic " + topic + " was not created: error " + std::to_string(error) +
                             " " + std::string(answer.text()));
}

}  // namespace tests
