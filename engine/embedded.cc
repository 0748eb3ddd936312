#include "engine/embedded.h"

#include <pthread.h>

#include "core/log.h"

namespace engine {

namespace {

constexpr core::Millis kPollWait{20};
constexpr core::Millis kStoreRetry{200};
constexpr size_t kTicksPerNudge = 500;

void name_thread(const std::string& name) { pthread_setname_np(pthread_self(), name.c_str()); }

}  // namespace

Embedded::Embedded(Pipeline& pipeline, std::vector<ReaderHooks> hooks)
    : pipeline_(pipeline), hooks_(std::move(hooks)) {
  hooks_.resize(pipeline_.readers().size());
}

Embedded::~Embedded() {
  stop();
  join();
}

void Embedded::start() {
  shards_going_ = pipeline_.shards().size();
  for (size_t i = 0; i < pipeline_.shards().size(); ++i)
    threads_.emplace_back(&Embedded::work_shard, this, i);
  for (size_t i = 0; i < pipeline_.lanes().size(); ++i)
    threads_.emplace_back(&Embedded::work_lane, this, i);
  for (size_t i = 0; i < pipeline_.readers().size(); ++i)
    threads_.emplace_back(&Embedded::read, this, i);
}

core::Result<core::Unit> Embedded::wait(core::Millis every, const std::function<void()>& tick) {
  size_t ticks = 0;
  while (shards_going_.load(std::memory_order_acquire) > 0 &&
         !stopping_.load(std::memory_order_acquire)) {
    if (tick) tick();
    // A reader that cannot hand on sleeps; now and then it must tell its broker that it lives.
    if (++ticks % kTicksPerNudge == 0)
      for (size_t i = 0; i < pipeline_.readers().size(); ++i) pipeline_.reader_bell(i).ring();
    std::this_thread::sleep_for(every);
  }
  if (tick) tick();
  join();
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  return core::Unit{};
}

void Embedded::join() {
  quitting_.store(true, std::memory_order_release);
  for (size_t i = 0; i < pipeline_.readers().size(); ++i) pipeline_.reader_bell(i).ring();
  for (size_t i = 0; i < pipeline_.lanes().size(); ++i) pipeline_.lane_bell(i).ring();
  for (size_t i = 0; i < pipeline_.shards().size(); ++i) pipeline_.shard_bell(i).ring();
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

void Embedded::fail(const core::Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
  }
  stop();
}

void Embedded::read(size_t i) {
  name_thread("reader-" + std::to_string(i));
  Reader& reader = pipeline_.readers()[i];
  Doorbell& bell = pipeline_.reader_bell(i);
  for (;;) {
    const uint32_t heard =
        bell.listen();  // before the look at quitting_: its ring must not be slept over
    if (quitting_.load(std::memory_order_acquire)) return;
    const core::Time until = hooks_[i].until ? hooks_[i].until(reader) : core::kTimeMax;
    const Reader::Step step = reader.step(kPollWait, until);
    if (step == Reader::Step::Ended) return;
    if (step == Reader::Step::Failed) return fail(reader.error());
    if (step == Reader::Step::Blocked) {
      bell.wait(heard);
      continue;
    }
    if (hooks_[i].after_step) hooks_[i].after_step(reader);
    // A paced reader holds an event back and does not wait in its source.
    if (step == Reader::Step::Idle && reader.next_published() != core::kTimeMax)
      std::this_thread::sleep_for(core::Millis(1));
  }
}

void Embedded::work_lane(size_t i) {
  name_thread("lane-" + std::to_string(i));
  Lane& lane = pipeline_.lanes()[i];
  Doorbell& bell = pipeline_.lane_bell(i);
  for (;;) {
    const uint32_t heard = bell.listen();
    if (quitting_.load(std::memory_order_acquire)) return;
    if (lane.step()) continue;
    if (!lane.store_error()) {
      bell.wait(heard);
    } else if (lane.store_error()->code == core::Code::Unavailable) {
      core::log(core::LogLevel::Warning,
                "store: " + lane.store_error()->message + "; trying again");
      std::this_thread::sleep_for(kStoreRetry);
    } else {
      return fail(*lane.store_error());
    }
  }
}

void Embedded::work_shard(size_t i) {
  name_thread("shard-" + std::to_string(i));
  Shard& shard = pipeline_.shards()[i];
  Doorbell& bell = pipeline_.shard_bell(i);
  while (!shard.done()) {
    const uint32_t heard = bell.listen();
    if (quitting_.load(std::memory_order_acquire)) break;
    const auto stepped = shard.step();
    if (stepped) {
      if (!*stepped && !shard.done()) bell.wait(heard);
    } else if (stepped.error().code == core::Code::Unavailable) {
      core::log(core::LogLevel::Warning, "store: " + stepped.error().message + "; trying again");
      std::this_thread::sleep_for(kStoreRetry);
    } else {
      fail(stepped.error());
      break;
    }
  }
  if (!shard.done()) {
    const auto saved =
        shard.commit();  // a clean stop; without it a restart only reads a little more again
    if (!saved) core::log(core::LogLevel::Warning, "store: " + saved.error().message);
  }
  shards_going_.fetch_sub(1, std::memory_order_release);
}

}  // namespace engine
