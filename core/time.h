#pragma once
// Event time: milliseconds since 1970 UTC. There is no clock here; see core/clock.h for the seam.
#include <chrono>
#include <cstdint>
#include <string>

namespace core {

using Millis = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Millis>;

inline constexpr Time kTimeMin = Time::min();
inline constexpr Time kTimeMax = Time::max();

constexpr int64_t to_ms(Time t) { return t.time_since_epoch().count(); }
constexpr Time from_ms(int64_t ms) { return Time(Millis(ms)); }

// Rounds towards minus infinity to a multiple of `step`. REQUIRES: step > 0.
constexpr Time floor_to(Time t, Millis step) {
  const int64_t ms = to_ms(t);
  const int64_t rest = ((ms % step.count()) + step.count()) % step.count();
  return from_ms(ms - rest);
}

// "2026-03-10 15:04:05" of the wall `offset_minutes` east of Greenwich (480 for Beijing).
std::string format_time(Time t, int offset_minutes);
// "15:04" of the same wall.
std::string format_clock(Time t, int offset_minutes);
// "2026-03-10" of the same wall.
std::string format_date(Time t, int offset_minutes);
// Hour of the week, 0..167 from Monday 00:00, of the same wall.
int hour_of_week(Time t, int offset_minutes);

}  // namespace core
