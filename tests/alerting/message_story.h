#pragma once
// The detergent case as each message tells it: every cause on every rung, and the worst that names
// and words can be.
#include <array>
#include <random>
#include <string>
#include <string_view>

#include "alerting/channel.h"
#include "core/notification.h"

namespace fakes {

inline constexpr std::array<core::Cause, 14> kCauses = {
    core::Cause::Opened,   core::Cause::Escalated, core::Cause::Updated,    core::Cause::Reminder,
    core::Cause::Decided,  core::Cause::AllClear,  core::Cause::Reopened,   core::Cause::Consulted,
    core::Cause::Approval, core::Cause::Action,    core::Cause::ActionLate, core::Cause::Briefing,
    core::Cause::Review,   core::Cause::Test};
inline constexpr uint32_t kRungs = 4;  // duty, manager, director, ceo

// What is told to the holder of `rung` when it is the highest, or (informed) when the ceo has it.
core::Notification story(core::Cause cause, uint32_t rung, bool informed = false);
// Links and similar cases as the courier looks them up.
alerting::Extras story_extras(core::Cause cause);
// `count` others of all levels, ids and deadlines in no order.
std::vector<core::Notification> others(size_t count);

// Text of Chinese, emoji sequences, flags, combining marks, markup, controls and broken bytes.
std::string strange(std::mt19937_64& random, size_t pieces_max);
// story() with six options, three quotes and words of `pieces_max` strange pieces everywhere.
core::Notification worst(core::Cause cause, uint32_t rung, std::mt19937_64& random,
                         size_t pieces_max);
alerting::Extras worst_extras(core::Cause cause, std::mt19937_64& random, size_t pieces_max);

}  // namespace fakes
