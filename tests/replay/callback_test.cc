// A button of a vendor's app, from the message of the running program to its ledger. Real processes
// and sockets; the vendors are fakes.
#include <doctest/doctest.h>

#include <algorithm>

#include "engine/system_clock.h"
#include "tests/fakes/feishu_app.h"
#include "tests/fakes/slack_app.h"
#include "tests/fakes/wecom_app.h"
#include "tests/replay/house.h"

using fakes::Push;
using nlohmann::json;

namespace {

struct Site {
  engine::SystemClock clock;
  tests::House house;
  tests::Port port;

  void write(const std::string& channel, const std::string& contact, const std::string& settings) {
    tests::write_file(
        house.file("ladders.yaml"),
        "ladders:\n  default: &all\n"
        "    open: {rule_groups: 3, mention_groups: 6, within: 1h, p: 1.0e-6}\n    remind: 15m\n"
        "    rungs:\n      - {name: duty, who: {person: duty}, enter: {always: true}, ack: 10m, "
        "authority: unlimited}\n"
        "  product-safety: *all\n"
        "people:\n  duty: {name: 值班, channels: [\"" +
            channel + "\"], contacts: {" + contact + "}}\n");
    const std::string at = "127.0.0.1:" + std::to_string(port.number());
    house.settings("follow: true", "channels:\n  - id: \"" + channel + "\"\n" + settings +
                                       "    allow_private: true\nconsole: {listen: \"" + at +
                                       "\", base: \"http://" + at + "\"}\n");
  }
  std::string secret(const std::string& name, const std::string& value) {
    tests::write_file(house.file(name), value + "\n");
    return "{file: " + name + "}";
  }
  template <class App>
  void run(const App& app) {
    house.add(tests::House::complaints(0, 1, 3));
    house.start();
    house.wait_until("the message is there", [&] { return !app.posted().empty(); });
  }
  int press(const std::string& channel, Push push) {
    push.target = "/callbacks/" + channel + push.target;
    return fakes::deliver(port.number(), push, core::Millis(5'000)).status;
  }
  void check_acknowledged(const std::string& door) {
    house.wait_until("it is acknowledged", [&] { return house.states() == "open acknowledged "; });
    const auto ledger = house.ledger();
    const auto by_door = std::ranges::count_if(
        ledger, [&](const json& line) { return line.dump().find(door) != std::string::npos; });
    CHECK(by_door > 0);
    CHECK(house.stop() == 0);
  }
};

}  // namespace

TEST_CASE("a button of Slack's message acknowledges, and again it changes nothing") {
  Site site;
  fakes::SlackApp slack(site.clock);
  const fakes::SlackAppRules rules;
  site.write("slack_app:qa", "slack: U1",
             "    url: " + slack.url() + "\n    secrets: [" + site.secret("token", rules.token) +
                 "]\n    callback_key: " + site.secret("signing", rules.signing_secret) + "\n");
  site.run(slack);
  const auto message = slack.posted().front();
  std::string value;
  const json body = json::parse(message.body);
  for (const json& block : body["blocks"])
    if (block["type"] == "actions") value = block["elements"][0].value("value", "");
  REQUIRE(value.size() == 53);
  CHECK(site.press("slack_app:qa",
                   slack.press("U1", message, value, "1", fakes::SlackSignature::Bad)) == 403);
  CHECK(site.press("slack_app:qa", slack.press("U2", message, value, "1")) == 200);  // a stranger
  CHECK(site.house.states() == "open ");
  CHECK(site.press("slack_app:qa", slack.press("U1", message, value, "2")) == 200);
  CHECK(site.press("slack_app:qa", slack.press("U1", message, value, "2")) == 200);
  site.check_acknowledged("slack");
}

TEST_CASE("a button of WeCom's card acknowledges") {
  Site site;
  fakes::WecomApp wecom(site.clock);
  const fakes::WecomAppRules rules;
  site.write("wecom_app:qa", "wecom: wangqing",
             "    url: " + wecom.url() + "\n    secrets: [" + site.secret("app", rules.secret) +
                 "]\n    options: {corp: " + rules.corp + ", agent: \"" +
                 std::to_string(rules.agent) +
                 "\"}\n    callback_token: " + site.secret("token", rules.callback_token) +
                 "\n    callback_key: " + site.secret("key", rules.callback_key) + "\n");
  site.run(wecom);
  const auto message = wecom.posted().front();
  const std::string key = json::parse(message.text)["button_list"][0].value("key", "");
  REQUIRE(key.size() == 53);
  CHECK(site.press("wecom_app:qa", wecom.press("wangqing", message.task, key)) == 200);
  site.check_acknowledged("wecom");
}

TEST_CASE("a button of Feishu's encrypting app acknowledges") {
  Site site;
  const fakes::FeishuAppRules rules{.callback_key = "encryptKey456"};
  fakes::FeishuApp feishu(site.clock, rules);
  site.write("feishu_app:qa", "feishu: ou_1",
             "    url: " + feishu.url() + "\n    secrets: [" + site.secret("app", rules.secret) +
                 "]\n    options: {app: " + rules.app +
                 "}\n    callback_token: " + site.secret("token", rules.callback_token) +
                 "\n    callback_key: " + site.secret("key", rules.callback_key) + "\n");
  site.run(feishu);
  const auto message = feishu.posted().front();
  std::string value;
  const json card = json::parse(message.card);
  for (const json& element : card["elements"])
    if (element["tag"] == "action") value = element["actions"][0]["value"].value("press", "");
  REQUIRE(value.size() == 53);
  CHECK(site.press("feishu_app:qa", feishu.press("ou_1", message.id, value, "event-1")) == 200);
  site.check_acknowledged("feishu");
}
