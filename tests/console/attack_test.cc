#include <doctest/doctest.h>

#include <thread>

#include "console/token.h"
#include "tests/console/office.h"

using tests::kPin;
using tests::Office;

TEST_CASE("conformance 18: links that are not good all get one page, and change nothing") {
  Office office({}, {.burst = 1000});
  const std::string good = office.link("ack");
  const std::string body =
      "nonce=" + office.nonce_of(office.ask("GET", good).body) + "&pin=" + kPin;
  const auto grant = **office.grants.find(good.substr(3), office.clock.wall());
  const auto head = *console::head_of(good.substr(3));
  const auto forged = [&](auto change, const console::Keys& keys) {
    auto bound = console::bound_of(grant);
    auto other = head;
    change(bound, other);
    return "/a/" + console::make_token(keys, other, bound);
  };
  const console::Keys theirs({{uint8_t{1}, std::string(32, 'x')}, {uint8_t{2}, "y"}});
  std::vector<std::string> bad = {
      forged([](auto& b, auto&) { b.act = "close"; }, office.keys),
      forged([](auto& b, auto&) { b.inc = "INC-2"; }, office.keys),
      forged([](auto& b, auto&) { b.rev = 4; }, office.keys),
      forged([](auto& b, auto&) { b.tenant = "other"; }, office.keys),
      forged([](auto&, auto& h) { h.jti = std::string(16, 'j'); }, office.keys),
      forged([](auto&, auto&) {}, theirs),
      forged([](auto&, auto& h) { h.kid = 2; }, theirs),
      good.substr(0, good.size() - 1),
      good.substr(0, good.size() - 22),
      good + "A",
      "/a/",
      "/a/../../etc/passwd",
      office.link("decide", 1),  // sent before the question was what it is now
  };
  std::string later = good;  // another expiry under the same mac
  later[5] = later[5] == 'A' ? 'B' : 'A';
  bad.push_back(later);
  const std::string page = office.ask("GET", bad[0]).body;
  for (const auto& link : bad) {
    CAPTURE(link);
    for (const auto& answer : {office.ask("GET", link), office.post(link, body)}) {
      CHECK(answer.status == 404);
      CHECK(answer.body == page);
    }
  }
  CHECK(office.noted("press_unknown"));
  CHECK(office.noted("press_revoked"));
  office.clock.advance(core::Millis{25 * 3600'000});
  CHECK(office.ask("GET", good).body == page);
  CHECK(office.post(good, body).body == page);
  CHECK(office.acts().empty());
}

TEST_CASE("conformance 18: a press that is not from our fresh page changes nothing") {
  Office office;
  const std::string link = office.link("ack");
  const std::string nonce = office.nonce_of(office.ask("GET", link).body);
  const std::string body = "nonce=" + nonce + "&pin=" + kPin;
  CHECK(office.post(link, body, "https://evil.example").status == 403);
  CHECK(office.post(link, body, "null").status == 403);
  CHECK(office.ask("POST", link, "", body).status == 403);
  CHECK(office.ask("POST", link, "Sec-Fetch-Site: cross-site\r\n", body).status == 403);
  CHECK(office.post(link, "pin=" + kPin).status == 403);
  CHECK(office.post(link, "nonce=1.x&pin=" + kPin).status == 403);
  const std::string other = office.nonce_of(office.ask("GET", office.link("close")).body);
  CHECK(office.post(link, "nonce=" + other + "&pin=" + kPin).status == 403);
  office.clock.advance(core::Millis{10 * 60'000 + 1});
  CHECK(office.post(link, body).status == 403);
  CHECK(office.acts().empty());
  CHECK(office.noted("press_cross_origin"));
  CHECK(office.noted("press_no_page"));
  CHECK(office.press(link, "pin=" + kPin).status == 200);
}

TEST_CASE("conformance 18: of two who press at once one wins, and the other sees what came of it") {
  for (int round = 0; round < 5; ++round) {
    Office office;
    const std::string link = office.link("ack");
    const std::string body =
        "nonce=" + office.nonce_of(office.ask("GET", link).body) + "&pin=" + kPin;
    tests::Answer answers[2];
    std::thread first([&] { answers[0] = office.post(link, body); });
    std::thread second([&] { answers[1] = office.post(link, body); });
    first.join();
    second.join();
    for (const auto& answer : answers) {
      CHECK(answer.status == 200);
      CHECK(answer.body.find("已由 张三") != std::string::npos);
    }
    const auto notes = office.notes();
    CHECK(std::count(notes.begin(), notes.end(), "press_done") == 1);
    CHECK(office.acts().size() == 1);
  }
}

TEST_CASE("five wrong PINs lock the person on every link, and they are told") {
  Office office;
  const std::string link = office.link("ack"), second = office.link("close");
  for (int i = 0; i < 5; ++i) CHECK(office.press(link, "pin=000000").status == 403);
  CHECK(office.alarms == std::vector<std::string>{"zhang"});
  CHECK(office.press(second, "pin=" + kPin).status == 403);
  CHECK(office.acts().empty());
  CHECK(office.noted("pin_wrong"));
  CHECK(office.noted("pin_locked"));
  office.clock.advance(core::Millis{15 * 60'000});
  CHECK(office.press(second, "pin=" + kPin).status == 200);
}

TEST_CASE("a person without a PIN cannot press") {
  Office office;
  CHECK(office.press(office.link("ack", 3, "li"), "pin=" + kPin).status == 403);
  CHECK(office.noted("pin_missing"));
}
