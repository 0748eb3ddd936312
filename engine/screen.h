#pragma once
// Screen: what `qingyu run` shows a person at the terminal: when an incident opens and grows, who
// is told and why, the message as sent, what was decided, the all-clear, and a summary. Chinese
// first, then English. Colours and the line of progress only on a terminal. Any thread: a mutex
// keeps the lines whole.
#include <cstdint>
#include <iosfwd>
#include <map>
#include <mutex>
#include <string>

#include "alerting/desk.h"
#include "core/notification.h"
#include "engine/book_in_use.h"

namespace engine {

struct ScreenSpec {
  bool terminal = false;  // colours and progress
  int zone_offset_minutes = 480;
};

// Figures for the line of progress and the summary.
struct ScreenFigures {
  core::Time now = core::kTimeMin;
  uint64_t events = 0, signals = 0, dead_letters = 0;
};

class Screen {
 public:
  // `book` gives names; it and `out` outlive the screen.
  Screen(ScreenSpec spec, const BookInUse& book, std::ostream& out);

  // An incident of before this process, with its first and last change: told of when it changes.
  // REQUIRES: before anything else.
  void remember(const core::IncidentChange& opened, const core::IncidentChange& last);
  void decided(const alerting::Decisions& decisions);                  // shard threads
  void told(const core::Notification& n, const std::string& message);  // the courier's thread
  void progress(const ScreenFigures& figures);                         // main thread
  void summary(const ScreenFigures& figures, double seconds, const std::string& where);

 private:
  struct Seen {
    core::IncidentChange opened, last;
    std::map<uint32_t, core::Time> rungs;  // when each was entered
    core::Time decided{}, closed{};
    size_t messages = 0;
  };

  Seen& seen_of(const std::string& incident);
  void changed(const core::IncidentChange& change);
  void line(core::Time at, const std::string& tag, const std::string& text);
  void summarise(const std::string& incident, const Seen& seen);
  void clear_progress();
  std::string paint(const char* colour, const std::string& text) const;
  const char* colour_of(core::Level level) const;
  std::string clock(core::Time at) const;

  ScreenSpec spec_;
  const BookInUse& book_;
  std::ostream& out_;
  std::mutex mutex_;  // guards all below, and the stream
  bool progress_shown_ = false;
  std::map<std::string, Seen> incidents_;
  std::map<std::string, Seen> earlier_;  // of before this process, and unchanged since
};

}  // namespace engine
