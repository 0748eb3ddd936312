#pragma once
// Options: what may be decided about an incident now, what each would cost, and what waiting costs
// (P5). Pure functions of the policy, the incident and the time.
//
// cost = units x taken up (low, expected, high) x (price x refund + a fixed amount a unit) + a
// fixed sum, of the subject's product. While it is not known which product it is, of all products
// of the family: an authority must not pass because little is known. Whether somebody may decide an
// option is judged by its EXPECTED cost: the high one would send every broad estimate to the top,
// the low one would let through what is likely to be more. waiting an hour = loss x (2 ^ (60 /
// doubling minutes) - 1), at most all that was sold; 0 when nothing grows.
#include <string>
#include <string_view>
#include <vector>

#include "alerting/incident.h"
#include "alerting/step.h"
#include "core/notification.h"

namespace alerting {

// -1 in all three: not known (an option that costs so much a unit, and no product is known).
inline constexpr int64_t kCostUnknown = -1;

core::Interval cost_of(const core::ResponseOption& option, std::string_view subject,
                       std::string_view family, const core::Policy& policy);

// Whether `authority_cny` (-1: unlimited) covers the expected cost; only unlimited covers one that
// is not known.
bool covers(int64_t authority_cny, const core::Interval& cost);

// Of this incident, for somebody of this authority: cheapest expected cost first, equal ones in the
// policy's order, unknown ones last. Empty: the policy has none for the issue, and a decision is
// words.
std::vector<core::OptionOffer> offers(const Incident& incident, const Step& step,
                                      int64_t authority_cny);

int64_t wait_cost_cny(const Incident& incident, const Step& step);

// A hash of what a person is asked to decide: level, issue, subject, options and the lowest rung
// that may decide each. It does not change with every new message.
uint64_t question_of(const Incident& incident, const Step& step);

// Puts into a notification what its reader needs to decide, as far as its cause asks for that, and
// what was proposed or decided. REQUIRES: cause, rung and authority are set.
void fill_offers(core::Notification& notification, const Incident& incident, const Step& step);

}  // namespace alerting
