#pragma once
// Embedded: the threads that drive a Pipeline in one process. The only file, beside its .cc, that
// starts threads for readers, lanes and shards; each is named as `top -H` shows it.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/pipeline.h"

namespace engine {

struct ReaderHooks {
  std::function<core::Time(const Reader&)>
      until;                                // pace: events published later stay unread; null = none
  std::function<void(Reader&)> after_step;  // run: announcements; null = nothing
};

class Embedded {
 public:
  Embedded(Pipeline& pipeline, std::vector<ReaderHooks> hooks);
  ~Embedded();  // stops

  void start();
  // Waits until every shard is done, an error stops all, or stop() is called; `tick` runs on the
  // calling thread every `every` of wall time meanwhile. Then all threads have ended.
  core::Result<core::Unit> wait(core::Millis every, const std::function<void()>& tick);
  // Ends all threads at a place from which a restart goes on; shards commit what they have. Any
  // thread, also twice.
  void stop() { stopping_.store(true, std::memory_order_release); }

 private:
  void read(size_t i);
  void work_lane(size_t i);
  void work_shard(size_t i);
  void fail(const core::Error& error);
  void join();

  Pipeline& pipeline_;
  std::vector<ReaderHooks> hooks_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_{false}, quitting_{false};
  std::atomic<size_t> shards_going_{0};
  std::mutex mutex_;  // guards error_
  std::optional<core::Error> error_;
};

}  // namespace engine
