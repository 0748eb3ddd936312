#include "engine/rung_names.h"

namespace engine {

std::string rung_name(const core::Policy& policy, const core::Notification& n) {
  if (n.rung == n.incident.rung) return n.incident.rung_name;
  const core::Ladder& shown = policy.ladder(policy.ladder_id("", n.incident.issue));
  if (n.rung >= 1 && n.rung <= shown.rungs.size()) return shown.rungs[n.rung - 1].name;
  return std::to_string(n.rung);
}

}  // namespace engine
