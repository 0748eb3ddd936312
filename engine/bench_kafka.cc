#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "engine/bench.h"
#include "engine/bench_corpus.h"
#include "engine/book_shelf.h"
#include "engine/embedded.h"
#include "engine/inputs.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"

namespace engine {

namespace {

using core::Result;

constexpr int kRounds = 3;
constexpr core::Millis kSlot{100};
constexpr core::Millis kPollWait{100};
constexpr size_t kPollMessages = 4'096;

// How many events came in each slot of wall time, and how long it took in all.
struct Flow {
  std::vector<uint64_t> slots;
  uint64_t events = 0;
  double seconds = 0;

  double rate() const { return static_cast<double>(events) / seconds; }
  // Slots, but for the first and last two, with less than a tenth of the usual.
  size_t starved() const {
    if (slots.size() < 6) return 0;
    std::vector<uint64_t> inner(slots.begin() + 2, slots.end() - 2);
    std::vector<uint64_t> sorted = inner;
    std::ranges::sort(sorted);
    const uint64_t usual = sorted[sorted.size() / 2];
    return static_cast<size_t>(
        std::ranges::count_if(inner, [&](uint64_t n) { return n * 10 < usual; }));
  }
};

class Watch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string url_of(const BenchOptions& o) { return "kafka://" + o.brokers + "/" + o.topic; }

// A consumer that only counts.
Result<Flow> bare(const BenchOptions& options) {
  auto scratch = open_scratch_store({});
  if (!scratch) return scratch.error();
  auto inputs = open_replay_inputs({url_of(options)}, "qingyu", {}, *(*scratch)->store);
  if (!inputs) return inputs.error();
  ingest::Source& source = *(*inputs)[0].source;
  const std::vector<int64_t> beginning(source.partitions().size(), -1);
  const auto started = source.start(beginning);
  if (!started) return started.error();
  Flow flow;
  const Watch watch;
  for (bool ended = false; !ended;) {
    const auto polled = source.poll(kPollWait, kPollMessages);
    if (!polled) return polled.error();
    flow.events += polled->size();
    const auto slot = static_cast<size_t>(watch.seconds() * 10);
    flow.slots.resize(std::max(flow.slots.size(), slot + 1));
    flow.slots[slot] += polled->size();
    ended = polled->empty();
    for (uint32_t i = 0; ended && i < source.partitions().size(); ++i) ended = source.ended(i);
  }
  flow.seconds = watch.seconds();
  return flow;
}

Result<Flow> whole(const BenchOptions& options, const BookShelf& shelf) {
  auto scratch = open_scratch_store({});
  if (!scratch) return scratch.error();
  auto letters = ingest::DeadLetters::open("", true, 1 << 20);
  if (!letters) return letters.error();
  auto inputs = open_replay_inputs({url_of(options)}, "qingyu", {}, *(*scratch)->store);
  if (!inputs) return inputs.error();
  auto pipeline =
      Pipeline::create({}, *(*scratch)->store, shelf, std::move(*inputs), **letters, nullptr);
  if (!pipeline) return pipeline.error();
  Flow flow;
  const Watch watch;
  Embedded embedded(**pipeline, {});
  embedded.start();
  uint64_t before = 0;
  const auto ran = embedded.wait(kSlot, [&] {
    const uint64_t now = (*pipeline)->counts().events;
    flow.slots.push_back(now - before);
    before = now;
  });
  flow.seconds = watch.seconds();
  flow.events = (*pipeline)->counts().events;
  if (!ran) return ran.error();
  return flow;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int failed(const core::Error& error) {
  std::cerr << "qingyu bench kafka: " << error.message << '\n';
  return 2;
}

void print(const std::vector<double>& bare_rates, const std::vector<double>& whole_rates,
           size_t starved, uint64_t events, bool json) {
  std::vector<double> ratios;
  for (size_t i = 0; i < bare_rates.size(); ++i) ratios.push_back(whole_rates[i] / bare_rates[i]);
  const double bare_rate = median(bare_rates), whole_rate = median(whole_rates),
               ratio = median(ratios);
  if (json) {
    std::cout << nlohmann::ordered_json{{"bench", "kafka"},
                                        {"events", events},
                                        {"events_per_second", static_cast<int64_t>(whole_rate)},
                                        {"bare_events_per_second", static_cast<int64_t>(bare_rate)},
                                        {"ratio", ratio},
                                        {"starved_slots", starved},
                                        {"rounds", bare_rates.size()}}
                     .dump()
              << '\n';
    return;
  }
  std::cout << "整个程序 whole  " << static_cast<int64_t>(whole_rate) << " events/s (" << events
            << " events, local queue 64 MB)\n"
            << "只计数 bare     " << static_cast<int64_t>(bare_rate) << " events/s\n"
            << "比值 ratio      " << ratio << " (median of " << bare_rates.size()
            << " rounds, one after the other)\n"
            << "断流 starved    " << starved
            << " slots of 100 ms with less than a tenth of the usual\n";
}

}  // namespace

int bench_kafka(const BenchOptions& options) {
  auto settings = load_settings(shipped("deploy/qingyu.yaml"));
  if (!settings) return failed(settings.error());
  auto book = load_book(settings->book);
  if (!book) return failed(book.error());
  const BookShelf shelf{{core::kTimeMin, std::move(*book)}};
  std::vector<double> bare_rates, whole_rates;
  size_t starved = 0;
  uint64_t events = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto counted = bare(options);
    if (!counted) return failed(counted.error());
    const auto judged = whole(options, shelf);
    if (!judged) return failed(judged.error());
    if (judged->events == 0)
      return failed({core::Code::NotFound, "topic " + options.topic + " holds no events"});
    bare_rates.push_back(counted->rate());
    whole_rates.push_back(judged->rate());
    starved += judged->starved();
    events = judged->events;
  }
  print(bare_rates, whole_rates, starved, events, options.json);
  return 0;
}

int bench_corpus(const BenchOptions& options) {
  const auto corpus =
      make_bench_corpus(options.events > 0 ? options.events : 100'000, options.words);
  if (!corpus) return failed(corpus.error());
  if (!options.words_of_corpus) {
    std::cout << corpus->lines << std::flush;
    return 0;
  }
  for (const std::string& word : corpus->words) std::cout << word << '\n';
  std::cout << std::flush;
  return 0;
}

}  // namespace engine
