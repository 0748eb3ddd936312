#pragma once
// Case: all a shard knows of one family: what is usual (detectors' Watch), its incidents
// (alerting's Desk), and, in a replay that is told so, the people who answer. Here the two peers
// meet. Owned by the family's shard.
#include <deque>
#include <optional>
#include <string>

#include "alerting/desk.h"
#include "core/record.h"
#include "detectors/watch.h"

namespace engine {

struct CaseSpec {
  alerting::Proof proof = alerting::Proof::Assumed;
  // `replay --answer after:MIN`: whoever is asked acknowledges that long after being told, decides
  // at once where a decision is asked, and closes kCloseAfter later.
  std::optional<core::Millis> answer_after;
};

class Case {
 public:
  static constexpr core::Millis kCloseAfter{4 * 3'600'000};

  Case(const std::string& family, const core::PolicyTimeline& policies, CaseSpec spec);

  // As for Desk: times never go back, deadlines before `at` were run.
  // Whether it had not seen the message before.
  bool observe(const core::Signal& signal, alerting::Decisions& out);
  void act(const core::ActRecord& record, alerting::Decisions& out);
  bool recall(const std::string& event) { return desk_.recall(event); }
  bool erase(const core::ActRecord& record, alerting::Decisions& out) {
    return desk_.erase(record.act, record.at, out);
  }
  void hold(bool held, core::Time at) { desk_.hold(held, at); }

  std::optional<core::Time> due() const;
  void advance(core::Time due, alerting::Decisions& out);  // REQUIRES: due == *this->due()

  // Its incident, or the incident that its notification told of.
  bool knows(const core::Act& act) const;
  std::vector<std::string> known() const { return desk_.known(); }
  // Nothing happened for so long that it is as if there had been nothing; a later signal finds a
  // new case.
  bool forgotten_at(core::Time at) const;
  core::Time last() const { return watch_.last(); }
  bool open() const { return desk_.open(); }
  void open_evidence(std::vector<uint64_t>& out) const { desk_.open_evidence(out); }
  // What the limits of its containers have dropped.
  uint64_t dropped() const { return watch_.evicted() + desk_.dropped(); }
  std::pair<double, double> prior() const { return watch_.prior(); }
  detectors::Figures figures() const { return watch_.figures(); }
  const core::OpenBounds& bounds(const core::Signal& signal) const { return desk_.bounds(signal); }

  std::string save() const;
  bool load(std::string_view bytes);

 private:
  struct Answer {
    core::Time at{};
    core::Act act;
  };

  void settle(alerting::Decisions& out, size_t told_from);
  void ask(const core::Notification& notification);
  void answer(const Answer& answer, alerting::Decisions& out);
  void schedule(Answer answer);

  detectors::Watch watch_;
  alerting::Desk desk_;
  CaseSpec spec_;
  std::deque<Answer> answers_;  // by time
};

}  // namespace engine
