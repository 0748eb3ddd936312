#pragma once
// Enclosures: what goes with a message and is looked up when it is sent: the links that answer it,
// and closed cases like it. Called on the courier's thread.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerting/case_library.h"
#include "alerting/channel.h"
#include "console/grants.h"
#include "core/clock.h"
#include "core/notification.h"
#include "core/policy.h"
#include "core/store.h"

namespace engine {

// What the reader of `n` can answer with a link, most asked for first: {action, label}. Nothing for
// whoever is only informed, and for systems.
std::vector<std::pair<std::string, std::string>> answers_to(const core::Notification& n);

class Enclosures {
 public:
  // Of the case library as it was at most so long ago, and of so many cases: looked at for each
  // message that opens something.
  static constexpr core::Millis kCasesFor{60'000};
  static constexpr size_t kCasesMax = 5'000;

  using PolicyInUse = std::function<std::shared_ptr<const core::Policy>()>;

  // `grants`: null without links. All must outlive this.
  Enclosures(console::Grants* grants, core::Clock& clock, core::Store& store, PolicyInUse policy)
      : grants_(grants), clock_(clock), store_(store), policy_(std::move(policy)) {}

  alerting::Extras of(const core::Notification& n, const alerting::Destination& to);

 private:
  bool can_prove(const core::Notification& n, const alerting::Destination& to) const;
  std::vector<alerting::ActionLink> links_of(const core::Notification& n);
  const std::vector<alerting::ClosedCase>& cases();

  console::Grants* grants_;
  core::Clock& clock_;
  core::Store& store_;
  const PolicyInUse policy_;
  std::vector<alerting::ClosedCase> cases_;
  std::optional<core::Time> cases_read_;
};

}  // namespace engine
