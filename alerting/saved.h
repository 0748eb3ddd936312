#pragma once
// What the stored layouts of the desk share: small readers that refuse what no desk ever wrote, so
// that damaged bytes never become impossible state. All layouts are in README.md.
#include <cstdint>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/time.h"

namespace alerting {

// Far outside any real event time, and far enough inside the type to add days without overflow.
inline constexpr int64_t kSaneMs = int64_t{1} << 52;

inline bool read_time(core::ByteReader& in, core::Time& t) {
  const int64_t ms = in.i64();
  if (ms <= -kSaneMs || ms >= kSaneMs) return false;
  t = core::from_ms(ms);
  return in.ok();
}

// 0, or 1 and the time.
inline void write_maybe(core::ByteWriter& out, const std::optional<core::Time>& t) {
  out.u64(t ? 1 : 0);
  if (t) out.time(*t);
}

inline bool read_maybe(core::ByteReader& in, std::optional<core::Time>& t) {
  t.reset();
  if (in.u64() == 0) return in.ok();
  core::Time at;
  if (!read_time(in, at)) return false;
  t = at;
  return true;
}

// A number from `low` to `high`, an enum for instance.
template <typename T>
bool read_within(core::ByteReader& in, T& value, uint64_t low, uint64_t high) {
  const uint64_t v = in.u64();
  if (v < low || v > high) return false;
  value = static_cast<T>(v);
  return in.ok();
}

// What is counted is never negative and never near overflow.
inline bool read_amount(core::ByteReader& in, int64_t& value) {
  value = in.i64();
  return in.ok() && value >= 0 && value < (int64_t{1} << 60);
}

// At most `limit` elements; each takes at least one byte.
inline bool read_count(core::ByteReader& in, size_t& count, size_t limit) {
  count = in.count();
  return in.ok() && count <= limit;
}

}  // namespace alerting
