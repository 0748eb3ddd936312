#pragma once
// `qingyu bench lane|kafka|reload`: our speed beside a floor, or a peer, of the same run, in
// interleaved slices: on a shared machine only such a ratio means anything.
#include <cstddef>
#include <string>

namespace engine {

struct BenchOptions {
  size_t words = 10'000;
  size_t events = 0;  // 0: as many as the bench takes by itself
  size_t rules = 10'000, reloads = 200;
  std::string brokers, topic = "qingyu-bench";
  bool json = false;
  bool words_of_corpus = false;  // print the words that its rules look for instead of the events
  bool archive = false;          // lane: its events go to an archive, too
};

// One lane - decode, mask, fold, match, verdict - on one core; floor: simdjson on-demand of the
// same fields and one hs_scan of each UTF-8 text, without folding.
int bench_lane(const BenchOptions& options);

// The whole embedded program from a real broker, local queue of 64 MB; peer: a bare consumer that
// only counts.
int bench_kafka(const BenchOptions& options);

// Two Books of so many rules take turns under full load: events in and judged, by which Book, and
// how long a lane waits. 1 when an event was lost or judged by the wrong Book.
int bench_reload(const BenchOptions& options);

// Prints the events of the benches, to fill a topic with, or the words of their rules.
int bench_corpus(const BenchOptions& options);

}  // namespace engine
