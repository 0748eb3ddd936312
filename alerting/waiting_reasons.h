#pragma once
// Reasons for waiting and for waking: consultations, silences, quiet hours (reasons.h has the
// others). The sentences are in sentences/waiting.cc.
#include <string_view>

#include "core/incident.h"
#include "core/level.h"
#include "core/time.h"

namespace alerting::reasons {

// An agent reported it, and peers are asked side by side before the ladder is climbed.
core::Because agent_report(std::string_view reporter, int64_t sensitivity);
core::Because peer_doubts(std::string_view by, std::string_view reason);
core::Because peers_confirmed(std::string_view by, std::string_view reason);
core::Because peers_silent(core::Millis after, int64_t asked);
core::Because peers_doubted(int64_t asked);
core::Because not_consulted(std::string_view by);
core::Because no_advice(std::string_view by);  // neither "confirm" nor "doubt"

core::Because silenced(std::string_view by, int64_t minutes, std::string_view reason);
core::Because silence_gives_way(std::string_view by, core::Level level);
core::Because silence_ended(std::string_view by);
core::Because unsilenced(std::string_view by, std::string_view reason);
core::Because may_not_silence(std::string_view by);
core::Because may_not_reveal(std::string_view by);
core::Because no_such_member(std::string_view by);
core::Because reveal_needs_reason(std::string_view by);
core::Because no_silence(std::string_view by);       // there is none to end, or nobody is told
core::Because silence_minutes(std::string_view by);  // not 1..10080

core::Because quiet_hours_end(std::string_view person);
core::Because quiet_gives_way(core::Level level, int64_t loss_cny);

}  // namespace alerting::reasons
