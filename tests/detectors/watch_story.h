#pragma once
// WatchStory: tells a Watch what is said and asks what it found.
//
//   WatchStory story;
//   story.hit("g1", 0min);
//   CHECK(story.mention("g2", 5min).mention_groups == 2);
#include <chrono>
#include <string>

#include "core/policy.h"
#include "detectors/watch.h"

namespace watch_test {

using std::chrono::hours;
using std::chrono::minutes;
using namespace std::chrono_literals;

core::Time at(core::Millis since_start);  // the story begins on 2026-03-10 14:00 in Beijing
std::string group(int number);            // "g7"

class WatchStory {
 public:
  explicit WatchStory(core::Limits limits = {}, std::string family = "brand:汀白");

  // A chat message of `group` as the lane would give it; change it before observe().
  core::Signal message(const std::string& group, core::Millis when);
  detectors::Finding observe(const core::Signal& signal);

  detectors::Finding mention(const std::string& group, core::Millis when);
  detectors::Finding hit(const std::string& group, core::Millis when);

  void save_and_load_always() { reload_ = true; }
  std::string saved() const;
  bool load(const std::string& bytes);
  // "code name=value name=value", "" without one.
  static std::string text_of(const std::optional<core::Because>& because);

  core::OpenBounds bounds;
  core::PolicyTimeline policies;
  std::string family;
  detectors::Watch watch;

 private:
  uint64_t events_ = 0;
  bool reload_ = false;
};

}  // namespace watch_test
