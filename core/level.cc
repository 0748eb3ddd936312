#include "core/level.h"

#include <array>

namespace core {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"blue", "yellow", "orange", "red"};
constexpr std::array<std::string_view, 4> kChinese = {"蓝", "黄", "橙", "红"};
constexpr std::array<std::string_view, 4> kStates = {"open", "acknowledged", "decided", "closed"};

}  // namespace

std::optional<Level> level_from(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<Level>(i + 1);
  return std::nullopt;
}

std::string_view name_of(Level level) { return kNames.at(static_cast<size_t>(level) - 1); }
std::string_view chinese_of(Level level) { return kChinese.at(static_cast<size_t>(level) - 1); }
std::string_view name_of(IncidentState state) { return kStates.at(static_cast<size_t>(state)); }

}  // namespace core
