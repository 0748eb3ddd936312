// The console of the running program: a message with links, a page, a PIN, what came of it, and
// the figures for watchers. Real processes, real sockets; the group is a fake of the vendor's.
#include <doctest/doctest.h>

#include "alerting/channel.h"
#include "engine/system_clock.h"
#include "tests/fakes/wecom_robot.h"
#include "tests/replay/house.h"
#include "tests/servers/http_client.h"

using nlohmann::json;

namespace {

// Of 482913, with little memory: a test's own.
constexpr const char* kPin = "482913";

struct Site {
  engine::SystemClock clock;
  fakes::WecomRobot robot{clock, {"key-1"}};
  tests::House house;
  tests::Port port;

  Site() {
    const std::string pin = pin_line();
    tests::write_file(
        house.file("ladders.yaml"),
        "ladders:\n  default: &all\n"
        "    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: 1.0e-6}\n    remind: 15m\n"
        "    rungs:\n      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, "
        "decide: 30m, authority: unlimited}\n"
        "  product-safety: *all\n"
        "options:\n  - {id: refund, name: 全额退货, cost: {refund: 1000, take_up: [100, 200, "
        "300]}}\n"
        "people:\n  duty: {name: 值班, channels: [\"wecom:qa\"], " +
            pin + "}\n");
    house.settings("follow: true",
                   "channels:\n  - id: \"wecom:qa\"\n    url: " + robot.url("key-1") +
                       "\n    allow_private: true\nconsole: {listen: "
                       "\"127.0.0.1:" +
                       std::to_string(port.number()) +
                       "\", base: \"http://127.0.0.1:" + std::to_string(port.number()) + "\"}\n");
  }

  std::string pin_line() {
    tests::write_file(house.file("pin"), std::string(kPin) + "\n");
    const auto made = tests::said({"pin"}, house.folder(), house.file("pin"));
    REQUIRE(made.code == 0);
    REQUIRE(made.out.starts_with("pin: '$argon2id$"));
    return made.out.substr(0, made.out.size() - 1);
  }

  uint16_t at() const { return static_cast<uint16_t>(port.number()); }

  // The path of the first link of this action in what the group has seen.
  std::string link(const std::string& label) {
    for (const auto& posted : robot.posted()) {
      const size_t named = posted.content.find("[" + label + "](");
      if (named == std::string::npos) continue;
      const size_t path = posted.content.find("/a/", named);
      return posted.content.substr(path, posted.content.find(')', path) - path);
    }
    return "";
  }

  void run() {
    house.add(tests::House::complaints(0, 1, 3));
    house.start();
    house.wait_until("the group has the message", [&] { return !robot.posted().empty(); });
  }
};

}  // namespace

TEST_CASE("a link in the group's message acknowledges by PIN, and a previewer changes nothing") {
  Site site;
  site.run();
  const std::string link = site.link("确认接手");
  REQUIRE_MESSAGE(!link.empty(), site.robot.posted().front().content);
  for (int i = 0; i < 3; ++i) {
    const auto seen = tests::ask(site.at(), i == 1 ? "HEAD" : "GET", link,
                                 "User-Agent: Slackbot-LinkExpanding 1.0\r\n");
    CHECK(seen.status == 200);
  }
  CHECK(site.house.states() == "open ");

  CHECK(tests::press(site.at(), link, "pin=000000").status == 403);
  CHECK(site.house.states() == "open ");

  const auto done = tests::press(site.at(), link, std::string("pin=") + kPin);
  CHECK(done.status == 200);
  CHECK_MESSAGE(done.body.find("值班") != std::string::npos, done.body);
  site.house.wait_until("it is acknowledged",
                        [&] { return site.house.states() == "open acknowledged "; });
  // Whoever comes again sees what is recorded.
  const auto again = tests::ask(site.at(), "GET", link);
  CHECK(again.status == 200);
  CHECK(again.body.find("<form") == std::string::npos);
  CHECK(site.house.stop() == 0);
}

TEST_CASE("a decision by link takes an option of the page, and says what came of it") {
  Site site;
  site.run();
  const std::string link = site.link("作出决定");
  REQUIRE_MESSAGE(!link.empty(), site.robot.posted().front().content);
  const auto page = tests::ask(site.at(), "GET", link);
  CHECK(page.status == 200);
  CHECK(page.body.find("value=\"refund\"") != std::string::npos);
  CHECK(page.body.find("超出权限") == std::string::npos);

  const std::string pin = std::string("&pin=") + kPin;
  CHECK(tests::press(site.at(), link, "option=refund" + pin).status == 400);  // not sure
  CHECK(tests::press(site.at(), link, "option=other&sure=yes" + pin).status == 400);
  const auto done =
      tests::press(site.at(), link, "option=refund&sure=yes&because=13812345678" + pin);
  CHECK(done.status == 200);
  site.house.wait_until("it is decided", [&] { return site.house.states() == "open decided "; });
  const auto ledger = site.house.ledger();
  const bool by_link = std::ranges::any_of(ledger, [](const json& line) {
    return line.value("kind", "") == "decision" && line.value("door", "") == "link";
  });
  CHECK(by_link);
  for (const json& line : ledger) CHECK(line.dump().find("13812345678") == std::string::npos);
  // What was pressed once is not pressed again, and the other link finds it past.
  CHECK(tests::press(site.at(), link, "option=refund&sure=yes" + pin).status == 200);
  CHECK(tests::press(site.at(), site.link("确认接手"), pin.substr(1)).status != 403);
  CHECK(site.house.states() == "open decided ");
  CHECK(site.house.command({"audit", "verify"}).code == 0);
  CHECK(site.house.stop() == 0);
}

