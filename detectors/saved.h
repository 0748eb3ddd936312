#pragma once
// What the stored layouts of this folder share: hashes packed as 8 bytes, times as differences,
// and the checks that keep damaged bytes from becoming impossible state.
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/time.h"

namespace detectors {

// Far outside any real event time, and far enough inside the type to add days without overflow.
inline constexpr int64_t kSaneMs = int64_t{1} << 52;

inline bool sane(int64_t ms) { return ms > -kSaneMs && ms < kSaneMs; }

// A time stored as the difference to the one before; the first one's is to 0. It may be older
// than the one before only when it is the first.
inline bool read_later(core::ByteReader& in, core::Time& at) {
  const int64_t step = in.i64();
  const int64_t before = core::to_ms(at);
  if (!sane(step) || !sane(before + step) || (step < 0 && before != 0)) return false;
  at = core::from_ms(before + step);
  return in.ok();
}

inline bool sane_positive(double v) { return std::isfinite(v) && v > 0 && v < 1e12; }

// Hashes use all their bits, so a varint would be longer than the 8 bytes, lowest first.
inline void pack(std::string& out, uint64_t hash) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(hash >> shift));
}

// REQUIRES: 8 bytes from `offset`.
inline uint64_t unpack(std::string_view bytes, size_t offset) {
  uint64_t hash = 0;
  for (size_t i = 0; i < 8; ++i)
    hash |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[offset + i])) << (8 * i);
  return hash;
}

}  // namespace detectors
