#pragma once
// Step: what one step on an incident rests on and where its decisions go. Lives on the stack of one
// call of the Desk.
#include <string>

#include "alerting/decision_chain.h"
#include "alerting/desk.h"
#include "core/policy.h"

namespace alerting {

struct Step {
  const core::Policy& policy;  // in force at `at`
  core::Time at;
  const std::string& family;
  bool tells;  // false for unknown:* families, which nobody is told of
  Proof proof;
  bool held;
  Decisions& out;
  DecisionChain& chain;
};

}  // namespace alerting
