#pragma once
// The log of the process: lines of core/log.h with time and level on standard error.
#include "core/log.h"

namespace engine {

// Once, before any thread starts.
void start_log(core::LogLevel least);

}  // namespace engine
