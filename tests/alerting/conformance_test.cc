// CHANNELS 8 against real loopback servers: one table over the channels where it applies.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "alerting/channel.h"
#include "alerting/http.h"
#include "core/text/utf8.h"
#include "tests/fakes/dingtalk_robot.h"
#include "tests/fakes/feishu_robot.h"
#include "tests/fakes/link_previewer.h"
#include "tests/fakes/pagerduty.h"
#include "tests/fakes/sample.h"
#include "tests/fakes/slack_webhook.h"
#include "tests/fakes/teams_workflow.h"

using alerting::Degrade;
using alerting::Outcome;
using nlohmann::json;

namespace {

const std::vector<std::string_view> kRobots = {"alertmanager", "dingtalk", "feishu",  "pagerduty",
                                               "slack",        "teams",    "webhook", "wecom"};

struct Line {
  fakes::FakeClock clock;
  std::unique_ptr<alerting::Transport> transport = alerting::make_http_transport();
  alerting::Destination to;

  explicit Line(std::string url, std::vector<std::string> secrets = {}) {
    to.id = "robot:qa";
    to.url = std::move(url);
    to.secrets = std::move(secrets);
    to.allow_private = true;
  }
  alerting::SendResult send(std::string_view kind, const core::Notification& n, core::Time wall,
                            Degrade level = Degrade::Full) {
    const auto channel = alerting::make_channel(kind);
    const auto rendered = channel->render(n, links(), to, {480, level, false});
    return channel->classify(transport->send(channel->prepare(rendered, to, n, wall, {}), to));
  }
  static alerting::Extras links() {
    alerting::Extras extras;
    extras.links = {{"ack", "确认接手", "https://console.example/a/token", ""},
                    {"open", "查看详情", "https://console.example/i/1", ""}};
    return extras;
  }
};

// Every string that is a value in the message.
void strings_of(const json& value, std::vector<std::string>& out) {
  if (value.is_string()) out.push_back(value.get<std::string>());
  if (value.is_structured())
    for (const auto& [key, item] : value.items()) strings_of(item, out);
}

core::Notification hostile() {
  core::Notification n = fakes::sample("robot:qa");
  n.evidence = {{n.at, "<@all> 群", "<@all> <@wangqing> <!channel> @all @13800001111"},
                {n.at, "群", "<at user_id=\"all\"></at> <at id=all></at> [x](javascript:alert(1))"},
                {n.at, "群", "`确认接手`](https://evil.example)"}};
  n.subject_name = "<!channel><at id=all></at>[x](y)";
  return n;
}

}  // namespace

