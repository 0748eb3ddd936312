#pragma once
// Reasons of decisions and of what comes of them: the because codes with their figures in their
// fixed order. An empty text means "none"; a cost of -1 is not known.
#include <cstdint>
#include <string_view>

#include "core/incident.h"
#include "core/time.h"

namespace alerting::reasons {

// Acts that take no effect.
core::Because unknown_option(std::string_view by, std::string_view option, std::string_view known);
core::Because no_authority_at_all(std::string_view by);
core::Because question_changed(std::string_view by, uint32_t seen, uint32_t revision);
core::Because already_decided(std::string_view by, std::string_view option, core::Millis since);
core::Because already_proposed(std::string_view by, std::string_view option);
core::Because above_every_rung(std::string_view option, int64_t cost_cny, int64_t authority_cny);
core::Because may_not(std::string_view by, std::string_view option, int64_t authority_cny);
core::Because same_person(std::string_view by, std::string_view option);
core::Because no_second_person(std::string_view by, std::string_view option);
core::Because nothing_proposed(std::string_view by);
core::Because no_reason(std::string_view by);
core::Because unknown_action(std::string_view by, std::string_view action, std::string_view known);
core::Because bad_result(std::string_view by, std::string_view value);
core::Because result_known(std::string_view action, std::string_view by);

// Steps of a decision.
core::Because needs_authority(std::string_view by, std::string_view option, int64_t cost_cny,
                              int64_t authority_cny, std::string_view rung);
core::Because needs_second(std::string_view by, std::string_view option, int64_t cost_cny,
                           int64_t bound_cny);
core::Because rejected(std::string_view by, std::string_view option, std::string_view reason);
// `undo`: how what was carried out for the old option is taken back, in words.
core::Because overruled(std::string_view by, std::string_view option, std::string_view over,
                        std::string_view over_option, std::string_view undo);

// Steps of actions. `open`: how many of the decision's actions are not done yet.
core::Because action(std::string_view action, std::string_view option, std::string_view by);
core::Because action_done(std::string_view action, std::string_view by, int64_t open);
core::Because action_failed(std::string_view action, std::string_view by, std::string_view reason);
core::Because action_not_delivered(std::string_view action, std::string_view channel);
core::Because action_late(std::string_view action, core::Millis within);

core::Because briefing(int64_t day);
core::Because review(core::Millis lasted);

}  // namespace alerting::reasons
