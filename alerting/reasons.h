#pragma once
// Reasons: the because codes of the desk, each with its figures in their fixed order. Sentences are
// made of them elsewhere (message_sentence.cc). An empty text means "none".
#include <cstdint>
#include <string>
#include <string_view>

#include "core/incident.h"
#include "core/time.h"

namespace alerting::reasons {

// "level" "issue" "subject": changed from, to. `rule` only for the level.
core::Because level(core::Level from, core::Level to, std::string_view rule);
core::Because issue(std::string_view from, std::string_view to);
core::Because subject(std::string_view from, std::string_view to);
core::Because groups_doubled(int64_t groups, int64_t before);
core::Because rule_groups(int64_t groups, core::Millis within, std::string_view rule);

enum class Waiting : uint8_t { Ack, Decide };
// "missed_ack" or "missed_decide".
core::Because missed(Waiting what, core::Millis since, std::string_view rung,
                     std::string_view person);
core::Because reminder(Waiting what, core::Millis since);
core::Because not_delivered(std::string_view person, std::string_view channel);

core::Because acknowledged(std::string_view by);
core::Because decided(std::string_view by, std::string_view option, std::string_view reason);
core::Because closed_by(std::string_view by, std::string_view reason);
core::Because quiet(core::Millis since);

// Nobody of the rung is on duty, so that whoever is told stands in or is of the next rung.
core::Because nobody_on_duty(std::string_view rung);
core::Because handover(std::string_view from, std::string_view to);
core::Because by_hand(std::string_view by, std::string_view rung, std::string_view reason);
core::Because deescalated(std::string_view by, core::Level from, core::Level to,
                          std::string_view reason);
core::Because threat_again(int64_t threats);      // messages of the same customer or order
core::Because no_such_rung(std::string_view by);  // above, or below, the one it stands on

core::Because already(core::IncidentState state, std::string_view by);
core::Because unknown_person(std::string_view by);
core::Because no_option(std::string_view by);

}  // namespace alerting::reasons
