#pragma once
// Unified diff of two versions of a text file, as `diff -u` and `patch` know it.
#include <string>
#include <string_view>

namespace rules {

// "" when they are the same. Shortest up to a thousand changed lines; more are shown as one change.
std::string unified_diff(const std::string& file, std::string_view before, std::string_view after);

}  // namespace rules
