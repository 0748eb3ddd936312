#pragma once
// Heartbeat: a signed POST every so often to somebody who alarms when none comes, so that the death
// of this program pages somebody (watching the watcher). It beats only while the program lives:
// when its main loop, or the work in its queues, has stood still for kStill, or the store does not
// answer, the beats stop too.
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "alerting/courier.h"
#include "engine/settings.h"

namespace engine {

// What one beat says. Collected by the heartbeat's thread, so `collect` only reads atomics and
// guarded values.
struct Pulse {
  std::string book;  // its hash
  uint64_t events = 0;
  uint64_t turns = 0;      // of the main loop
  bool working = false;    // there is something to do
  uint64_t progress = 0;   // a number that grows while what is to be done is done
  bool store_well = true;  // it answered when it was asked last
};

struct HeartbeatCounters {
  uint64_t sent = 0, failed = 0, withheld = 0;
};

// The body and headers of one beat; pure. `wall` is real time.
alerting::HttpRequest heartbeat_request(const HeartbeatSettings& settings, const Pulse& pulse,
                                        core::Time wall);

class HeartbeatThread {
 public:
  static constexpr core::Millis kStill{120'000};

  // `collect` outlives the thread.
  HeartbeatThread(HeartbeatSettings settings, std::function<Pulse()> collect);
  ~HeartbeatThread() { stop(); }
  void start();  // does nothing when the settings name no url
  void stop();
  HeartbeatCounters counters();
  // One beat at `wall`, real time: the thread's step, or a test's. REQUIRES: not from two threads.
  void beat(core::Time wall);

 private:
  void work();

  const HeartbeatSettings settings_;
  const std::function<Pulse()> collect_;
  std::unique_ptr<alerting::Transport> transport_;
  // Of the thread alone.
  Pulse last_;
  core::Time turned_{}, progressed_{};  // when the main loop, the work last went on
  std::mutex mutex_;                    // guards the two below
  bool stopping_ = false;
  HeartbeatCounters counters_;
  std::condition_variable woken_;
  std::thread thread_;
};

}  // namespace engine
