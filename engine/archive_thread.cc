#include "engine/archive_thread.h"

#include <pthread.h>

#include <chrono>

namespace engine {

namespace {

// Lanes do not ring: a look now and then costs them nothing, and the inlets hold more than comes
// meanwhile.
constexpr std::chrono::milliseconds kLookEvery{20};

}  // namespace

core::Result<std::unique_ptr<ArchiveThread>> ArchiveThread::open(const Settings& settings,
                                                                 bool fresh, core::Store& store,
                                                                 core::Clock& clock,
                                                                 Policy policy) {
  if (settings.archive.path.empty()) return std::unique_ptr<ArchiveThread>();
  ArchivistSpec spec;
  spec.folder = settings.archive.path;
  spec.limits = settings.archive.limits;
  spec.fresh = fresh;
  spec.hash_key =
      settings.book.hash_key.empty() ? std::string(rules::kPublicHashKey) : settings.book.hash_key;
  spec.lanes = settings.lanes;
  spec.store = &store;
  spec.shards = settings.shards;
  spec.policy = std::move(policy);
  auto archivist = Archivist::open(std::move(spec));
  if (!archivist) return archivist.error();
  return std::unique_ptr<ArchiveThread>(
      new ArchiveThread(std::move(*archivist), settings.lanes, clock));
}

std::vector<EventSink*> ArchiveThread::sinks() {
  std::vector<EventSink*> all;
  for (size_t i = 0; i < lanes_; ++i) all.push_back(&archivist_->inlet(i));
  return all;
}

void ArchiveThread::start() { thread_ = std::thread(&ArchiveThread::work, this); }

void ArchiveThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  thread_.join();
  archivist_->close();
}

void ArchiveThread::work() {
  pthread_setname_np(pthread_self(), "archive");
  auto tended = std::chrono::steady_clock::now() - kTendEvery;
  for (;;) {
    const bool worked = archivist_->step();
    const auto now = std::chrono::steady_clock::now();
    if (now - tended >= kTendEvery) {
      tended = now;
      archivist_->tend(clock_.wall());
    }
    std::unique_lock lock(mutex_);
    if (!worked) woken_.wait_for(lock, kLookEvery, [this] { return stopping_; });
    if (stopping_) return;
  }
}

}  // namespace engine
