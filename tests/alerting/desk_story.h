#pragma once
// DeskStory: tells a Desk a story and lets a test ask what came of it. It stands in for the shard
// (runs every deadline at its own time before anything later happens) and for the detectors (three
// distinct groups with a hit within an hour open; everything that hits is evidence).
//
//   story.hit("g1", 0min); story.hit("g2", 3min); story.hit("g3", 5min);
//   CHECK(story.told(5min) == "duty");
//   CHECK(story.told(16min) == "manager duty");
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "alerting/desk.h"
#include "core/policy.h"

namespace desk_test {

using std::chrono::hours;
using std::chrono::minutes;
using namespace std::chrono_literals;

std::string group(int number);  // "g7"
core::Act act_of(std::string what, std::string by);
core::Time at(core::Millis since_start);  // the story begins on 2026-03-10 14:00 in Beijing

// Products SKU1 (loss 2,000 CNY), SKU2 (60,000), SKU3 (1,600,000; category 洗发水), ladder
// `default` of duty, manager, director, ceo; ladder `short` of duty and chief.
core::Policy usual_policy();

// What a message says. One that has no rule and is no mention concerns nobody.
struct Says {
  std::string rule = "near-expiry", issue = "expiry";  // "" rule: only names the family
  core::Level level = core::Level::Yellow;
  std::string sku = {}, category = {}, ladder = {}, text = {};
  core::Kind kind = core::Kind::Chat;
  uint32_t members = 200, followers = 0;
  uint8_t reported = 0;
  bool evidence = true, copy = false, service = false;
  std::string opens = {};  // a code, when the detectors would say so for another reason than groups
  uint8_t sensitivity = 0;  // of an agent's report
  std::string reporter = {};
  std::string customer = {}, order = {};  // whose ticket or service chat it is
  bool threat = false;                    // the rule says that they threaten to go public
  std::string sealed = {};                // who wrote it
};

class DeskStory {
 public:
  explicit DeskStory(core::Policy policy = usual_policy(),
                     alerting::Proof proof = alerting::Proof::Assumed,
                     std::string family = "brand:汀白");

  // A message in `group`; returns its event id.
  std::string hit(const std::string& group, core::Millis when, const Says& says = {});
  void mention(const std::string& group, core::Millis when, Says says = {});
  bool recall(const std::string& event, core::Millis when);
  void open(core::Millis when = 0min);  // three hits: the shortest way to an open incident

  void ack(const std::string& by, core::Millis when);
  void decide(const std::string& by, core::Millis when, const std::string& option = "return");
  void close(const std::string& by, core::Millis when);
  // Any other act.
  void does(const std::string& what, const std::string& by, core::Millis when,
            const std::string& option = "", const std::string& value = "");
  void outcome(const std::string& what, const core::Notification& n, core::Millis when);
  void hold(bool held, core::Millis when);
  void until(core::Millis when);  // runs the deadlines up to then

  // Whom the desk told up to `when` since last asked: "manager duty", reviews left out. With
  // until() in it.
  std::string told(core::Millis when);
  // Codes of the changes up to `when` since last asked: "rule_groups rung_loss".
  std::string changed(core::Millis when);
  const core::IncidentChange& now() const { return all.changes.back(); }
  const core::Notification& last() const { return all.notifications.back(); }
  const alerting::Refusal& refused() const { return all.refusals.back(); }
  // "code name=value name=value".
  static std::string text_of(const core::Because& because);

  // From now on the desk is saved and loaded after every step.
  void save_and_load_always() { reload_ = true; }
  std::string saved() const;

  alerting::Decisions all;
  core::PolicyTimeline policies;
  std::unique_ptr<alerting::Desk> desk;

 private:
  alerting::Sighting sighting_of(const core::Signal& signal, const Says& says);
  void observe(core::Signal signal, const Says& says);
  void act(core::Act act, core::Millis when);
  void after_step();

  std::string family_;
  alerting::Proof proof_;
  bool reload_ = false;
  size_t asked_notifications_ = 0, asked_changes_ = 0;
  uint64_t events_ = 0;
  std::map<uint64_t, core::Time> hit_groups_;
};

}  // namespace desk_test
