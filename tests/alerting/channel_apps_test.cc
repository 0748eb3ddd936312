// What the apps and letters send, and what they make of answers.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "alerting/channel.h"
#include "alerting/channels/callback_crypto.h"
#include "tests/fakes/sample.h"

using alerting::Destination;
using alerting::Outcome;

namespace {

Destination destination(const std::string& kind) {
  Destination to;
  to.id = kind + ":qa";
  to.kind = kind;
  to.secrets = {"app-secret-9"};
  if (kind == "wecom_app") {
    to.url = "https://qyapi.weixin.qq.com";
    to.options = {{"corp", "ww1"}, {"agent", "7"}};
    to.callback_token = "t";
    to.callback_key = std::string(43, 'A');
  } else if (kind == "feishu_app") {
    to.url = "https://open.feishu.cn";
    to.options = {{"app", "cli_1"}};
    to.callback_token = "t";
  } else if (kind == "slack_app") {
    to.url = "https://slack.com/api";
    to.callback_key = "s";
  } else {
    to.url = "smtps://mail.example:465";
    to.options = {{"from", "qingyu@example.com"}, {"user", "qingyu"}};
  }
  return to;
}

core::Notification told(const std::string& kind) {
  core::Notification n = fakes::sample(kind + ":qa");
  n.contacts = {
      {"wecom", "wangqing"}, {"feishu", "ou_1"}, {"slack", "U1"}, {"email", "qing@example.com"}};
  return n;
}

alerting::Extras pressable() {
  alerting::Extras extras;
  extras.links = {{"ack", "确认接手", "https://q.example/a/1", "jti.mac"}};
  return extras;
}

alerting::SendResult answered(const std::string& kind, int status, const std::string& body) {
  alerting::TransportResult r;
  r.how = alerting::TransportResult::How::Answered;
  r.status = status;
  r.body = body;
  return alerting::make_channel(kind)->classify(r);
}

}  // namespace

TEST_CASE("conformance 14: a repetition of an idempotent app's message is the same bytes") {
  for (const char* kind : {"wecom_app", "feishu_app", "email"}) {
    CAPTURE(kind);
    const auto channel = alerting::make_channel(kind);
    REQUIRE(channel->check(destination(kind)));
    CHECK(channel->caps(destination(kind)).idempotent);
    const auto first = channel->render(told(kind), pressable(), destination(kind), {});
    const auto second = channel->render(told(kind), pressable(), destination(kind),
                                        {480, alerting::Degrade::Full, /*resend=*/true});
    CHECK(first.body == second.body);
  }
}

TEST_CASE("buttons hold their value, and the message its person") {
  const auto wecom = nlohmann::json::parse(
      alerting::make_channel("wecom_app")
          ->render(told("wecom_app"), pressable(), destination("wecom_app"), {})
          .body);
  CHECK(wecom["touser"] == "wangqing");
  CHECK(wecom["enable_duplicate_check"] == 1);
  CHECK(wecom["template_card"]["card_type"] == "button_interaction");
  CHECK(wecom["template_card"]["button_list"][0]["key"] == "jti.mac");
  const auto slack = alerting::make_channel("slack_app")
                         ->render(told("slack_app"), pressable(), destination("slack_app"), {});
  CHECK(slack.body.find(R"("value":"jti.mac")") != std::string::npos);
  CHECK(nlohmann::json::parse(slack.body)["channel"] == "U1");
  const auto feishu = nlohmann::json::parse(
      alerting::make_channel("feishu_app")
          ->render(told("feishu_app"), pressable(), destination("feishu_app"), {})
          .body);
  CHECK(feishu["receive_id"] == "ou_1");
  CHECK(feishu["uuid"].get<std::string>().size() == 40);
  const std::string card = feishu["content"];
  CHECK(card.find(R"("press":"jti.mac")") != std::string::npos);
}

TEST_CASE("beside a button what cannot be pressed stays a link, and what can is no link too") {
  alerting::Extras extras = pressable();
  extras.links.push_back({"decide", "作出决定", "https://q.example/a/2", ""});
  for (const char* kind : {"wecom_app", "feishu_app", "slack_app"}) {
    CAPTURE(kind);
    const std::string body =
        alerting::make_channel(kind)->render(told(kind), extras, destination(kind), {}).body;
    CHECK(body.find("jti.mac") != std::string::npos);
    CHECK(body.find("https://q.example/a/2") != std::string::npos);
    if (std::string_view(kind) != "wecom_app")  // the card itself leads there
      CHECK(body.find("https://q.example/a/1") == std::string::npos);
  }
}

