// KafkaBroker. Its jars come from tests/install.sh, its settings from tests/servers/kafka/.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "tests/servers.h"
#include "tests/servers/conversation.h"
#include "tests/servers/kafka_wire.h"

namespace tests {

namespace {

const std::string kSource = QINGYU_SOURCE_DIR;
constexpr char kRecordEnd = '\x1e';
constexpr char kKeyEnd = '\x1f';

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

// The start of every call of the JVM: small heap, one collector thread, quick start.
std::vector<std::string> java(const std::string& main_class) {
  const std::string jars = kSource + "/build/kafka-3.9.1/libs";
  if (!std::filesystem::exists(jars))
    throw std::runtime_error("no Kafka under " + jars + "; tests/install.sh fetches it");
  std::vector<std::string> command = words("java -Xmx512m -XX:+UseSerialGC");
  const std::string settings = kSource + "/tests/servers/kafka/log4j.properties";
  command.insert(command.end(),
                 {"-Dlog4j.configuration=file:" + settings, "-cp", jars + "/*", main_class});
  return command;
}

// A cluster's name is 16 bytes in URL-safe base64; ours need not differ.
constexpr const char* kCluster = "UWluZ3l1LXRlc3RzLS0tLQ";

}  // namespace

KafkaBroker::KafkaBroker() {
  format();
  start();
}

void KafkaBroker::create_topic(const std::string& name, int partitions) {
  tests::create_topic(port_.number(), name, partitions);
  until("the leaders of topic " + name, *child_,
        [&] { return serves(port_.number(), name, partitions); });
  topics_.push_back({name, partitions});
}

void KafkaBroker::produce(const std::string& topic, const std::vector<Line>& lines, int partition,
                          const std::string& codec) {
  const std::string path = folder_.file("lines");
  std::ofstream file(path, std::ios::binary);
  for (const Line& line : lines) file << line.key << kKeyEnd << line.value << kRecordEnd;
  file.close();
  std::vector<std::string> kcat = words(
      "kcat -P -Z -X acks=all -X message.max.bytes=16000000 -X queue.buffering.max.messages=1000000"
      " -X topic.metadata.propagation.max.ms=1000 -b " +
      address() + " -t " + topic + " -z " + codec);
  kcat.insert(kcat.end(), {"-D", {kRecordEnd}, "-K", {kKeyEnd}, "-l", path});
  if (partition >= 0) kcat.insert(kcat.end(), {"-p", std::to_string(partition)});
  if (!lines.empty()) run(kcat, folder_.file("kcat.log"));
}

void KafkaBroker::restart() {
  kill9();
  start();
}

void KafkaBroker::format() {
  std::ifstream pattern(kSource + "/tests/servers/kafka/server.properties");
  std::string text{std::istreambuf_iterator<char>(pattern), {}};
  text = replaced(text, "@PORT@", std::to_string(port_.number()));
  text = replaced(text, "@CONTROLLER_PORT@", std::to_string(controller_port_.number()));
  text = replaced(text, "@FOLDER@", folder_.file("topics"));
  std::ofstream(folder_.file("server.properties")) << text;
  std::vector<std::string> command = java("kafka.tools.StorageTool");
  command.insert(command.end(),
                 {"format", "-t", kCluster, "-c", folder_.file("server.properties")});
  run(command, folder_.file("format.log"));
}

void KafkaBroker::start() {
  std::vector<std::string> command = java("kafka.Kafka");
  command.push_back(folder_.file("server.properties"));
  child_ = std::make_unique<Child>(command, folder_.file("broker.log"));
  until("Kafka on " + address(), *child_, [&] { return serves(port_.number(), "", 0); });
  for (const Topic& topic : topics_)
    until("topic " + topic.name, *child_,
          [&] { return serves(port_.number(), topic.name, topic.partitions); });
}

}  // namespace tests
