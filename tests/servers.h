#pragma once
// Real servers for tests: Redis and Apache Kafka as processes of the test's own, on free ports of
// 127.0.0.1, with data in a temporary folder. They die with the test, however it ends. What is
// missing on the machine is an error that names tests/install.sh, never a skipped test.
//
//   tests::RedisServer redis({.append_only = true});
//   tests::KafkaBroker kafka;
//   kafka.create_topic("events", 4);
//   kafka.produce("events", {{.key = "group-1", .value = line}});
//
// Everything here throws std::runtime_error when it fails; doctest reports it as the test's
// failure. Use from the test's main thread: a server dies with the thread that started it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/servers/child.h"
#include "tests/servers/port.h"

namespace tests {

// A new empty folder, removed with all it holds when the object ends.
class Temporary {
 public:
  Temporary();
  ~Temporary();
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct RedisOptions {
  bool append_only = false;        // what was answered survives kill9() and restart()
  std::vector<std::string> extra;  // more arguments of redis-server: {"--maxmemory", "10mb"}
};

// Serving when constructed.
class RedisServer {
 public:
  explicit RedisServer(RedisOptions options = {});

  const std::string& host() const { return host_; }
  int port() const { return port_.number(); }
  std::string address() const { return host_ + ":" + std::to_string(port()); }
  const std::string& folder() const { return folder_.path(); }

  void kill9() { child_.reset(); }
  // Kills it when it runs; serving again on the same port and folder when it returns.
  void restart();

 private:
  RedisOptions options_;
  std::string host_ = "127.0.0.1";
  Temporary folder_;
  Port port_;
  std::unique_ptr<Child> child_;
};

// A message for a topic. An empty key is no key.
struct Line {
  std::string key, value;
};

// One broker that is its own controller (KRaft, Kafka 3.9.1, about 370 MB), serving when
// constructed. Topics are made by create_topic() only.
class KafkaBroker {
 public:
  KafkaBroker();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_.number()); }

  // Returns when every partition has its leader.
  void create_topic(const std::string& name, int partitions);

  // Returns when the broker has acknowledged all lines. Lines are spread over the partitions by
  // their keys (CRC32, as librdkafka does), or all go to `partition` when it is not negative.
  // Values may hold any byte but 0x1e.
  void produce(const std::string& topic, const std::vector<Line>& lines, int partition = -1,
               const std::string& codec = "lz4");

  void kill9() { child_.reset(); }
  // Kills it when it runs; returns when it serves again, with all it had acknowledged, on the same
  // port. Takes 4 to 6 s: the broker waits until its own old session has ended.
  void restart();

 private:
  struct Topic {
    std::string name;
    int partitions = 0;
  };
  void format();
  void start();

  Temporary folder_;
  Port port_, controller_port_;
  std::vector<Topic> topics_;
  std::unique_ptr<Child> child_;
};

}  // namespace tests
