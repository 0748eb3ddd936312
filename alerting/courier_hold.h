#pragma once
// What is held back for a while: a message that asks for no answer during a mute time of its
// person, and one of a lesser incident while a greater one lasts that the same person was told of
// (core::Policy: mute_times, inhibitions). What asks for an answer is never held, nor an all-clear,
// nor a test. Pure but for the store that the courier gives.
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/notification.h"
#include "core/policy.h"
#include "core/time.h"

namespace alerting {

// Nothing waits longer, whatever lasts; more at once are not held, so that they cannot fill the
// courier's page of the outbox.
inline constexpr core::Millis kHoldMax{24 * 3600'000};
inline constexpr size_t kHeldMax = 2'000;

// Escalations, reminders, decisions, consultations, actions and whatever has a deadline.
bool asks_for_answer(const core::Notification& n);
// Whether it may wait at all: it asks for no answer and is no all-clear and no test.
bool may_be_held(const core::Notification& n);

// When the mute time ends that `person` has at `at`, looking at most kHoldMax ahead; nullopt: none.
std::optional<core::Time> muted_until(const core::Policy& policy, const std::string& person,
                                      core::Time at);

// The incidents as the notifications that went by describe them: how grave, open or not, and who
// was told of them.
class KnownIncidents {
 public:
  static constexpr size_t kMax = 4'096;  // closed ones are forgotten first, then the oldest

  void learn(const core::Notification& n);
  // An open incident that holds back what `n` says of a lesser one, "" when there is none.
  std::string greater_than(const core::Notification& n, const core::Policy& policy) const;
  bool closed(const std::string& incident) const;  // false when unknown
  uint64_t forgotten() const { return forgotten_; }

 private:
  struct Known {
    core::Time at{};  // of the newest revision, and all below but `people`
    uint32_t revision = 0;
    core::Level level = core::Level::Blue;
    bool open = true;
    std::string sku;
    std::set<std::string> people;
  };
  void forget_one();

  std::map<std::string, Known, std::less<>> known_;
  std::map<core::Level, std::set<std::string>> open_;  // ids of the open ones, by level
  uint64_t forgotten_ = 0;
};

// Why `n` is held at `at`: "mute time", "INC-... is greater", or "".
std::string why_held(const core::Notification& n, const core::Policy& policy,
                     const KnownIncidents& incidents, core::Time at);

}  // namespace alerting
