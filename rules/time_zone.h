#pragma once
// This machine's time zones, from ICU's data. Read when a Book is made and never afterwards: what
// a Book needs of them is kept with it (rules/zones.h).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/people.h"

namespace rules {

inline constexpr int kZoneYearFirst = 2020, kZoneYearLast = 2040;

// The offsets of an IANA zone ("Europe/London") in those years: the first one also holds before
// them, the last one after them. nullopt when there is no such zone. Short names ("CST", "PRC")
// are none: they mean different places to different people.
std::optional<core::Zone> machine_zone(std::string_view name);

// All names that machine_zone() knows, for suggestions.
std::vector<std::string> machine_zone_names();

}  // namespace rules