TEST_CASE("conformance 2: each attempt is signed afresh") {
  fakes::FakeClock clock;
  fakes::DingtalkRobot dingtalk(clock, {.secret = "SECret-of-dingtalk"});
  fakes::FeishuRobot feishu(clock, {.secret = "secret-of-feishu"});
  Line to_dingtalk(dingtalk.url(), {"SECret-of-dingtalk"});
  Line to_feishu(feishu.url(), {"secret-of-feishu"});
  dingtalk.server().fail_next({fakes::Fault::BadGateway});
  feishu.server().fail_next({fakes::Fault::BadGateway});
  const core::Notification n = fakes::sample("robot:qa");
  CHECK(to_dingtalk.send("dingtalk", n, clock.wall()).outcome == Outcome::Unknown);
  CHECK(to_feishu.send("feishu", n, clock.wall()).outcome == Outcome::Unknown);
  const core::Time before = clock.wall();
  clock.advance(core::Millis(61 * 60'000));
  CHECK(to_dingtalk.send("dingtalk", n, before).prepare_again);  // an old signature is refused
  CHECK(to_dingtalk.send("dingtalk", n, clock.wall()).outcome == Outcome::Delivered);
  CHECK(to_feishu.send("feishu", n, before).prepare_again);
  CHECK(to_feishu.send("feishu", n, clock.wall()).outcome == Outcome::Delivered);
  CHECK(dingtalk.posted().size() == 1);
  CHECK(feishu.posted().size() == 1);
}

TEST_CASE("conformance 3: 200 is not success") {
  for (const std::string_view kind : {"wecom", "dingtalk", "feishu", "slack", "pagerduty"}) {
    CAPTURE(kind);
    for (const std::string body : {"", "<html>ok</html>", "{}", "{\"errcode\":\"0\"}", "fine"}) {
      CAPTURE(body);
      alerting::TransportResult r;
      r.how = alerting::TransportResult::How::Answered;
      r.status = 200;
      r.body = body;
      const alerting::SendResult result = alerting::make_channel(kind)->classify(r);
      CHECK((result.outcome == Outcome::Unknown || result.outcome == Outcome::DeadMessage));
      CHECK(result.alarm);
    }
  }
}

TEST_CASE("conformance 3: a wrong token and a wrong signature are dead, and nothing is posted") {
  fakes::FakeClock clock;
  fakes::DingtalkRobot robot(clock, {.secret = "SECret-of-dingtalk"});
  const core::Notification n = fakes::sample("robot:qa");
  Line wrong_sign(robot.url(), {"another"});
  CHECK(wrong_sign.send("dingtalk", n, clock.wall()).outcome == Outcome::DeadDestination);
  Line wrong_token(robot.server().url("/robot/send?access_token=another"));
  CHECK(wrong_token.send("dingtalk", n, clock.wall()).outcome == Outcome::DeadDestination);
  CHECK(robot.posted().empty());
  fakes::FeishuRobot feishu(clock, {});
  Line nowhere(feishu.server().url("/open-apis/bot/v2/hook/another"));
  CHECK(nowhere.send("feishu", n, clock.wall()).outcome == Outcome::DeadDestination);
  CHECK(feishu.posted().empty());
}

TEST_CASE("conformance 6: the 21st call blocks DingTalk's robot for ten minutes") {
  fakes::FakeClock clock;
  fakes::DingtalkRobot robot(clock, {});
  Line line(robot.url());
  const core::Notification n = fakes::sample("robot:qa");
  for (int i = 0; i < 20; ++i)
    CHECK(line.send("dingtalk", n, clock.wall()).outcome == Outcome::Delivered);
  const auto busy = line.send("dingtalk", n, clock.wall());
  CHECK(busy.outcome == Outcome::RetryDestination);
  CHECK(busy.retry_after == core::Millis(600'000));
  clock.advance(core::Millis(599'000));
  CHECK(line.send("dingtalk", n, clock.wall()).outcome == Outcome::RetryDestination);
  clock.advance(core::Millis(1'000));
  CHECK(line.send("dingtalk", n, clock.wall()).outcome == Outcome::Delivered);
}

TEST_CASE(
    "conformance 9: whatever is written keeps to the budget, in UTF-8, and has its reference") {
  const std::vector<std::string> pieces = {"过",      "👨‍👩‍👧‍👦",
                                           "e\u0301", "<",
                                           "`",       "[",
                                           "*",       "@",
                                           "\n",      "\\",
                                           "\"",      "\xff",
                                           "\u202e",  "z\u0300\u0301\u0302"};
  std::mt19937_64 random(11);
  for (int round = 0; round < 40; ++round) {
    core::Notification n = fakes::sample("robot:qa");
    const auto words = [&] {
      std::string text;
      for (size_t i = random() % 600; i > 0; --i) text += pieces[random() % pieces.size()];
      return text;
    };
    n.subject_name = words();
    n.person_name = words();
    for (core::Evidence& e : n.evidence) e = {n.at, words(), words()};
    for (const std::string_view kind : kRobots) {
      CAPTURE(kind);
      const auto channel = alerting::make_channel(kind);
      const alerting::Destination to;
      const auto r =
          channel->render(n, Line::links(), to, {480, static_cast<Degrade>(random() % 4), false});
      REQUIRE(r.body.size() <= channel->caps(to).body_bytes);
      REQUIRE(core::text::valid_utf8(r.body));
      REQUIRE(json::accept(r.body));
      REQUIRE(r.body.find("\\u") == std::string::npos);
      REQUIRE(r.body.find("INC-20260310-7K3M9Q2A") != std::string::npos);
      if (kind == "teams") REQUIRE(json::parse(r.body).dump(-1, ' ', true).size() <= 20'000);
    }
  }
}

TEST_CASE("conformance 9: a letter keeps to its budget and to the lines of RFC 5322") {
  core::Notification n = hostile();
  for (core::Evidence& e : n.evidence)
    for (int i = 0; i < 2'000; ++i) e.excerpt += "过期 <b>\r\nBcc: evil@example.com\r\n.\r\n";
  const auto channel = alerting::make_channel("email");
  alerting::Destination to;
  to.options["from"] = "qingyu@example.com";
  for (const Degrade level :
       {Degrade::Full, Degrade::Shorter, Degrade::NoQuotes, Degrade::Neutral}) {
    const std::string body = channel->render(n, Line::links(), to, {480, level, false}).body;
    CHECK(body.size() <= channel->caps(to).body_bytes);
    CHECK(body.find("X-Incident-Id: INC-20260310-7K3M9Q2A\r\n") != std::string::npos);
    CHECK(body.find("\r\nBcc:") == std::string::npos);
    CHECK(body.find("\r\n.\r\n") == std::string::npos);
    for (size_t begin = 0, end = 0; begin < body.size(); begin = end + 2) {
      end = body.find("\r\n", begin);
      REQUIRE(end != std::string::npos);
      REQUIRE(end - begin <= 78);
    }
    CHECK(std::ranges::all_of(body, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  }
}

TEST_CASE("conformance 7: Feishu says in three ways that it is too much, and when to come back") {
  using Busy = fakes::FeishuRules::Busy;
  for (const Busy busy : {Busy::Code11232, Busy::Code9499, Busy::Status429}) {
    fakes::FakeClock clock;
    fakes::FeishuRules rules;
    rules.busy = busy;
    fakes::FeishuRobot robot(clock, rules);
    Line line(robot.url());
    const core::Notification n = fakes::sample("robot:qa");
    for (int i = 0; i < 5; ++i)
      CHECK(line.send("feishu", n, clock.wall()).outcome == Outcome::Delivered);
    const auto answer = line.send("feishu", n, clock.wall());
    CHECK(answer.outcome == Outcome::RetryDestination);
    CHECK(answer.retry_after == core::Millis(busy == Busy::Status429 ? 7'000 : 2'000));
    CHECK(robot.posted().size() == 5);
  }
}

TEST_CASE("conformance 17: a previewer follows our links only, and only by reading") {
  fakes::FakeClock clock;
  fakes::HttpServer console(clock, [](const fakes::Request&) {
    return fakes::Reply{200, "page", "text/html", {}};
  });
  alerting::Extras extras;
  extras.links = {{"ack", "确认接手", console.url("/a/token"), ""}};
  alerting::Destination to;
  to.allow_private = true;
  for (const std::string_view kind : {"dingtalk", "feishu", "slack", "teams", "pagerduty"}) {
    CAPTURE(kind);
    const size_t before = console.journal().size();
    const auto r =
        alerting::make_channel(kind)->render(hostile(), extras, to, {480, Degrade::Full, false});
    CHECK(fakes::preview(r.body) == std::vector<std::string>{console.url("/a/token")});
    const auto journal = console.journal();
    CHECK(journal.size() - before == 3 * 2 * fakes::previewer_agents().size());
    for (const fakes::Request& request : journal) CHECK(request.method != "POST");
  }
}

TEST_CASE("conformance 11: what is moderated goes, the reference and the link stay") {
  fakes::FakeClock clock;
  fakes::DingtalkRobot robot(clock,
                             {.unsafe_words = {"过期了"}, .safe_hosts = {"console.example"}});
  Line line(robot.url());
  const core::Notification n = fakes::sample("robot:qa");
  const auto refused = line.send("dingtalk", n, clock.wall());
  CHECK(refused.outcome == Outcome::FixContent);
  CHECK(refused.sanitise);
  CHECK(line.send("dingtalk", n, clock.wall(), Degrade::NoQuotes).outcome == Outcome::Delivered);
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].find("过期了") == std::string::npos);
  CHECK(robot.posted()[0].find("https://console.example/a/token") != std::string::npos);
}

TEST_CASE("conformance 12: strangers' text makes no mention, link or button") {
  const core::Notification n = hostile();
  for (const std::string_view kind : {"dingtalk", "feishu", "slack", "teams", "wecom"}) {
    CAPTURE(kind);
    const auto r = alerting::make_channel(kind)->render(n, {}, {}, {480, Degrade::Full, false});
    CHECK(r.body.find("https://evil") == std::string::npos);
    std::vector<std::string> texts;
    const json body = json::parse(r.body);
    if (kind == "slack") {  // plain_text holds no markup
      texts.push_back(body["text"]);
      for (const json& block : body["blocks"])
        if (block["text"]["type"] == "mrkdwn") texts.push_back(block["text"]["text"]);
    } else if (kind == "feishu") {
      for (const json& element : body["card"]["elements"])
        if (element["text"]["tag"] == "lark_md") texts.push_back(element["text"]["content"]);
    } else {
      strings_of(body, texts);
    }
    for (const std::string& text : texts) {
      CAPTURE(text);
      if (kind != "wecom") CHECK(text.find("<") == std::string::npos);
      CHECK(text.find("<@") == std::string::npos);
      CHECK(text.find("<at") == std::string::npos);
      if (kind != "slack") CHECK(text.find("[x](") == std::string::npos);
      if (kind == "dingtalk") CHECK(text.find('@') == std::string::npos);
    }
    CHECK(r.body.find("\"isAtAll\":true") == std::string::npos);
    CHECK(r.body.find("\"entities\"") == std::string::npos);
  }
}

TEST_CASE("conformance 13: mentions work, and a missing id is a warning") {
  core::Notification n = fakes::sample("robot:qa");
  n.contacts = {{"dingtalk", "+1-1234567890"},
                {"feishu", "ou_abc"},
                {"slack", "U0ABC"},
                {"teams", "wang@example.com"}};
  alerting::Destination to;
  to.options["mention"] = "person";
  const auto render = [&](std::string_view kind) {
    return alerting::make_channel(kind)->render(n, Line::links(), to, {480, Degrade::Full, false});
  };
  const json dingtalk = json::parse(render("dingtalk").body);
  CHECK(dingtalk["at"]["atMobiles"][0] == "+1-1234567890");
  CHECK(dingtalk["at"]["isAtAll"] == false);
  CHECK(dingtalk["markdown"]["text"].get<std::string>().find("@+1-1234567890") !=
        std::string::npos);
  CHECK(render("feishu").body.find("<at id=ou_abc></at>") != std::string::npos);
  CHECK(render("slack").body.find("<@U0ABC>") != std::string::npos);
  const json card = json::parse(render("teams").body)["attachments"][0]["content"];
  CHECK(card["msteams"]["entities"][0]["text"] == "<at>值班</at>");
  CHECK(card["body"].back()["text"] == "<at>值班</at>");
  to.options["style"] = "text";
  CHECK(json::parse(render("feishu").body)["content"]["text"].get<std::string>().find(
            "<at user_id=\"ou_abc\"></at>") != std::string::npos);
  n.contacts = {{"feishu", "wang@example.com"}};  // no open id
  for (const std::string_view kind : {"dingtalk", "feishu", "slack", "teams"}) {
    CHECK(render(kind).warnings.size() == 1);
    CHECK_FALSE(render(kind).body.empty());
  }
}

TEST_CASE("conformance 14: PagerDuty knows an incident by its key and keeps its states") {
  fakes::FakeClock clock;
  fakes::Pagerduty vendor(clock);
  Line line(vendor.url(), {fakes::Pagerduty::routing_key()});
  core::Notification n = fakes::sample("robot:qa");
  const std::string key = json::parse(alerting::make_channel("pagerduty")
                                          ->render(n, {}, line.to, {480, Degrade::Full, false})
                                          .body)["dedup_key"];
  vendor.server().fail_next({fakes::Fault::CloseAfterReading});
  CHECK(line.send("pagerduty", n, clock.wall()).outcome == Outcome::Unknown);
  CHECK(line.send("pagerduty", n, clock.wall()).outcome == Outcome::Accepted);
  REQUIRE(vendor.alerts(key).size() == 1);
  n.cause = core::Cause::Updated;
  n.incident.state = core::IncidentState::Acknowledged;
  line.send("pagerduty", n, clock.wall());
  CHECK(vendor.alerts(key)[0].state == "acknowledged");
  n.cause = core::Cause::AllClear;
  n.incident.state = core::IncidentState::Closed;
  line.send("pagerduty", n, clock.wall());
  CHECK(vendor.alerts(key)[0].state == "resolved");
  n.cause = core::Cause::Reopened;
  n.incident.state = core::IncidentState::Open;
  line.send("pagerduty", n, clock.wall());
  CHECK(vendor.alerts(key).size() == 2);
}

TEST_CASE("Slack and Teams take what is rendered, and Teams drops none of it") {
  fakes::FakeClock clock;
  fakes::SlackWebhook slack(clock);
  fakes::TeamsWorkflow teams(clock);
  const core::Notification n = hostile();
  CHECK(Line(slack.url()).send("slack", n, clock.wall()).outcome == Outcome::Delivered);
  CHECK(Line(teams.url()).send("teams", n, clock.wall()).outcome == Outcome::Accepted);
  CHECK(teams.posted().size() == 1);
  CHECK(teams.dropped() == 0);
}

TEST_CASE("a channel that gathers says how many a message stands for, the others never gather") {
  const std::set<std::string_view> machines = {"alertmanager", "pagerduty", "terminal", "webhook"};
  alerting::Extras extras = Line::links();
  for (int incident = 2; incident < 42; ++incident)
    extras.digest.push_back(fakes::sample("robot:qa", incident, 1, core::Cause::Opened));
  for (const std::string_view kind : alerting::channel_kinds()) {
    INFO(kind);
    const auto channel = alerting::make_channel(kind);
    alerting::Destination to;
    to.id = "robot:qa";
    CHECK(channel->caps(to).digests != machines.contains(kind));
    if (!channel->caps(to).digests) continue;
    const auto rendered = channel->render(fakes::sample("robot:qa"), extras, to, {});
    CHECK(rendered.text.find("另有 40 起") != std::string::npos);
    if (kind == "email") continue;  // its body is base64
    std::vector<std::string> strings;
    strings_of(json::parse(rendered.body), strings);
    CHECK(std::ranges::any_of(strings, [](const std::string& text) {
      return text.find("另有 40 起") != std::string::npos;
    }));
  }
}

TEST_CASE("a robot shows each link once, as a button and not in its text too") {
  const core::Notification n = fakes::sample("robot:qa");
  for (const std::string_view kind : {"dingtalk", "feishu", "slack", "teams"}) {
    INFO(kind);
    alerting::Destination to;
    to.id = "robot:qa";
    const std::string body = alerting::make_channel(kind)->render(n, Line::links(), to, {}).body;
    const std::string url = "console.example/a/token";
    const size_t first = body.find(url);
    CHECK(first != std::string::npos);
    CHECK(body.find(url, first + 1) == std::string::npos);
  }
}
