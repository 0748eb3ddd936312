#pragma once
// A moment as people type it on a command line.
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace engine {

// Epoch milliseconds, or "2026-03-10", "2026-03-10 15:04", "2026-03-10T15:04:05" in Beijing.
core::Result<core::Time> moment_from(const std::string& text);

}  // namespace engine
