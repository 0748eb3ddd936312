#include "engine/moment.h"

#include <charconv>
#include <cstdio>

namespace engine {

namespace {

constexpr core::Millis kEastOfGreenwich{8 * 3'600'000};
constexpr int kYearMin = 1970, kYearMax = 9999;

core::Error wrong(const std::string& text) {
  return {core::Code::BadSettings,
          "expected epoch milliseconds or a time such as 2026-03-10 15:04, not " + text};
}

}  // namespace

core::Result<core::Time> moment_from(const std::string& text) {
  int64_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, ms);
  if (!text.empty() && error == std::errc{} && stop == end) return core::from_ms(ms);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  const char* rest = text.c_str();
  if (std::sscanf(rest, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3) return wrong(text);
  rest += used;
  if (*rest == ' ' || *rest == 'T') {
    if (std::sscanf(++rest, "%2d:%2d%n", &hour, &minute, &used) != 2) return wrong(text);
    rest += used;
    if (*rest == ':') {
      if (std::sscanf(rest, ":%2d%n", &second, &used) != 1) return wrong(text);
      rest += used;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool in_day =
      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (*rest != '\0' || !date.ok() || !in_day || year < kYearMin || year > kYearMax)
    return wrong(text);
  return core::Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) - kEastOfGreenwich;
}

}  // namespace engine
