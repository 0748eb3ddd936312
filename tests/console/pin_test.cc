#include "console/pin.h"

#include <doctest/doctest.h>

TEST_CASE("a PIN is 6 to 12 digits and only its own hash knows it") {
  for (const char* bad : {"", "12345", "1234567890123", "12345a", "１２３４５６", " 123456"})
    CHECK_FALSE(console::hash_pin(bad).ok());
  const std::string hash = *console::hash_pin("123456");
  CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
  CHECK(hash != *console::hash_pin("123456"));
  CHECK(console::verify_pin(hash, "123456"));
  CHECK_FALSE(console::verify_pin(hash, "123457"));
  CHECK_FALSE(console::verify_pin("", "123456"));
  CHECK_FALSE(console::verify_pin("$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHQ$aGFzaA", "123456"));
  CHECK_FALSE(console::verify_pin(hash.substr(0, hash.size() - 4), "123456"));
}
