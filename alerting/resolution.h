#pragma once
// Resolution: what was proposed and decided about one incident, and the actions that came of it
// (P5, P6, P10). Plain values; decisions.h changes them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/incident.h"
#include "core/time.h"

namespace alerting {

// An option that somebody chose, with the figures of that moment.
struct Choice {
  std::string option, by, door, because;
  core::Time at{};
  core::Interval cost_cny;
};

struct ActionState {
  enum class Stage : uint8_t { Sent, Done, Failed, Late };
  std::string action;     // id of the policy's `actions:`
  uint64_t delivery = 0;  // of the webhook that told it, Incident::deliveries
  Stage stage = Stage::Sent;
  std::optional<core::Time> due;  // without a result by then it is Late
  core::Time at{};                // of the last change
  std::string by, because;        // who said so
};

struct Resolution {
  static constexpr size_t kActionsMax = 16;

  std::optional<Choice> proposed;  // waits for a second person, or for a rung that may
  std::optional<Choice> decided;
  std::vector<ActionState> actions;
};

// Layout in README.md.
void write(core::ByteWriter& out, const Resolution& resolution);
bool read(core::ByteReader& in, Resolution& resolution);

}  // namespace alerting
