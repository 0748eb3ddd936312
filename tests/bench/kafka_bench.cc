// `qingyu bench kafka` on a real broker: starts one, fills a topic with the events of
// `qingyu bench corpus` (lz4), and has the program measured on it.
//
//   build/release/tests/bench/kafka_bench [EVENTS] [PARTITIONS]
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <sstream>

#include "tests/replay/program.h"
#include "tests/servers.h"

namespace {

constexpr int kEvents = 1'000'000, kPartitions = 4;
constexpr size_t kLinesAtOnce = 50'000;

// Messages of one group keep their order: the group is their key.
std::string key_of(const std::string& line) {
  const std::string_view before = R"("channel":{"id":")";
  const size_t from = line.find(before) + before.size();
  return line.substr(from, line.find('"', from) - from);
}

void fill(tests::KafkaBroker& kafka, int events) {
  tests::Temporary folder;
  const auto corpus =
      tests::qingyu({"bench", "corpus", "--events", std::to_string(events)}, folder.path());
  if (corpus.code != 0) throw std::runtime_error(corpus.output);
  std::istringstream in(corpus.output);
  std::vector<tests::Line> lines;
  for (std::string line; std::getline(in, line);) {
    std::string key = key_of(line);
    lines.push_back({std::move(key), std::move(line)});
    if (lines.size() < kLinesAtOnce) continue;
    kafka.produce("events", lines);
    lines.clear();
  }
  if (!lines.empty()) kafka.produce("events", lines);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const int events = count > 1 ? std::atoi(arguments[1]) : kEvents;
    const int partitions = count > 2 ? std::atoi(arguments[2]) : kPartitions;
    tests::KafkaBroker kafka;
    kafka.create_topic("events", partitions);
    fill(kafka, events);
    tests::Temporary folder;
    const auto ran = tests::qingyu(
        {"bench", "kafka", "--brokers", kafka.address(), "--topic", "events"}, folder.path());
    std::fputs(ran.output.c_str(), stdout);
    return ran.code;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "kafka_bench: %s\n", e.what());
    return 1;
  }
}
