#include <doctest/doctest.h>

#include "tests/console/office.h"

using tests::Office;

TEST_CASE(
    "conformance 19: a vendor's event is taken once a day, and answered while the desk is "
    "blocked") {
  Office office;
  office.answers = false;  // nobody works behind
  int taken = 0;
  bool fails = true;
  std::string seen;
  office.callback =
      [&](const std::string& channel,
          const console::Request& request) -> std::optional<console::CallbackReading> {
    if (channel != "slack:app") return std::nullopt;
    seen = request.body + request.header("x-slack-signature");
    return console::CallbackReading{200, "text/plain", "ok", "event-1",
                                    [&]() -> core::Result<core::Unit> {
                                      if (fails) return core::Error{core::Code::Unavailable, "no"};
                                      ++taken;
                                      return core::Unit{};
                                    }};
  };
  const auto call = [&] {
    return office.ask("POST", "/callbacks/slack:app", "X-Slack-Signature: v0=1\r\n", "raw=%41&");
  };
  CHECK(call().status == 503);  // not taken: the vendor comes again
  fails = false;
  CHECK(call().body == "ok");
  CHECK(call().body == "ok");
  CHECK(taken == 1);
  CHECK(seen == "raw=%41&v0=1");
  office.clock.advance(core::Millis{24 * 3600'000});
  CHECK(call().status == 200);
  CHECK(taken == 2);
  CHECK(office.ask("POST", "/callbacks/other", "", "x").status == 404);
}
