#pragma once
// The decision log: every step of a decision as an entry whose hash covers the one before it of the
// same family, so that nothing can be changed, taken out or moved unseen. What it cannot show is
// entries cut off at the end: whoever needs that keeps the last hash elsewhere.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/bytes.h"
#include "core/incident.h"

namespace alerting {

// What is logged; the rest of the entry comes from the incident and the step.
struct Logged {
  std::string
      what;  // decided proposed approved rejected action_sent action_result closed overruled
  std::string by, door, option, because;
  std::vector<core::Figure> figures = {};  // before those of the moment
};

// Appends an entry with what is known at this moment: level, issue, subject, people, loss, state.
void log_decision(const Incident& incident, const Step& step, Logged logged);

// 64 hex digits: SHA-256 over all fields but the hash itself.
std::string hash_of(const core::DecisionEntry& entry);

enum class Break : uint8_t {
  Changed,        // the entry is not what was hashed
  Missing,        // numbers are left out
  WrongPrevious,  // it does not follow the entry before it
  OutOfOrder,     // a number repeats or goes back, or a time goes back
};
std::string_view name_of(Break reason);  // changed missing wrong_previous out_of_order

struct BrokenChain {
  size_t place = 0;  // index into the entries
  Break reason = Break::Changed;
};

// The first place at which the chain of one family is broken; nothing: it is whole.
std::optional<BrokenChain> verify_chain(const std::vector<core::DecisionEntry>& entries);

}  // namespace alerting
