#include "engine/daemon.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>

#include "alerting/courier_cards.h"
#include "console/pin_tries.h"
#include "core/log.h"
#include "engine/alarms.h"
#include "engine/announcer.h"
#include "engine/archive_thread.h"
#include "engine/book_in_use.h"
#include "engine/book_shelf.h"
#include "engine/books_in_force.h"
#include "engine/callbacks.h"
#include "engine/console_thread.h"
#include "engine/control.h"
#include "engine/courier_thread.h"
#include "engine/embedded.h"
#include "engine/enclosures.h"
#include "engine/heartbeat.h"
#include "engine/housekeeping.h"
#include "engine/incident_list.h"
#include "engine/inputs.h"
#include "engine/metrics.h"
#include "engine/pacer.h"
#include "engine/reception.h"
#include "engine/reloading.h"
#include "engine/screen.h"
#include "engine/settings.h"
#include "engine/signals.h"
#include "engine/status.h"
#include "engine/system_clock.h"
#include "store/daemon_lock.h"
#include "store/erase.h"

namespace engine {

namespace {

using core::Error;
using core::Result;
using core::Unit;

constexpr core::Millis kTick{10};
constexpr std::chrono::milliseconds kStatusEvery{1000};

// All of one run, in the order in which it is built and taken down again.
class Daemon {
 public:
  explicit Daemon(const RunOptions& options) : options_(options), clock_(options.speed) {}

  Result<Unit> prepare() {
    const std::string file = find_settings(options_.config);
    if (file.empty())
      return Error{core::Code::BadSettings, "no settings: give --config FILE, for a beginning " +
                                                shipped("deploy/qingyu.yaml")};
    auto settings = load_settings(file);
    if (!settings) return settings.error();
    settings_ = std::move(*settings);
    const auto wrong = alerting::check_destinations(settings_.destinations);
    if (!wrong) return wrong.error();
    if (settings_.book.cache.empty() && settings_.store.kind == "sqlite")
      settings_.book.cache = settings_.store.path + ".cache";
    watch_.emplace(settings_.book);  // before they are read: what changes meanwhile is noticed
    std::vector<std::string> read;
    auto book = load_book(settings_.book, &read);
    if (!book) return book.error();
    watch_->also(std::move(read));
    book_.set(std::move(*book));
    const auto stored = open_store();
    if (!stored) return stored.error();
    auto letters = ingest::DeadLetters::open(settings_.dead_letters.path, options_.fresh,
                                             settings_.dead_letters.bytes_max);
    if (!letters) return letters.error();
    dead_letters_ = std::move(*letters);
    return build();
  }

  Result<Unit> run() {
    started_ = SystemClock().wall();
    const auto start = std::chrono::steady_clock::now();
    Embedded embedded(*pipeline_, hooks());
    courier_thread_->start();
    heartbeat_->start();
    if (archive_) archive_->start();
    if (console_thread_) {
      const auto serving = console_thread_->start();
      if (!serving) return serving.error();
    }
    embedded.start();
    reloading_->start();
    core::log(core::LogLevel::Info, "running, book " + book_.book()->hash() + ", " +
                                        std::to_string(book_.book()->rules()) + " rules, " +
                                        "librdkafka " + ingest::kafka_library_version());
    const auto ran = embedded.wait(kTick, [&] { tick(embedded); });
    reloading_->stop();
    if (console_thread_) console_thread_->stop();
    if (archive_) archive_->stop();
    courier_thread_->stop();
    heartbeat_->stop();
    put_status();
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    screen_->summary(figures(), seconds, store::place_of(settings_.store));
    return ran;
  }

 private:
  Result<Unit> open_store() {
    if (settings_.store.kind == "sqlite") {
      std::error_code ignored;
      std::filesystem::create_directories(std::filesystem::path(settings_.store.path).parent_path(),
                                          ignored);
    }
    auto lock = store::DaemonLock::take(settings_.store);
    if (!lock) return lock.error();
    lock_.emplace(std::move(*lock));
    if (options_.fresh) {
      const auto emptied = store::erase(settings_.store);
      if (!emptied) return emptied.error();
    }
    auto opened = store::open_store(settings_.store);
    if (!opened) return opened.error();
    store_ = std::move(*opened);
    return store_->bind(settings_.shards);
  }

