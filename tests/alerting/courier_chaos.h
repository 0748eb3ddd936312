#pragma once
// What the chaos test and the process that it kills have to agree on: which notifications there
// are, when each becomes known, and where it fails over to.
#include <array>
#include <string>
#include <string_view>

#include "core/hash.h"
#include "core/notification.h"
#include "tests/fakes/sample.h"

namespace chaos {

inline constexpr std::array<std::string_view, 8> kKinds = {
    "wecom", "dingtalk", "feishu", "slack", "teams", "pagerduty", "webhook", "email"};
inline constexpr int kHops = 2;  // a notification and its fail-over

inline size_t kind_of(int number, int hop) {
  const uint64_t first = core::hash_mix(core::hash64("chaos"), static_cast<uint64_t>(number));
  return (first + static_cast<uint64_t>(hop)) % kKinds.size();
}

// Half of them ask for an answer, the others may be gathered. Each is of its own incident.
inline core::Notification notification(int number, int hop, core::Millis every) {
  constexpr std::array kCauses = {core::Cause::Escalated, core::Cause::Opened, core::Cause::Decided,
                                  core::Cause::Briefing};
  const std::string channel = std::string(kKinds[kind_of(number, hop)]) + ":chaos";
  const auto revision = static_cast<uint32_t>(hop + 1);
  core::Notification n =
      fakes::sample(channel, number, revision, kCauses[static_cast<size_t>(number) % 4]);
  n.at = fakes::kStart + every * number;
  n.contacts = {{"email", "duty@example.com"}};
  return n;
}

// How the message names itself; a digest names others too, but not so.
inline std::string reference(int number, int hop) {
  return "INC-20260310-" + std::to_string(10'000'000 + number) + " · r" + std::to_string(hop + 1) +
         " ·";
}

}  // namespace chaos
