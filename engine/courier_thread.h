#pragma once
// CourierThread: drives the courier of a running system in a thread of its own, because a channel
// may take seconds to answer. Woken when something was decided, else it looks now and then for what
// is due again.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "alerting/courier.h"

namespace engine {

class CourierThread {
 public:
  explicit CourierThread(alerting::Courier& courier) : courier_(courier) {}
  ~CourierThread() { stop(); }

  void start();
  void wake();                           // any thread
  void stop();                           // waits for the attempt under way
  alerting::CourierCounters counters();  // any thread

 private:
  void work();

  alerting::Courier& courier_;
  std::thread thread_;
  std::mutex mutex_;  // guards all below
  std::condition_variable woken_;
  bool awake_ = false, stopping_ = false;
  alerting::CourierCounters counters_;
};

}  // namespace engine
