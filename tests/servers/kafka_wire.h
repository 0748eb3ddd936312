#pragma once
// The two requests of the Kafka protocol that tests make themselves, so that they need neither a
// second JVM (1.5 s a call) nor a client library: Metadata and CreateTopics.
#include <string>

namespace tests {

// Whether the broker on `port` is registered with its controller and, unless `topic` is empty, all
// `partitions` of the topic have a leader.
bool serves(int port, const std::string& topic, int partitions);

// Throws std::runtime_error when the broker refuses.
void create_topic(int port, const std::string& topic, int partitions);

}  // namespace tests
