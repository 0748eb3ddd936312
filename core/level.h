#pragma once
// The four warning levels of the field (四级预警) and the states of an incident.
#include <cstdint>
#include <optional>
#include <string_view>

namespace core {

enum class Level : uint8_t { Blue = 1, Yellow = 2, Orange = 3, Red = 4 };
std::optional<Level> level_from(std::string_view name);  // blue yellow orange red
std::string_view name_of(Level level);
std::string_view chinese_of(Level level);  // 蓝 黄 橙 红

enum class IncidentState : uint8_t { Open, Acknowledged, Decided, Closed };
std::string_view name_of(IncidentState state);  // open acknowledged decided closed

}  // namespace core
