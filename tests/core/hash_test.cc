#include "core/hash.h"

#include <doctest/doctest.h>
#include <xxhash.h>

#include <string>

TEST_CASE("hash64 is XXH64 with our seed, at every length") {
  std::string bytes;
  for (size_t n = 0; n < 300; ++n) {
    CHECK(core::hash64(bytes) == XXH64(bytes.data(), bytes.size(), core::kHashSeed));
    bytes.push_back(static_cast<char>(n * 131 + 7));
  }
}

TEST_CASE("base32_8 shows the low 40 bits") {
  CHECK(core::base32_8(0) == "00000000");
  CHECK(core::base32_8(31) == "0000000Z");
  CHECK(core::base32_8(~0ULL) == "ZZZZZZZZ");
}
