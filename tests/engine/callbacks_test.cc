// CHANNELS 8 test 19: the vendors' apps call a real console, which asks engine/callbacks.
#include "engine/callbacks.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "console/console.h"
#include "console/server.h"
#include "engine/command_lane.h"
#include "engine/settings.h"
#include "store/open.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/feishu_app.h"
#include "tests/fakes/log_capture.h"
#include "tests/fakes/slack_app.h"
#include "tests/fakes/wecom_app.h"
#include "tests/servers.h"

using core::Millis;
using fakes::Heard;
using fakes::Push;
using fakes::SlackSignature;
using nlohmann::json;

namespace {

const std::string kWecom = "wecom_app:qa", kFeishu = "feishu_app:qa", kSlack = "slack_app:qa",
                  kFeishuSealed = "feishu_app:sealed";

core::Policy people() {
  core::Policy policy;
  policy.people["qing"].id = "qing";
  policy.people["qing"].name = "王青";
  policy.people["qing"].contacts = {{"wecom", "wangqing"}, {"feishu", "ou_1"}, {"slack", "U1"}};
  policy.people["san"].id = "san";
  policy.people["san"].name = "张三";
  policy.people["san"].contacts = {{"wecom", "zhangsan"}, {"feishu", "ou_2"}, {"slack", "U2"}};
  for (const char* twin : {"twin-1", "twin-2"}) {
    policy.people[twin].id = twin;
    policy.people[twin].contacts = {{"slack", "U3"}};
  }
  return policy;
}

// Acts go into the store as requests, and nobody takes them: whatever the engine does, or does not
// do, is no matter to a vendor who waits for its answer.
struct CallOffice {
  fakes::LogCapture log;
  fakes::FakeClock clock;
  fakes::WecomApp wecom{clock};
  fakes::FeishuApp feishu{clock};
  fakes::FeishuApp sealed{clock, {.callback_key = "encryptKey456"}};
  fakes::SlackApp slack{clock};
  std::unique_ptr<core::Store> store;
  console::Keys keys{{{uint8_t{1}, std::string(32, 'k')}}};
  std::unique_ptr<console::Grants> grants;
  std::unique_ptr<engine::Callbacks> callbacks;
  std::unique_ptr<console::Console> console;
  std::unique_ptr<console::Server> server;
  std::atomic<int> fails = 0;  // so many acts cannot be handed over
  std::mutex mutex;            // guards handles: they are told on the server's thread
  std::vector<std::string> handles;
  std::thread thread;

  CallOffice() {
    auto opened = store::open_store({.kind = "memory"});
    REQUIRE(opened.ok());
    store = *std::move(opened);
    grants = std::make_unique<console::Grants>(*store, keys, "qingyu", "https://q.example");
    const auto policy = std::make_shared<const core::Policy>(people());
    engine::CallbackDoors doors;
    doors.wall = [this] { return clock.wall(); };
    doors.policy = [policy] { return policy; };
    doors.act = [this](const core::Act& act, const std::string& id) { return hand_over(act, id); };
    doors.handle = [this](const console::Grant&, const alerting::MessageHandle& handle) {
      const std::scoped_lock lock(mutex);
      handles.push_back(handle.text);
    };
    callbacks = std::make_unique<engine::Callbacks>(destinations(), *grants, std::move(doors));
    console = std::make_unique<console::Console>(*store, *grants, hooks());
    auto listening = console::Server::listen({.port = 0}, *console);
    REQUIRE(listening.ok());
    server = *std::move(listening);
    thread = std::thread([this] { server->run(); });
  }
  ~CallOffice() {
    server->stop();
    thread.join();
  }

