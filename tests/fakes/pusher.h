#pragma once
// A vendor that calls us: a plain client, and the vendor's habit of calling again.
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"

namespace fakes {

struct Push {
  std::string method = "POST", target = {}, body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct Heard {
  int status = 0;  // 0: no answer within the vendor's time
  std::string body;
};

// One call on a connection of its own to a port of the loopback; waits so long, in real time.
Heard deliver(int port, const Push& push, core::Millis patience);

// Calls again after each of `pauses` (by the clock) until it is answered with 200.
class Pusher {
 public:
  Pusher(core::Clock& clock, core::Millis patience, std::vector<core::Millis> pauses)
      : clock_(clock), patience_(patience), pauses_(std::move(pauses)) {}

  Heard send(int port, const Push& push);
  // The next call arrives and its answer is lost on the way back.
  void lose_next_answer() { lose_next_ = true; }
  size_t again(int port);  // what is due; how many calls were made
  size_t unanswered() const { return waiting_.size(); }

 private:
  struct Waiting {
    Push push;
    size_t tries = 0;
    core::Time due{};
  };
  Heard call(int port, Waiting waiting);

  core::Clock& clock_;
  core::Millis patience_;
  std::vector<core::Millis> pauses_;
  std::deque<Waiting> waiting_;
  bool lose_next_ = false;
};

}  // namespace fakes
