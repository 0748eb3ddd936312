#pragma once
// Composed: a stream of group chat for tests of order and crashes - spreads of complaints about
// fictitious products in ordinary chatter, with forwards, copies, repeated ids, acts of people and
// broken lines - from a seed alone.
#include <cstdint>
#include <string>
#include <vector>

namespace tests {

struct ComposedLine {
  int64_t ms = 0;
  std::string channel;  // the key of its Kafka message
  std::string json;
};

struct ComposedSpec {
  uint64_t seed = 1;
  size_t events = 3'000;
  size_t spreads = 6;
  int64_t hours = 30;
  bool late = false;    // some events come far too late
  bool broken = false;  // some lines are no events
  // Most complaints name nothing: they reply to somebody who did, or to such a reply.
  bool replies = false;
};

// In order of time, but for what is late.
std::vector<ComposedLine> compose(const ComposedSpec& spec);
// The same lines in another order: none is overtaken by one that is 4.9 s newer or more.
std::vector<ComposedLine> shuffled(std::vector<ComposedLine> lines, uint64_t seed);
std::string text_of(const std::vector<ComposedLine>& lines);
// Writes catalogue.csv, groups.csv, merchants.csv, stores.csv of the composed world into a folder.
void write_catalogue(const std::string& folder);

}  // namespace tests
