#include "core/ring.h"

#include <doctest/doctest.h>

#include <thread>

TEST_CASE("a full ring refuses and leaves the value alone") {
  core::Ring<std::string> ring(2);
  std::string a = "a", b = "b", c = "c";
  CHECK(ring.push(a));
  CHECK(ring.push(b));
  CHECK_FALSE(ring.push(c));
  CHECK(c == "c");
  std::string out;
  CHECK(ring.pop(out));
  CHECK(out == "a");
  CHECK(ring.push(c));
}

TEST_CASE("two threads pass every value in order") {
  core::Ring<int> ring(64);
  constexpr int kValues = 200'000;
  std::thread producer([&] {
    for (int i = 0; i < kValues;) {
      int v = i;
      if (ring.push(v)) ++i;
    }
  });
  int next = 0;
  for (int v = 0; next < kValues;)
    if (ring.pop(v)) {
      if (v != next) break;
      ++next;
    }
  producer.join();
  CHECK(next == kValues);
}
