// Reloads under full load: sources in memory, lanes in threads that are never without work, and two
// Books of as many rules that take turns. Every signal says by which Book it was judged: each rule
// of a Book carries its name.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/hash.h"
#include "core/text/utf8.h"
#include "engine/bench.h"
#include "engine/book_shelf.h"
#include "engine/book_swap.h"
#include "engine/scratch_store.h"
#include "engine/settings.h"
#include "store/open.h"

namespace engine {

namespace {

using Clock = std::chrono::steady_clock;
using core::Time;

constexpr size_t kLanes = 2;
constexpr size_t kRulesPerPack = 2'000;
constexpr size_t kBatchEvents = 128;
constexpr size_t kBatches = 32;        // between source and lane, as in a pipeline
constexpr size_t kRecords = 4'096;     // between lane and the judge of the judges
constexpr core::Millis kEvery{50};     // between reloads
constexpr core::Millis kQuiet{5'000};  // a run without reloads, before
constexpr Time kStart = core::from_ms(1'776'300'000'000);
constexpr uint64_t kSeed = 5;

// A word of rule i, of four characters that no other rule has in this order.
std::string word_of(size_t i) {
  std::u32string word;
  uint64_t state = core::hash_mix(kSeed, i);
  for (int k = 0; k < 4; ++k) {
    word += static_cast<char32_t>(0x4E00 + state % 5'000);
    state = core::hash_mix(state, 1);
  }
  return core::text::to_utf8(word);
}

// In packs that are no larger than a file may be.
void write_packs(const std::string& folder, const std::string& name, size_t rules) {
  std::filesystem::create_directories(folder);
  for (size_t from = 0; from < rules; from += kRulesPerPack) {
    const std::string pack = name + "-" + std::to_string(from / kRulesPerPack);
    std::string text = "pack: " + pack + "\nowner: bench\nrules:\n";
    for (size_t i = from; i < std::min(rules, from + kRulesPerPack); ++i) {
      const std::string n = std::to_string(i), word = word_of(i);
      text += "  - {id: " + name + "-" + n + ", name: r" + n +
              ", issue: expiry, level: blue, subject: product, when: {any: [" + word +
              "]}, tests: [{hit: " + word + "}, {miss: 很好}]}\n";
    }
    std::ofstream(folder + "/" + pack + ".yaml", std::ios::binary) << text;
  }
}

double ms_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

// A lane with its thread, its source, and what looks at its signals.
class LoadedLane {
 public:
  LoadedLane(size_t index, size_t rules, const BookShelf& shelf, const Ceiling& ceiling,
             std::atomic<bool>& over)
      : index_(index),
        rules_(rules),
        over_(over),
        inlet_(kBatches, bell_, source_bell_),
        outlet_(kRecords, out_bell_, bell_),
        lane_(shelf, {&inlet_}, {&outlet_}, &ceiling, 1) {}

  void start() {
    threads_.emplace_back([this] { feed(); });
    threads_.emplace_back([this] { work(); });
    threads_.emplace_back([this] { look(); });
  }
  void join() {
    for (std::thread& t : threads_) t.join();
  }

  LaneMail& mail() { return lane_.mail(); }
  Doorbell& bell() { return bell_; }
  Time newest() const { return core::from_ms(newest_.load()); }

  // After join().
  uint64_t fed = 0, taken = 0;
  std::vector<std::pair<Time, char>> judged;  // a sample of (at, by which Book)
  std::vector<double> pauses;                 // of batches that waited, ms
  std::vector<double> gaps;                   // between batches, ms

 private:
  // Always full: event time goes 1 ms an event.
  void feed() {
    std::unique_ptr<Batch> batch = std::make_unique<Batch>();
    core::EventSlot slot;
    Time at = kStart;
    for (uint64_t n = 0; !over_.load(std::memory_order_relaxed);) {
      batch->clear();
      for (size_t i = 0; i < kBatchEvents; ++i, ++n) {
        if (slot == nullptr) slot = std::make_unique<core::Event>();
        *slot = core::Event{};
        slot->id = std::to_string(index_) + "-" + std::to_string(n);
        slot->kind = core::Kind::Chat;
        slot->at = slot->published = at += core::Millis(1);
        slot->channel_id = "g" + std::to_string(n % 97);
        slot->text = "今天买的汀白洗衣液" + word_of(n % rules_) + "，大家都看一下吧";
        batch->push(slot);
      }
      batch->push(0, core::Mark{at - core::Millis(5'000), false, nullptr});
      while (!inlet_.full.push(batch)) {
        if (over_.load(std::memory_order_relaxed)) return;
        const uint32_t heard = source_bell_.listen();
        if (inlet_.full.push(batch)) break;
        source_bell_.wait(heard);
      }
      fed += kBatchEvents;
      newest_.store(core::to_ms(at));
      bell_.ring();
      if (!inlet_.empty.pop(batch)) batch = std::make_unique<Batch>();
    }
    fed_all_.store(true);
    bell_.ring();
  }

  void work() {
    Clock::time_point last = Clock::now(), held_since{};
    for (;;) {
      const uint32_t heard = bell_.listen();
      const Clock::time_point before = Clock::now();
      const bool worked = lane_.step();
      const Clock::time_point now = Clock::now();
      if (worked) {
        if (held_since != Clock::time_point{}) pauses.push_back(ms_between(held_since, before));
        held_since = {};
        gaps.push_back(ms_between(last, now));
        last = now;
        continue;
      }
      if (lane_.holds() && held_since == Clock::time_point{}) held_since = now;
      if (fed_all_.load() && inlet_.full.size() == 0 && !lane_.holds()) break;
      bell_.wait(heard);
    }
    taken = lane_.counters().events.value();
    worked_all_.store(true);
    out_bell_.ring();
  }

  void look() {
    core::Record record;
    for (;;) {
      const uint32_t heard = out_bell_.listen();
      bool any = false;
      while (outlet_.ring.pop(record)) {
        any = true;
        const auto* signal = std::get_if<core::Signal>(&record.what);
        if (signal == nullptr) continue;
        for (const core::RuleHit& hit : signal->hits)
          judged.emplace_back(signal->at,
                              hit.rule.find("bench-a") != std::string::npos ? 'a' : 'b');
      }
      if (any) {
        bell_.ring();
        continue;
      }
      if (worked_all_.load()) return;
      out_bell_.wait(heard);
    }
  }

  const size_t index_, rules_;
  std::atomic<bool>& over_;
  Doorbell bell_, source_bell_, out_bell_;
  BatchLink inlet_;
  Link outlet_;
  Lane lane_;
  std::atomic<int64_t> newest_{core::to_ms(core::kTimeMin)};
  std::atomic<bool> fed_all_{false}, worked_all_{false};
  std::vector<std::thread> threads_;
};

struct Books {
  std::shared_ptr<const rules::Book> a, b;
  double compile_s = 0, cached_s = 0;
};

core::Result<std::shared_ptr<const rules::Book>> book_of(const std::string& name, size_t rules,
                                                         const std::string& folder) {
  write_packs(folder + "/" + name, name, rules);
  auto settings = load_settings(shipped("deploy/qingyu.yaml"));
  if (!settings) return settings.error();
  rules::BookFiles files = settings->book;
  files.packs = {folder + "/" + name};
  files.catalogue.clear();
  files.cache = folder + "/cache";
  return load_book(files);
}

core::Result<Books> books_of(size_t rules, const std::string& folder) {
  Books books;
  const auto begun = Clock::now();
  auto a = book_of("bench-a", rules, folder);
  if (!a) return a.error();
  const auto compiled = Clock::now();
  auto again = book_of("bench-a", rules, folder);
  if (!again) return again.error();
  const auto cached = Clock::now();
  auto b = book_of("bench-b", rules, folder);
  if (!b) return b.error();
  return Books{*a, *b, ms_between(begun, compiled) / 1000, ms_between(compiled, cached) / 1000};
}

struct Figures {
  double p50 = 0, p99 = 0, max = 0;
};

Figures figures_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {values[values.size() / 2], values[values.size() * 99 / 100], values.back()};
}

struct Outcome {
  uint64_t fed = 0, taken = 0, judged = 0, wrong = 0;
  size_t reloads = 0;
  double seconds = 0;
  std::vector<double> pauses, gaps, swaps;  // ms; swaps: how long the control took
};

Outcome run_load(const Books& books, size_t reloads, core::Store& store) {
  Ceiling ceiling;
  core::PolicyTimeline policies;
  policies.add(core::kTimeMin, {books.a, &books.a->policy()});
  std::atomic<bool> over = false;
  std::deque<LoadedLane> lanes;
  const BookShelf shelf = {{core::kTimeMin, books.a}};
  for (size_t i = 0; i < kLanes; ++i) lanes.emplace_back(i, books.a->rules(), shelf, ceiling, over);
  SwapPlaces places{ceiling, {}, policies, {}, [] { return core::kTimeMin; }};
  for (LoadedLane& lane : lanes) places.lanes.push_back({lane.mail(), lane.bell()});
  places.newest = [&lanes] {
    Time newest = core::kTimeMin;
    for (const LoadedLane& lane : lanes) newest = std::max(newest, lane.newest());
    return newest;
  };
  BookSwap swap(std::move(places), store, core::kTimeMin);
  std::vector<std::pair<Time, char>> in_force = {{core::kTimeMin, 'a'}};
  Outcome o;
  const auto begun = Clock::now();
  auto last = begun;
  for (LoadedLane& lane : lanes) lane.start();
  while (reloads > 0 ? o.reloads < reloads : Clock::now() - begun < kQuiet) {
    std::this_thread::sleep_for(core::Millis(10));
    swap.observe(std::chrono::duration_cast<core::Millis>(Clock::now() - begun));
    if (reloads == 0 || Clock::now() - last < kEvery || !swap.may_begin()) continue;
    const char name = in_force.back().second == 'a' ? 'b' : 'a';
    ReadyBook ready = make_ready(name == 'a' ? books.a : books.b, kLanes);
    const auto before = last = Clock::now();
    const auto from = swap.put_in_force(ready);
    if (!from) break;
    o.swaps.push_back(ms_between(before, Clock::now()));
    in_force.emplace_back(*from, name);
    ++o.reloads;
  }
  over.store(true);
  for (LoadedLane& lane : lanes) lane.join();
  o.seconds = ms_between(begun, Clock::now()) / 1000;
  for (LoadedLane& lane : lanes) {
    o.fed += lane.fed;
    o.taken += lane.taken;
    o.judged += lane.judged.size();
    for (const auto& [at, by] : lane.judged) {
      size_t i = in_force.size() - 1;
      while (i > 0 && in_force[i].first > at) --i;
      o.wrong += in_force[i].second == by ? 0 : 1;
    }
    o.pauses.insert(o.pauses.end(), lane.pauses.begin(), lane.pauses.end());
    o.gaps.insert(o.gaps.end(), lane.gaps.begin(), lane.gaps.end());
  }
  // A reload in which a lane never waited is a pause of nothing.
  while (o.pauses.size() < o.reloads * kLanes) o.pauses.push_back(0);
  return o;
}

nlohmann::ordered_json json_of(const Figures& f) {
  return {{"p50", f.p50}, {"p99", f.p99}, {"max", f.max}};
}

void print(const Books& books, const Outcome& quiet, const Outcome& o, bool json) {
  const Figures pause = figures_of(o.pauses), swap = figures_of(o.swaps);
  const Figures gap = figures_of(o.gaps), usual = figures_of(quiet.gaps);
  if (json) {
    std::cout << nlohmann::ordered_json{{"bench", "reload"},
                                        {"rules", books.a->rules()},
                                        {"reloads", o.reloads},
                                        {"events_in", o.fed},
                                        {"events_judged", o.taken},
                                        {"hits", o.judged},
                                        {"judged_by_the_wrong_book", o.wrong},
                                        {"pause_ms", json_of(pause)},
                                        {"gap_ms", json_of(gap)},
                                        {"gap_ms_without_reloads", json_of(usual)},
                                        {"control_ms", json_of(swap)},
                                        {"load_s", books.compile_s},
                                        {"load_cached_s", books.cached_s}}
                     .dump()
              << '\n';
    return;
  }
  const auto text = [](const Figures& f) {
    return "p50 " + std::to_string(f.p50) + ", p99 " + std::to_string(f.p99) + ", max " +
           std::to_string(f.max) + " ms\n";
  };
  std::cout << "重载 reloads  " << o.reloads << " of " << books.a->rules() << " rules under "
            << static_cast<int64_t>(static_cast<double>(o.taken) / o.seconds) << " events/s on "
            << kLanes << " lanes, " << o.seconds << " s\n"
            << "消息 events   " << o.fed << " in, " << o.taken << " judged, " << o.judged
            << " rule hits, by the wrong Book: " << o.wrong << "\n"
            << "停顿 a lane waits for a reload: " << text(pause)
            << "间隔 between two batches:       " << text(gap)
            << "     the same without reloads:  " << text(usual)
            << "控制 store and hand over:       " << text(swap) << "编译 load and compile "
            << books.compile_s << " s, again with the cache " << books.cached_s << " s\n";
}

}  // namespace

int bench_reload(const BenchOptions& options) {
  const auto folder = temporary_folder("qingyu-bench");
  if (!folder) return std::cerr << folder.error().message << '\n', 2;
  const auto books = books_of(options.rules, *folder);
  int code = 2;
  if (!books) {
    std::cerr << books.error().message << '\n';
  } else if (auto store = store::open_store({.kind = "sqlite", .path = *folder + "/bench.db"});
             !store || !(*store)->bind(1)) {
    std::cerr << "cannot open a store in " << *folder << '\n';
  } else {
    const Outcome quiet = run_load(*books, 0, **store);
    const Outcome loaded = run_load(*books, options.reloads, **store);
    print(*books, quiet, loaded, options.json);
    const bool whole = loaded.fed == loaded.taken && loaded.judged == loaded.fed;
    code = loaded.wrong == 0 && whole ? 0 : 1;
  }
  std::filesystem::remove_all(*folder);
  return code;
}

}  // namespace engine
