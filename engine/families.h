#pragma once
// Families: the cases of one shard, the deadlines they have, and which of them changed since they
// were last saved. Owned by one shard.
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "engine/case.h"

namespace engine {

class Families {
 public:
  // Beyond `families_max`, those longest without a signal and without an incident are forgotten.
  Families(const core::PolicyTimeline& policies, CaseSpec spec, size_t families_max);

  core::Result<core::Unit> load(const std::vector<std::pair<std::string, std::string>>& families);

  // REQUIRES for all: times never go back, and run_deadlines(`at`) was called.
  // Whether its family had not seen the message before.
  bool observe(const core::Signal& signal, alerting::Decisions& out);
  // Whether the act's incident is of one of these families.
  bool act(const core::ActRecord& record, alerting::Decisions& out);
  void recall(const core::Recall& recall);
  // What a member wrote goes; whether there was any.
  bool erase(const core::ActRecord& record, alerting::Decisions& out);
  void hold(bool held, core::Time at);
  bool held() const { return held_; }
  void set_held(bool held) { held_ = held; }  // as loaded; before load()

  // Runs every deadline due before `before`, each at its own time.
  void run_deadlines(core::Time before, alerting::Decisions& out);

  // (family, bytes) of what changed since the last call; "" = forgotten.
  std::vector<std::pair<std::string, std::string>> changed(core::Time now);
  bool any_changed() const { return !changed_.empty(); }

  size_t size() const { return cases_.size(); }
  uint64_t dropped() const { return dropped_; }  // forgotten for want of room
  // What the limits of single families dropped: old events, copies, groups, incidents.
  uint64_t evidence_dropped() const { return evidence_dropped_; }
  const std::map<std::string, std::unique_ptr<Case>, std::less<>>& all() const { return cases_; }

 private:
  Case& case_of(const std::string& family, core::Time at);
  std::pair<std::string, Case*> find(const core::Act& act);
  void touched(const std::string& family, Case& c, const alerting::Decisions& out,
               size_t changes_from);
  void schedule(const std::string& family, const Case& c);
  void forget(const std::string& family);
  void forget_quiet();

  const core::PolicyTimeline& policies_;
  CaseSpec spec_;
  size_t families_max_;
  std::map<std::string, std::unique_ptr<Case>, std::less<>> cases_;
  std::map<std::string, std::string, std::less<>> family_of_;  // incident -> family
  std::set<std::pair<core::Time, std::string>> deadlines_;     // (due, family)
  std::map<std::string, core::Time, std::less<>> due_of_;      // family -> its row in deadlines_
  std::set<std::string> changed_;
  core::Time swept_ = core::kTimeMin;
  bool held_ = false;
  uint64_t dropped_ = 0;
  uint64_t evidence_dropped_ = 0;
};

}  // namespace engine
