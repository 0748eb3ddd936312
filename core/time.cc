#include "core/time.h"

#include <cstdio>

namespace core {

namespace {

struct Wall {
  int year;
  unsigned month, day;
  int hour, minute, second, weekday;  // weekday: 0 = Monday
};

Wall wall_of(Time t, int offset_minutes) {
  using namespace std::chrono;
  const auto local = t + minutes(offset_minutes);
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(local - day));
  const int weekday_now = static_cast<int>(weekday(day).iso_encoding()) - 1;
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          weekday_now};
}

}  // namespace

std::string format_time(Time t, int offset_minutes) {
  const Wall w = wall_of(t, offset_minutes);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", w.year, w.month, w.day, w.hour,
                w.minute, w.second);
  return text;
}

std::string format_clock(Time t, int offset_minutes) {
  const Wall w = wall_of(t, offset_minutes);
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", w.hour, w.minute);
  return text;
}

std::string format_date(Time t, int offset_minutes) {
  const Wall w = wall_of(t, offset_minutes);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", w.year, w.month, w.day);
  return text;
}

int hour_of_week(Time t, int offset_minutes) {
  const Wall w = wall_of(t, offset_minutes);
  return w.weekday * 24 + w.hour;
}

}  // namespace core