  static std::vector<alerting::Destination> destinations() {
    const fakes::WecomAppRules rules;
    alerting::Destination wecom_app{kWecom, "wecom_app", "https://qyapi.weixin.qq.com", {"s"}};
    wecom_app.options = {{"corp", rules.corp}, {"agent", std::to_string(rules.agent)}};
    wecom_app.callback_token = rules.callback_token;
    wecom_app.callback_key = rules.callback_key;
    alerting::Destination feishu_app{kFeishu, "feishu_app", "https://open.feishu.cn", {"s"}};
    feishu_app.callback_token = fakes::FeishuAppRules().callback_token;
    alerting::Destination sealed_app = feishu_app;
    sealed_app.id = kFeishuSealed;
    sealed_app.callback_key = "encryptKey456";
    alerting::Destination slack_app{kSlack, "slack_app", "https://slack.com/api", {"s"}};
    slack_app.callback_key = fakes::SlackAppRules().signing_secret;
    const alerting::Destination robot{"wecom:qa", "wecom", "https://qyapi.weixin.qq.com", {}};
    return {wecom_app, feishu_app, sealed_app, slack_app, robot};
  }

  console::Hooks hooks() {
    console::Hooks h;
    h.wall = [this] { return clock.wall(); };
    h.person = [](const std::string&) { return std::optional<console::PersonView>(); };
    h.incident = [](const std::string&, const std::string&) {
      return std::optional(console::IncidentView());
    };
    h.act = [this](const core::Act& act, const std::string& id) { return hand_over(act, id); };
    h.outcome = [](const std::string&) { return std::optional<console::Outcome>(); };
    h.pin_locked = [](const std::string&) {};
    h.note = [](const console::Note&) {};
    h.callback = [this](const std::string& channel, const console::Request& request) {
      return callbacks->read(channel, request);
    };
    h.health = [] { return console::Health(); };
    h.metrics = [] { return std::string(); };
    return h;
  }

  core::Result<core::Unit> hand_over(const core::Act& act, const std::string& id) {
    if (fails > 0 && fails-- > 0) return core::Error{core::Code::Unavailable, "no"};
    return store->request(id, engine::encode(act));
  }

