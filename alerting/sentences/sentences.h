#pragma once
// The sentences of all because codes: one table a subject, so that whoever adds a code touches the
// table of its subject alone. A template names each figure in braces, with how it is written behind
// a colon (message_sentence.cc): {minutes:span}, {loss_cny}, {by:text}, {groups:group}. What a
// person or a stranger wrote is {reason:words}: no address in it becomes a link.
#include <array>
#include <span>
#include <string_view>

namespace alerting::sentences {

// Both templates name the same figures; a code stands in one row of one table.
struct Row {
  std::string_view code, chinese, english;
};

std::span<const Row> opening();    // why it opened, what changed
std::span<const Row> rungs();      // which bound was crossed
std::span<const Row> waiting();    // what did not come in time
std::span<const Row> decisions();  // what people did
std::span<const Row> responses();  // the way of a decision, and of its actions
std::span<const Row> alarms();     // of the system itself

inline std::array<std::span<const Row>, 6> all() {
  return {opening(), rungs(), waiting(), decisions(), responses(), alarms()};
}

}  // namespace alerting::sentences
