#include <doctest/doctest.h>

#include <thread>

#include "tests/console/office.h"

using tests::kPin;
using tests::Office;

TEST_CASE(
    "conformance 17: previewers follow every link and nothing happens; then the person presses") {
  Office office({}, {.burst = 1000});
  const char* const agents[] = {"Slackbot-LinkExpanding 1.0",
                                "Mozilla/5.0 MicroMessenger/8.0",
                                "DingTalkBot-LinkService/1.0",
                                "Feishubot/1.0",
                                "Mozilla/5.0 SkypeUriPreview Preview/0.5",
                                "curl/7.88"};
  const auto follow = [&](const std::string& link) {
    for (const char* agent : agents)
      for (const char* method : {"GET", "HEAD", "OPTIONS", "GET", "HEAD", "GET", "HEAD"})
        CHECK(office.ask(method, link, "User-Agent: " + std::string(agent) + "\r\n").status == 200);
  };
  const std::string links[] = {office.link("ack"), office.link("decide"), office.link("close")};
  for (const auto& link : links) follow(link);
  CHECK(office.acts().empty());
  for (const auto& slot : *office.store->list("grants", "", 10)) {
    console::Grant grant;
    REQUIRE(console::decode(slot.value, grant));
    CHECK_FALSE(grant.used());
  }
  CHECK(office.console->prefetches_suspected() == 3 * 4 * 7);
  const auto pressed = office.press(links[0], "pin=" + kPin);
  CHECK(pressed.status == 200);
  CHECK(pressed.body.find("已由 张三 于 16:00") != std::string::npos);
  CHECK(pressed.body.find("已记录 ack") != std::string::npos);
  follow(links[0]);
  CHECK(office.ask("GET", links[0]).body.find("已记录 ack") != std::string::npos);
  REQUIRE(office.acts().size() == 1);
  const core::Act act = office.acts()[0];
  CHECK(act.by == "zhang");
  CHECK(act.door == "link");
  CHECK(act.revision == 3);
}

TEST_CASE("the page is small, whole in itself and harmless") {
  Office office;
  const auto page = office.ask("GET", office.link("decide"));
  CHECK(page.body.size() <= 4096);
  CHECK(page.body.find("&lt;b&gt;") != std::string::npos);
  for (const char* part : {"src=", "href=", "<script", "<b>", "og:"})
    CHECK(page.body.find(part) == std::string::npos);
  for (const char* header :
       {"Cache-Control: no-store", "Referrer-Policy: no-referrer", "X-Robots-Tag: noindex",
        "Content-Security-Policy: default-src 'none'; form-action 'self'"})
    CHECK(page.head.find(header) != std::string::npos);
  CHECK(office.ask("HEAD", office.link("decide")).body.empty());
}

TEST_CASE("a page with the longest of everything stays within 4 KB") {
  Office office;
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "汀<";
  office.view.lines.assign(9, chinese);
  office.view.options.assign(9, {std::string(90, 'x'), chinese, {1, 2, 3}, false});
  const auto page = office.ask("GET", office.link("decide"));
  CHECK(page.status == 200);
  CHECK(page.body.size() <= 4096);
}

TEST_CASE("a decision needs an option of the list and the second confirmation") {
  Office office;
  const std::string link = office.link("decide");
  CHECK(office.press(link, "sure=yes&pin=" + kPin).status == 400);
  CHECK(office.press(link, "option=bribe&sure=yes&pin=" + kPin).status == 400);
  CHECK(office.press(link, "option=refund&pin=" + kPin).status == 400);
  CHECK(office.acts().empty());
  CHECK(office.press(link, "option=refund&sure=yes&because=call+13800001111&pin=" + kPin).status ==
        200);
  REQUIRE(office.acts().size() == 1);
  CHECK(office.acts()[0].option == "refund");
  CHECK(office.acts()[0].because.find("13800001111") == std::string::npos);
}

TEST_CASE("what is decided or closed already is answered with the state as it is") {
  Office office;
  office.view.state = core::IncidentState::Decided;
  const auto answer = office.press(office.link("decide"), "option=refund&sure=yes&pin=" + kPin);
  CHECK(answer.status == 409);
  CHECK(answer.body.find("已决定") != std::string::npos);
  CHECK(office.acts().empty());
}

TEST_CASE("a desk that is slow: accepted now, the result on the page later") {
  Office office({.result_wait = core::Millis{100}});
  office.answers = false;
  const std::string link = office.link("ack");
  CHECK(office.press(link, "pin=" + kPin).body.find("已受理") != std::string::npos);
  office.answers = true;
  CHECK(office.ask("GET", link).body.find("已记录 ack") != std::string::npos);
}

TEST_CASE("what cannot be handed over leaves the link good") {
  Office office;
  office.refuses = true;
  const std::string link = office.link("ack");
  CHECK(office.press(link, "pin=" + kPin).status == 503);
  office.refuses = false;
  CHECK(office.press(link, "pin=" + kPin).status == 200);
  CHECK(office.acts().size() == 1);
}

TEST_CASE("after a crash a press without a result is handed over again") {
  Office office;
  const std::string link = office.link("ack");
  auto grant = **office.grants.find(link.substr(3), office.clock.wall());
  auto used = grant;
  used.used_by = "zhang";
  used.used_at = office.clock.wall();
  REQUIRE(office.grants.use(grant, used).ok());
  REQUIRE(office.console->resume().ok());
  CHECK(office.acts().size() == 1);
}