  // The token of a button in a message to `person` by `channel`.
  std::string button(const std::string& channel, const std::string& person = "qing",
                     const std::string& action = "ack") {
    const auto url =
        grants->mint({"INC-1", 3, person, channel, clock.wall(), {}}, action, clock.wall());
    REQUIRE(url.ok());
    return url->substr(url->rfind('/') + 1);
  }
  static Push at(const std::string& channel, Push push) {
    push.target = "/callbacks/" + channel + push.target;
    return push;
  }
  Heard call(const std::string& channel, const Push& push) {
    return fakes::deliver(server->port(), at(channel, push), Millis(3'000));
  }
  std::vector<core::Act> acts() {
    std::vector<core::Act> out;
    const auto requests = store->requests(100);
    REQUIRE(requests.ok());
    for (const auto& [id, bytes] : *requests) REQUIRE(engine::decode(bytes, out.emplace_back()));
    return out;
  }
};

}  // namespace

TEST_CASE_FIXTURE(CallOffice,
                  "conformance 19: a WeCom press is one act, however often the vendor sends it") {
  const std::string button = this->button(kWecom);
  REQUIRE(button.size() == console::kTokenSize);
  auto pusher = wecom.pusher();
  pusher.lose_next_answer();
  CHECK(
      pusher.send(server->port(), at(kWecom, wecom.press("wangqing", "INC-1_r3", button))).status ==
      0);
  CHECK(acts().size() == 1);
  CHECK(pusher.again(server->port()) == 0);
  clock.advance(Millis(5'000));
  CHECK(pusher.again(server->port()) == 1);
  CHECK(pusher.unanswered() == 0);
  REQUIRE(acts().size() == 1);
  const core::Act act = acts()[0];
  CHECK(act.what == "ack");
  CHECK(act.incident == "INC-1");
  CHECK(act.by == "qing");
  CHECK(act.door == "wecom");
  CHECK(act.revision == 3);
  const std::scoped_lock lock(mutex);
  REQUIRE(handles.size() == 2);  // the code of the press, as often as it was told
  CHECK(handles[0].starts_with("response-code-"));
  CHECK(handles[0] == handles[1]);
}

TEST_CASE_FIXTURE(CallOffice,
                  "conformance 19: a press that could not be kept is taken when it comes again") {
  fails = 1;
  auto pusher = wecom.pusher();
  const Push press = at(kWecom, wecom.press("wangqing", "INC-1_r3", button(kWecom)));
  CHECK(pusher.send(server->port(), press).status == 503);
  CHECK(acts().empty());
  clock.advance(Millis(5'000));
  CHECK(pusher.again(server->port()) == 1);
  CHECK(pusher.unanswered() == 0);
  CHECK(acts().size() == 1);
}

TEST_CASE_FIXTURE(CallOffice, "conformance 19: WeCom's question is answered with its plain text") {
  const Heard heard = call(kWecom, wecom.question("1616140317555161061"));
  CHECK(heard.status == 200);
  CHECK(heard.body == "1616140317555161061");
  Push forged = wecom.question("1616140317555161061");
  forged.target.replace(forged.target.find("nonce=") + 6, 1, "9");
  CHECK(call(kWecom, forged).status == 403);
}

TEST_CASE_FIXTURE(
    CallOffice,
    "conformance 19: Slack's press with a good signature is taken once, with a bad or "
    "an old one never") {
  const fakes::SlackApp::Posted message{clock.wall(), "D1", "1.2", "", {}};
  const std::string button = this->button(kSlack);
  CHECK(call(kSlack, slack.press("U1", message, button, "3.4", SlackSignature::Bad)).status == 403);
  CHECK(call(kSlack, slack.press("U1", message, button, "3.4", SlackSignature::Old)).status == 403);
  CHECK(acts().empty());
  CHECK(callbacks->refused() == 2);
  CHECK(call(kSlack, slack.press("U1", message, button, "3.4")).status == 200);
  CHECK(call(kSlack, slack.press("U1", message, button, "3.4")).status == 200);  // delivered twice
  CHECK(call(kSlack, slack.press("U1", message, button, "5.6")).status == 200);  // pressed twice
  REQUIRE(acts().size() == 1);
  CHECK(acts()[0].door == "slack");
}

TEST_CASE_FIXTURE(CallOffice,
                  "conformance 19: Feishu is answered while the engine stands still, and an event "
                  "counts once") {
  CHECK(json::parse(call(kFeishu, feishu.question("c-1")).body)["challenge"] == "c-1");
  CHECK(json::parse(call(kFeishuSealed, sealed.question("c-2")).body)["challenge"] == "c-2");
  const Heard first = call(kFeishu, feishu.press("ou_1", "om_1", button(kFeishu), "event-1"));
  CHECK(first.status == 200);
  CHECK(json::parse(first.body)["toast"]["content"].get<std::string>().find("已收到") !=
        std::string::npos);
  const Heard again = call(kFeishu, feishu.press("ou_1", "om_1", button(kFeishu), "event-1"));
  CHECK(json::parse(again.body)["toast"]["content"].get<std::string>().find("已由 王青 于 16:00") !=
        std::string::npos);
  CHECK(call(kFeishuSealed, sealed.press("ou_2", "om_2", button(kFeishuSealed, "san"), "event-2"))
            .status == 200);
  CHECK(acts().size() == 2);
}

TEST_CASE_FIXTURE(
    CallOffice,
    "conformance 19: an event that is no press is answered, so that it does not come again") {
  auto pusher = feishu.event_pusher();
  CHECK(pusher.send(server->port(), at(kFeishu, feishu.event("im.message.receive_v1", "event-3")))
            .status == 200);
  clock.advance(Millis(6 * 3'600'000));
  CHECK(pusher.again(server->port()) == 0);
  pusher.lose_next_answer();
  pusher.send(server->port(), at(kFeishu, feishu.event("im.message.receive_v1", "event-4")));
  clock.advance(Millis(15'000));
  CHECK(pusher.again(server->port()) == 1);
  CHECK(pusher.unanswered() == 0);
  CHECK(acts().empty());
}

TEST_CASE_FIXTURE(CallOffice,
                  "conformance 19: whoever may not press gets a toast, and nothing is done") {
  const auto toast = [&](const std::string& person, const std::string& value) {
    const Heard heard = call(kFeishu, feishu.press(person, "om_1", value, person + value));
    CHECK(heard.status == 200);
    return json::parse(heard.body)["toast"]["content"].get<std::string>();
  };
  const std::string button = this->button(kFeishu);
  CHECK(toast("ou_stranger", button).find("未绑定账号") != std::string::npos);
  CHECK(toast("ou_2", button).find("不是发给您的") != std::string::npos);
  CHECK(toast("ou_1", "made-up").find("已失效") != std::string::npos);
  CHECK(toast("ou_1", this->button(kSlack)).find("已失效") != std::string::npos);
  std::string tampered = button;
  tampered.back() = tampered.back() == 'A' ? 'B' : 'A';
  tampered[30] = tampered[30] == 'A' ? 'B' : 'A';
  CHECK(toast("ou_1", tampered).find("已失效") != std::string::npos);
  CHECK(toast("ou_1", this->button(kFeishu, "qing", "decide")).find("请用消息里的链接") !=
        std::string::npos);
  const fakes::SlackApp::Posted message{clock.wall(), "D1", "1.2", "", {}};
  CHECK(call(kSlack, slack.press("U3", message, this->button(kSlack, "twin-1"), "1")).status ==
        200);
  clock.advance(Millis(25 * 3'600'000));
  CHECK(toast("ou_1", button).find("已失效") != std::string::npos);
  CHECK(acts().empty());
}

TEST_CASE_FIXTURE(CallOffice, "a button and the link beside it are one press") {
  const std::string button = this->button(kSlack);
  const fakes::SlackApp::Posted message{clock.wall(), "D1", "1.2", "", {}};
  CHECK(call(kSlack, slack.press("U1", message, button, "1")).status == 200);
  const auto grant = grants->find(button, clock.wall());
  REQUIRE((grant.ok() && *grant));
  CHECK((*grant)->used_by == "qing");
  REQUIRE(console->resume());  // the process died and came again: the same id, nothing new
  CHECK(acts().size() == 1);
}

TEST_CASE_FIXTURE(CallOffice,
                  "a channel without callbacks is not there, and no secret is in the log") {
  CHECK(call("wecom:qa", {}).status == 404);
  CHECK(call("nobody", {}).status == 404);
  CHECK(call(kWecom, {.target = "?msg_signature=x"}).status == 403);
  CHECK(call(kFeishu, {.body = "{}"}).status == 403);
  CHECK(call(kSlack, {.body = "payload=x"}).status == 403);
  const std::string said = log.all();
  CHECK(said.find("refused") != std::string::npos);
  for (const auto& secrets : {wecom.secrets(), feishu.secrets(), sealed.secrets(), slack.secrets()})
    for (const std::string& secret : secrets) CHECK(said.find(secret) == std::string::npos);
}

TEST_CASE(
    "an app's secrets for callbacks are read from files, and one that nothing uses is a mistake") {
  const tests::Temporary folder;
  const auto write = [&folder](const std::string& name, const std::string& text) {
    std::ofstream(folder.file(name), std::ios::binary) << text;
    return folder.file(name);
  };
  const std::string key = fakes::WecomAppRules().callback_key;
  write("key", key + "\n");
  write("token", "testtoken\n");
  const std::string head =
      "store: {kind: memory}\nsources: []\npacks: []\nlists: l\ntaxonomy: t\nladders: d\n"
      "channels:\n  - id: \"wecom_app:qa\"\n    url: https://qyapi.weixin.qq.com\n"
      "    callback_key: {file: key}\n";
  const auto good =
      engine::load_settings(write("good.yaml", head + "    callback_token: {file: token}\n"));
  REQUIRE_MESSAGE(good.ok(), good.error().message);
  REQUIRE(good->destinations.size() == 1);
  CHECK(good->destinations[0].callback_key == key);
  CHECK(good->destinations[0].callback_token == "testtoken");
  const auto robot = engine::load_settings(
      write("robot.yaml", head.substr(0, head.find("wecom_app")) +
                              "wecom:qa\"\n    url: x\n    callback_key: {file: key}\n"));
  REQUIRE_FALSE(robot.ok());
  CHECK(robot.error().message.find("receives no callbacks") != std::string::npos);
  CHECK(robot.error().message.find(key) == std::string::npos);
}