TEST_CASE("watchers read health and metrics, and unknown pages are one and the same") {
  Site site;
  site.run();
  site.house.wait_until("it has put its status",
                        [&] { return tests::ask(site.at(), "GET", "/healthz").status == 200; });
  const auto health = json::parse(tests::ask(site.at(), "GET", "/healthz").body);
  CHECK(health["status"] == "ok");
  site.house.wait_until("the message is counted", [&] {
    return tests::ask(site.at(), "GET", "/metrics").body.find("\nqingyu_courier_sent_total 1\n") !=
           std::string::npos;
  });
  const auto metrics = tests::ask(site.at(), "GET", "/metrics");
  CHECK(metrics.head.find("text/plain; version=0.0.4") != std::string::npos);
  CHECK(metrics.body.find("# TYPE qingyu_events_total counter\nqingyu_events_total 3\n") !=
        std::string::npos);
  CHECK(metrics.body.find("key-1") == std::string::npos);

  const auto unknown = tests::ask(site.at(), "GET", "/a/" + std::string(53, 'x'));
  CHECK(unknown.status == 404);
  CHECK(tests::ask(site.at(), "GET", "/callbacks/slack:none").status == 404);
  CHECK(tests::ask(site.at(), "GET", "/a/short").body == unknown.body);
  CHECK(site.house.stop() == 0);
  CHECK(site.house.log().find(kPin) == std::string::npos);
}

TEST_CASE("settings of the console that cannot work are refused with their place") {
  tests::House house;
  const auto said_of = [&](const std::string& console) {
    house.settings("", console);
    const auto ran = house.run_to_end();
    CHECK(ran.code == 2);
    return ran.output;
  };
  CHECK(said_of("console: {listen: nonsense}\n").find("ADDRESS:PORT") != std::string::npos);
  CHECK(said_of("console: {}\n").find("listen") != std::string::npos);
  CHECK(said_of("console: {listen: \"127.0.0.1:8686\", base: ftp}\n").find("https://") !=
        std::string::npos);
  const auto wrong_file = tests::said({"pin"}, house.folder());
  CHECK(wrong_file.code == 2);
}

TEST_CASE("five wrong PINs lock the person out, and they are told in the group") {
  Site site;
  site.run();
  const std::string link = site.link("确认接手");
  for (int i = 0; i < 5; ++i) CHECK(tests::press(site.at(), link, "pin=000000").status == 403);
  CHECK(tests::press(site.at(), link, std::string("pin=") + kPin).status == 403);
  site.house.wait_until("they are told", [&] { return site.robot.posted().size() == 2; });
  CHECK(site.robot.posted().back().content.find("PIN 在消息链接上连续输错 5 次") !=
        std::string::npos);
  CHECK(site.house.states() == "open ");
  CHECK(site.house.stop() == 0);
}

TEST_CASE("a test message goes by the running system, and says what the vendor said") {
  Site site;
  site.run();
  const auto test = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"channel", "test", "--config",
                                      site.house.file("qingyu.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    return tests::said(words, site.house.folder());
  };
  const auto done = test({"--person", "duty"});
  CHECK(done.code == 0);
  CHECK(done.out.starts_with("wecom:qa  已送达 delivered"));
  CHECK(site.robot.posted().back().content.find("通道测试") != std::string::npos);
  // The robot was taken out of the group; the courier believes it when it has heard it often
  // enough.
  site.robot.say_next(std::vector<std::string>(
      alerting::kStrikesMax + 1, R"({"errcode":93000,"errmsg":"invalid webhook url"})"));
  const auto refused = test({"--person", "duty", "--channel", "wecom:qa"});
  CHECK(refused.code == 1);
  CHECK_MESSAGE(refused.out.find("未送达 not delivered") != std::string::npos, refused.out);
  CHECK_MESSAGE(refused.out.find("93000") != std::string::npos, refused.out);
  CHECK(test({"--person", "nobody"}).code == 2);
  CHECK(test({"--person", "duty", "--channel", "slack:x"}).code == 2);
  CHECK(site.house.stop() == 0);
  CHECK(test({"--person", "duty"}).code == 2);
  CHECK(site.house.states() == "open ");
}
