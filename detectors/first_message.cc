// Some messages open at once (DESIGN 11.12): a ticket or agent's report of level orange or red, an
// exposure threat in a service conversation, a red rule on a named product. In ordinary chat the
// same words are mostly chatter.
#include "detectors/roster.h"

namespace detectors {

namespace {

bool reported_high(const core::Signal& s) {
  const bool reported = s.kind == core::Kind::Ticket || s.kind == core::Kind::AgentReport;
  return reported && s.reported_level >= static_cast<uint8_t>(core::Level::Orange) &&
         s.reported_level <= static_cast<uint8_t>(core::Level::Red);
}

bool opens_at_once(const core::Signal& s, const core::RuleHit& hit) {
  if (!counts(hit)) return false;
  return (hit.exposure_threat && s.service) || (hit.level == core::Level::Red && s.product_named);
}

core::Because because(const core::Signal& s, core::Level level, const std::string& rule) {
  return {"first_message",
          {{"kind", 0, std::string(core::name_of(s.kind))},
           {"level", 0, std::string(core::name_of(level))},
           {"rule", 0, rule}}};
}

}  // namespace

std::optional<core::Because> first_message(const View& view) {
  const core::Signal& s = view.signal;
  if (reported_high(s))
    return because(s, static_cast<core::Level>(s.reported_level), counting_rule(s));
  for (const core::RuleHit& hit : s.hits)
    if (opens_at_once(s, hit)) return because(s, hit.level, hit.rule);
  return std::nullopt;
}

}  // namespace detectors
