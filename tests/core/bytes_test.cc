#include "core/bytes.h"

#include <doctest/doctest.h>

#include <limits>

#include "core/notification.h"
#include "core/signal.h"

TEST_CASE("numbers and strings come back as they were written") {
  core::ByteWriter out;
  for (const int64_t v : {int64_t{0}, int64_t{-1}, std::numeric_limits<int64_t>::min(),
                          std::numeric_limits<int64_t>::max()})
    out.i64(v);
  out.f64(1.0 / 3);
  out.str("过期");
  core::ByteReader in(out.bytes());
  CHECK(in.i64() == 0);
  CHECK(in.i64() == -1);
  CHECK(in.i64() == std::numeric_limits<int64_t>::min());
  CHECK(in.i64() == std::numeric_limits<int64_t>::max());
  CHECK(in.f64() == 1.0 / 3);
  CHECK(in.str() == "过期");
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE(
    "a notification survives every truncation without a crash and only whole bytes are accepted") {
  core::Notification n;
  n.id = "0123456789abcdef";
  n.incident.incident = "INC-1";
  n.incident.products = {{"SKU1", 1500}};
  n.incident.because = {"rule_groups", {{"groups", 3, ""}, {"rule", 0, "near-expiry"}}};
  n.evidence = {{core::from_ms(5), "群", "摘录"}};
  const std::string bytes = core::encode(n);
  core::Notification back;
  REQUIRE(core::decode(bytes, back));
  CHECK(core::encode(back) == bytes);
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(core::decode(bytes.substr(0, size), back));
}

TEST_CASE("a signal comes back as it was written") {
  core::Signal s;
  s.event = "e1";
  s.family = "brand:洁朗";
  s.votes = {{"SKU1", 500}};
  s.hits = {{"near-expiry", "expiry", core::Level::Yellow, 1200, "", false}};
  s.fingerprints = {1, 2, 3};
  core::ByteWriter out;
  core::write(out, s);
  core::ByteReader in(out.bytes());
  const core::Signal back = core::read_signal(in);
  REQUIRE(in.ok());
  core::ByteWriter again;
  core::write(again, back);
  CHECK(again.bytes() == out.bytes());
}