TEST_CASE("a letter's headers are of its incident") {
  const auto n = told("email");
  const auto body = alerting::make_channel("email")->render(n, {}, destination("email"), {}).body;
  CHECK(body.find("Message-ID: <" + n.id + "@example.com>\r\n") != std::string::npos);
  CHECK(body.find("X-Incident-Id: INC-20260310-7K3M9Q2A\r\n") != std::string::npos);
  CHECK(body.find("Auto-Submitted: auto-generated\r\n") != std::string::npos);
  CHECK(body.find("Subject: =?UTF-8?B?") != std::string::npos);
}

TEST_CASE("a letter's page holds no markup of strangers") {
  auto n = told("email");
  n.incident.rung = n.rung;
  n.decide_by = core::Time{};
  n.evidence = {{n.at, "<b>群", "看<script>alert(1)</script>&\"这"}};
  const auto body = alerting::make_channel("email")->render(n, {}, destination("email"), {}).body;
  const size_t page = body.find("Content-Type: text/html");
  REQUIRE(page != std::string::npos);
  const size_t begin = body.find("\r\n\r\n", page) + 4, end = body.find("\r\n--", begin);
  std::string coded = body.substr(begin, end - begin);
  std::erase_if(coded, [](char c) { return c == '\r' || c == '\n'; });
  const auto html = alerting::from_base64(coded);
  REQUIRE(html.has_value());
  CHECK(html->find("<script") == std::string::npos);
  CHECK(html->find("<b>群") == std::string::npos);
  CHECK(html->find("&lt;script&gt;alert(1)&lt;/script&gt;&amp;") != std::string::npos);
}

TEST_CASE("conformance 4: answers of apps and mail servers are classified") {
  const auto partial =
      answered("wecom_app", 200, R"({"errcode":0,"invaliduser":"a|b","response_code":"rc"})");
  CHECK(partial.outcome == Outcome::Delivered);
  CHECK(partial.unreached == std::vector<std::string>{"a", "b"});
  REQUIRE(partial.handle);
  CHECK(partial.handle->text == "rc");
  CHECK(answered("wecom_app", 200, R"({"errcode":42001})").outcome == Outcome::RefreshSession);
  CHECK(answered("wecom_app", 200, R"({"errcode":40014})").outcome == Outcome::RefreshSession);
  CHECK(answered("wecom_app", 200, R"({"errcode":81013})").outcome == Outcome::DeadMessage);
  CHECK(answered("wecom_app", 200, "").outcome == Outcome::Unknown);
  CHECK(answered("feishu_app", 400, R"({"code":99991663})").outcome == Outcome::RefreshSession);
  CHECK(answered("feishu_app", 400, R"({"code":230020})").outcome == Outcome::RetryDestination);
  CHECK(answered("slack_app", 200, R"({"ok":true,"channel":"D1","ts":"1.2"})").outcome ==
        Outcome::Delivered);
  CHECK(answered("slack_app", 200, R"({"ok":true})").outcome == Outcome::DeadMessage);
  CHECK(answered("slack_app", 200, R"({"ok":false,"error":"token_revoked"})").outcome ==
        Outcome::DeadDestination);
  for (const auto& [status, outcome] :
       std::vector<std::pair<int, Outcome>>{{250, Outcome::Delivered},
                                            {421, Outcome::RetryDestination},
                                            {450, Outcome::RetryMessage},
                                            {451, Outcome::RetryMessage},
                                            {535, Outcome::DeadDestination},
                                            {550, Outcome::DeadMessage},
                                            {552, Outcome::FixContent},
                                            {554, Outcome::DeadMessage}}) {
    CAPTURE(status);
    CHECK(answered("email", status, "words").outcome == outcome);
  }
  alerting::TransportResult dropped;
  dropped.how = alerting::TransportResult::How::MaybeSent;
  CHECK(alerting::make_channel("email")->classify(dropped).outcome == Outcome::Unknown);
}