  Result<Unit> build() {
    auto books = books_in_force(*store_, settings_.shards, book_.book(), settings_.book.hash_key,
                                settings_.book.cache);
    if (!books) return books.error();
    shelf_ = std::move(books->shelf);
    if (books->changed)
      core::log(core::LogLevel::Info, "the rules have changed: the new Book holds from now on");
    const ScreenSpec screen{isatty(STDOUT_FILENO) == 1, book_.policy()->limits.zone_offset_minutes};
    screen_ = std::make_unique<Screen>(screen, book_, std::cout);
    const auto earlier = list_incidents(*store_, "");
    if (!earlier) return earlier.error();
    for (const ListedIncident& one : *earlier) screen_->remember(one.first, one.last);
    auto inputs = open_inputs(settings_.sources, *store_);
    if (!inputs) return inputs.error();
    const auto policy = [this] { return book_.policy(); };
    PipelineSpec spec;
    spec.lanes = settings_.lanes;
    spec.shards = settings_.shards;
    spec.acts = Acts::Journalled;
    spec.shard.live = true;
    spec.shard.cases.proof = alerting::Proof::Required;
    auto archive = ArchiveThread::open(settings_, options_.fresh, *store_, clock_, policy);
    if (!archive) return archive.error();
    archive_ = std::move(*archive);
    if (archive_) spec.sinks = archive_->sinks();
    auto made = Pipeline::create(spec, *store_, shelf_, std::move(*inputs), *dead_letters_,
                                 [this](const alerting::Decisions& decisions) {
                                   screen_->decided(decisions);
                                   courier_thread_->wake();
                                 });
    if (!made) return made.error();
    pipeline_ = std::move(*made);
    reloading_ = std::make_unique<Reloading>(settings_.book, std::move(*watch_), *pipeline_,
                                             *store_, book_, shelf_.back().first);
    shelf_ = {};  // old Books end when the lanes no longer need them
    const auto opened = make_console();
    if (!opened) return opened.error();
    make_courier();
    make_hands();
    housekeeping_ = std::make_unique<Housekeeping>(settings_.retention, *store_, clock_);
    heartbeat_ = std::make_unique<HeartbeatThread>(settings_.heartbeat, [this] { return pulse(); });
    return Unit{};
  }

