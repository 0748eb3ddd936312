#pragma once
// Stable hashing: XXH64 with one fixed seed everywhere (DESIGN 11.18), so that a hash means the
// same on every machine, in every process, after every restart. Not for secrets.
#include <cstdint>
#include <string>
#include <string_view>

namespace core {

inline constexpr uint64_t kHashSeed = 0x51'49'4e'47'59'55'00'01ULL;  // "QINGYU", 1

uint64_t hash64(std::string_view bytes, uint64_t seed = kHashSeed);

// Mixes `value` into `seed`; order matters.
uint64_t hash_mix(uint64_t seed, uint64_t value);

// The low 40 bits as 8 characters of Crockford base32 (no I, L, O, U).
std::string base32_8(uint64_t value);
// 16 lower-case hexadecimal digits.
std::string hex16(uint64_t value);

}  // namespace core
