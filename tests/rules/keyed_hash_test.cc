#include "rules/keyed_hash.h"

#include <doctest/doctest.h>

#include "core/hash.h"

TEST_CASE("a keyed hash tells kinds, ids and keys apart, and is the same number in digits") {
  const std::string one = rules::keyed_hash("key", "member", "u1");
  CHECK(one.size() == 16);
  CHECK(one == core::hex16(rules::keyed_hash64("key", "member", "u1")));
  CHECK(one != rules::keyed_hash("key", "customer", "u1"));
  CHECK(one != rules::keyed_hash("key", "member", "u2"));
  CHECK(one != rules::keyed_hash("kez", "member", "u1"));
}

TEST_CASE("a sealed id opens with its key only, and not when it was changed") {
  for (const std::string id : {"u1", "", "一个很长的成员号 with spaces 0123456789 0123456789"}) {
    const std::string bytes = rules::sealed("key", id);
    CHECK(bytes.size() == id.size() + 16);
    CHECK(bytes == rules::sealed("key", id));
    CHECK(rules::unsealed("key", bytes) == id);
    CHECK(!rules::unsealed("another", bytes));
    for (size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      CHECK(!rules::unsealed("key", changed));
    }
  }
  CHECK(!rules::unsealed("key", "short"));
  CHECK(rules::sealed("key", "u1").find("u1") == std::string::npos);
}

TEST_CASE("members that are met again are the same, however many come between") {
  rules::Members members("key");
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 10'000; i += 7) {
      const std::string id = "u" + std::to_string(i);
      const rules::Members::Member& member = members.of(id);
      REQUIRE(member.author == rules::keyed_hash64("key", "member", id));
      REQUIRE(member.sealed == rules::sealed("key", id));
      REQUIRE(members.of(id).sealed == member.sealed);
    }
}