  Result<Unit> make_console() {
    alarms_ = std::make_unique<Alarms>(*store_, clock_, book_);
    if (settings_.console.port == 0) return Unit{};
    reception_ = std::make_unique<Reception>(*store_, clock_, book_);
    console::Hooks hooks = reception_->hooks();
    hooks.pin_locked = [this](const std::string& person) {
      alarms_->tell(person, {"pin_locked",
                             {{"tries", console::kPinTriesMax, ""},
                              {"minutes", console::kPinLock / core::Millis{60'000}, ""}}});
      courier_thread_->wake();
    };
    hooks.callback = [this](const std::string& channel, const console::Request& request) {
      return callbacks_->read(channel, request);
    };
    hooks.health = [this] { return health_of(stored_status(), SystemClock().wall()); };
    hooks.metrics = [this] { return metrics_text(stored_status()); };
    auto opened = ConsoleThread::open(settings_.console, *store_, std::move(hooks));
    if (!opened) return opened.error();
    console_thread_ = std::move(*opened);
    CallbackDoors doors;
    doors.wall = [this] { return clock_.wall(); };
    doors.policy = [this] { return book_.policy(); };
    doors.act = [this](const core::Act& act, const std::string& id) {
      return reception_->act(act, id);
    };
    doors.handle = [this](const console::Grant& grant, const alerting::MessageHandle& handle) {
      keep_handle(grant, handle);
    };
    callbacks_ = std::make_unique<Callbacks>(settings_.destinations, console_thread_->grants(),
                                             std::move(doors));
    return Unit{};
  }

  // A press gives a newer handle of the message that was pressed.
  void keep_handle(const console::Grant& grant, const alerting::MessageHandle& handle) {
    core::Notification pressed;
    pressed.channel = grant.channel;
    pressed.person = grant.person;
    pressed.incident.incident = grant.incident;
    const auto kept = alerting::keep_card(*store_, pressed, {handle, clock_.wall()});
    if (!kept) core::log(core::LogLevel::Warning, "store: " + kept.error().message);
  }

  // As `qingyu status` sees it: what it says of the program is what others can know of it.
  std::string stored_status() {
    const auto status = store_->get(kStatusName);
    return status && *status ? **status : std::string();
  }

  void make_courier() {
    const bool links = console_thread_ != nullptr && !settings_.console.base.empty();
    enclosures_ = std::make_unique<Enclosures>(links ? &console_thread_->grants() : nullptr, clock_,
                                               *store_, [this] { return book_.policy(); });
    transport_ = alerting::make_http_transport();
    alerting::CourierSpec spec;
    spec.destinations = settings_.destinations;
    spec.zone_offset_minutes = book_.policy()->limits.zone_offset_minutes;
    spec.print = [this](const core::Notification& n, const std::string& text) {
      screen_->told(n, text);
    };
    spec.conclude = [this](const std::string& id, const core::OutboxState& state,
                           const core::Act& act) {
      return pipeline_->commands()->conclude(id, state, act);
    };
    spec.extras = [this](const core::Notification& n, const alerting::Destination& to) {
      return enclosures_->of(n, to);
    };
    spec.policy = [this] {  // kept until it is asked again
      courier_policy_ = book_.policy();
      return courier_policy_.get();
    };
    spec.hold = spec.conclude;
    spec.alarm = [this](const std::string& destination, const std::string& line) {
      alarms_->tell_keeper({"channel_sick", {{"channel", 0, destination}, {"line", 0, line}}},
                           destination);
    };
    spec.has_other_way = [this](const core::Notification& n) {
      return alerting::has_other_way(*book_.policy(), n);
    };
    courier_ = std::make_unique<alerting::Courier>(*store_, clock_, *transport_, std::move(spec));
    courier_thread_ = std::make_unique<CourierThread>(*courier_);
  }

  // What looks at the clock: announcers and pacers, one a reader, and the control.
  void make_hands() {
    ControlSpec control;
    control.until_end = options_.until_end;
    for (size_t r = 0; r < settings_.sources.size(); ++r) {
      const SourceSettings& s = settings_.sources[r];
      const Reader& reader = pipeline_->readers()[r];
      AnnouncerSpec spec;
      spec.lateness = s.limits.lateness;
      spec.lag_max = s.lag_max;
      for (uint32_t i = 0; i < reader.partitions(); ++i) {
        spec.stream_names.push_back(pipeline_->stream_names()[reader.stream_id(i)]);
        if (s.paced) control.paced.push_back(reader.stream_id(i));
      }
      announcers_.emplace_back(std::move(spec), clock_, *store_, pipeline_->board());
      pacers_.emplace_back(clock_);
    }
    control_ = std::make_unique<Control>(std::move(control), *pipeline_, *store_, clock_);
  }

  std::vector<ReaderHooks> hooks() {
    std::vector<ReaderHooks> all(settings_.sources.size());
    for (size_t r = 0; r < all.size(); ++r) {
      if (settings_.sources[r].paced)
        all[r].until = [this, r](const Reader& reader) { return pacers_[r].until(reader); };
      all[r].after_step = [this, r](Reader& reader) {
        const auto announced = announcers_[r].consider(reader);
        if (!announced) core::log(core::LogLevel::Warning, "store: " + announced.error().message);
      };
    }
    return all;
  }

  // Called by the heartbeat's thread: atomics and guarded values only.
  Pulse pulse() {
    const Pipeline::Counts counts = pipeline_->counts();
    Pulse p;
    p.book = book_.book()->hash();
    p.events = counts.events;
    p.turns = turns_.load(std::memory_order_relaxed);
    p.store_well = store_well_.load(std::memory_order_relaxed);
    p.working = pipeline_->waiting_batches() + pipeline_->waiting_records() > 0;
    p.progress = counts.events + static_cast<uint64_t>(core::to_ms(pipeline_->drained()));
    return p;
  }

  void tick(Embedded& embedded) {
    const bool hang_up = take_hang_up();
    if (stop_asked() || (hang_up && terminal_gone())) return embedded.stop();
    turns_.fetch_add(1, std::memory_order_relaxed);
    if (hang_up) reloading_->ask();
    // While a Book is on its way into the store the command lane stands (BookSwap).
    const auto reloaded = reloading_->tick(std::chrono::duration_cast<core::Millis>(
        std::chrono::steady_clock::now().time_since_epoch()));
    const auto ticked = reloaded ? control_->tick() : reloaded;
    store_well_.store(ticked.ok(), std::memory_order_relaxed);
    if (!ticked) core::log(core::LogLevel::Warning, "store: " + ticked.error().message);
    const auto kept = housekeeping_->tick(pipeline_->drained());
    if (!kept) core::log(core::LogLevel::Warning, "store: " + kept.error().message);
    screen_->progress(figures());
    const auto now = std::chrono::steady_clock::now();
    if (now - status_put_ < kStatusEvery) return;
    status_put_ = now;
    put_status();
  }

  void put_status() {
    StatusParts parts{*pipeline_,
                      *dead_letters_,
                      courier_thread_->counters(),
                      started_,
                      SystemClock().wall(),
                      book_.book()->hash(),
                      reloading_->status(),
                      control_->held(),
                      heartbeat_->counters(),
                      {},
                      housekeeping_->counters()};
    if (archive_) parts.archive = archive_->counts();
    const auto put = store_->put(kStatusName, status_json(parts));
    if (!put) core::log(core::LogLevel::Warning, "store: " + put.error().message);
  }

  ScreenFigures figures() const {
    const Pipeline::Counts counts = pipeline_->counts();
    return {pipeline_->drained(), counts.events, counts.signals, dead_letters_->count()};
  }

  const RunOptions& options_;
  SystemClock clock_;
  Settings settings_;
  BookInUse book_;
  std::optional<BookWatch> watch_;  // until reloading_ has it
  std::optional<store::DaemonLock> lock_;
  std::unique_ptr<core::Store> store_;
  BookShelf shelf_;
  std::unique_ptr<ingest::DeadLetters> dead_letters_;
  std::unique_ptr<Screen> screen_;
  std::unique_ptr<ArchiveThread> archive_;  // the lanes give it their events
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<Reloading> reloading_;
  std::unique_ptr<Alarms> alarms_;
  std::unique_ptr<Reception> reception_;
  std::unique_ptr<Callbacks> callbacks_;  // used by the console's thread alone
  std::unique_ptr<ConsoleThread> console_thread_;
  std::unique_ptr<Enclosures> enclosures_;
  std::shared_ptr<const core::Policy> courier_policy_;  // of the courier's thread
  std::unique_ptr<alerting::Transport> transport_;
  std::unique_ptr<alerting::Courier> courier_;
  std::unique_ptr<CourierThread> courier_thread_;
  std::deque<Announcer> announcers_;
  std::deque<Pacer> pacers_;
  std::unique_ptr<Control> control_;
  std::unique_ptr<Housekeeping> housekeeping_;
  std::unique_ptr<HeartbeatThread> heartbeat_;
  std::atomic<uint64_t> turns_ = 0;  // of tick(); read by the heartbeat, as is the next
  std::atomic<bool> store_well_ = true;
  core::Time started_{};
  std::chrono::steady_clock::time_point status_put_{};
};

int failed(const Error& error) {
  std::cerr << "qingyu run: " << error.message << '\n';
  return 2;
}

}  // namespace

int run(const RunOptions& options) {
  if (const auto tested = rules::matcher_self_test(); !tested) return failed(tested.error());
  catch_hang_up();
  Daemon daemon(options);
  if (const auto prepared = daemon.prepare(); !prepared) return failed(prepared.error());
  catch_stop();
  if (const auto ran = daemon.run(); !ran) return failed(ran.error());
  return 0;
}

}  // namespace engine
