#pragma once
// ArchiveThread: a running system's archivist, driven in a thread of its own.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "engine/archivist.h"
#include "engine/settings.h"

namespace engine {

class ArchiveThread {
 public:
  using Policy = std::function<std::shared_ptr<const core::Policy>()>;  // in force now; any thread
  // What a reader may not see yet, and what a crash takes.
  static constexpr core::Millis kTendEvery{5'000};

  // As the settings say; nullptr when they name no archive. `fresh`: begins with an empty one. The
  // store and the clock outlive it.
  static core::Result<std::unique_ptr<ArchiveThread>> open(const Settings& settings, bool fresh,
                                                           core::Store& store, core::Clock& clock,
                                                           Policy policy);
  ~ArchiveThread() { stop(); }

  std::vector<EventSink*> sinks();  // one a lane
  void start();
  void stop();  // writes what the lanes have given. REQUIRES: they stand still
  ArchiveCounts counts() const { return archivist_->counts(); }  // any thread

 private:
  ArchiveThread(std::unique_ptr<Archivist> archivist, size_t lanes, core::Clock& clock)
      : archivist_(std::move(archivist)), lanes_(lanes), clock_(clock) {}
  void work();

  std::unique_ptr<Archivist> archivist_;
  const size_t lanes_;
  core::Clock& clock_;
  std::mutex mutex_;  // guards stopping_
  bool stopping_ = false;
  std::condition_variable woken_;
  std::thread thread_;
};

}  // namespace engine
