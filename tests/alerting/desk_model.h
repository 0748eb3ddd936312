#pragma once
// The ladder as a state machine: what can happen to one incident, and what is the same state. The
// real Desk does every step: it is loaded from the state's bytes, and saved again.
//
// Two states are one when the same can follow from both: the incident's state, level, rung, subject
// and times left; who was told on which rung; the newest message to each person, and whether
// somebody else was reached. Ids, revision numbers and clocks are left out, or nothing would ever
// return.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerting/docket.h"
#include "desk_story.h"

namespace desk_test::model {

enum class Happening : uint8_t {
  Crosses,  // new evidence crosses the next bound
  Leaps,    // one message crosses two bounds at once
  More,     // new evidence crosses nothing
  Ack,      // a person acknowledges, decides, closes
  Decide,
  Close,
  Time,       // the next deadline is due
  Refused,    // the newest message to somebody cannot be delivered
  Delivered,  // it is proved
};

struct Event {
  Happening what;
  std::string id = {};  // of the notification, for outcomes
};

struct State {
  std::string bytes;
  core::Time now = at(0min);
  std::shared_ptr<const alerting::Docket> docket;
  const alerting::Incident* incident = nullptr;  // in the docket; nullptr: it knows none
  std::optional<core::Time> due;
};

void read(State& state);    // its incident, from its bytes
void forget(State& state);  // the same back: bytes alone are small

std::string key_of(const State& state);
bool pending(const State& state);  // a newest message has no outcome yet

// How it is learnt that a message did not arrive: it is said at any moment, message by message; or,
// where proof is required, by silence alone, which is far fewer states.
enum class Refusals : uint8_t { Said, Unsaid };

class Machine {
 public:
  Machine(core::Policy policy, alerting::Proof proof, Refusals refusals = Refusals::Said);

  const core::Ladder& ladder() const { return policies_.at(at(0min)).ladder("default"); }
  std::vector<Event> events(const State& state) const;
  State take(const State& before, const Event& event, alerting::Decisions& out) const;

 private:
  core::PolicyTimeline policies_;
  alerting::Proof proof_;
  Refusals refusals_;
};

// The usual ladder's first rungs; three people: the manager holds the top of four too. The second
// is entered by orange, the third by red, the fourth by loss.
core::Policy policy_of(size_t rungs);
// The same with spans of a few minutes, so that times left are few where each delivery has one.
core::Policy brief_policy_of(size_t rungs);

}  // namespace desk_test::model
