#pragma once
// Metrics: the figures of the stored status (docs/formats.md "Status") in the text exposition
// format of Prometheus, and whether the system is well. Pure.
#include <string>
#include <string_view>

#include "console/hooks.h"
#include "core/time.h"

namespace engine {

// No label holds a name, a text or a URL; a stream is called by its name in the settings.
std::string metrics_text(std::string_view status_json);

// `wall` is real time. Well: the status was put not long ago, so the main loop turns and the store
// takes writes.
console::Health health_of(std::string_view status_json, core::Time wall);

}  // namespace engine
