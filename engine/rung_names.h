#pragma once
// What the rung is called that the person told by a notification holds: the incident itself may
// have climbed further.
#include <string>

#include "core/notification.h"
#include "core/policy.h"

namespace engine {

std::string rung_name(const core::Policy& policy, const core::Notification& notification);

}  // namespace engine
