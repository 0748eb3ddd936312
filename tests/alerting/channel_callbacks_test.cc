// The vendors' own vectors (CHANNELS 3) and what comes back by callback.
#include <doctest/doctest.h>

#include <random>

#include "alerting/channel.h"
#include "alerting/channels/callback_crypto.h"
#include "alerting/channels/feishu_crypto.h"
#include "alerting/channels/slack_app.h"
#include "alerting/channels/wecom_crypto.h"
#include "tests/fakes/callback_crypt.h"

using alerting::Callback;
using alerting::CallbackRequest;
using alerting::Destination;

namespace {

const std::string kEchostr =
    "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==";
const std::string kEvent =
    "4j/AuRx71kQlxVlzbpsMWIfoEVGH7UvIhWLVCj/xe8RT5xtXL++XJxRjqkS3TZTBaK1Bf6APKjjA+WZUiCELJOe8sxeQ"
    "TZgo4A4pPjgoZk+/9YPwwUbY0IjJwcxcSiWiLis7NCoM81DfgGanCNC2Tcg8nOiWddS9BN1h1j78jSyM5Ne5juQSPzqX"
    "vjn7p7VrM4RenCyc/8e7RX4V+hxYpiscprPCtkGNf4C+4PBX3nPXOqVc8RW4Ducj4EO0IS8kR5QB2GqzTr9VxNwdkPdt"
    "Xjc2R3U+dPcMLBeHKZPgx6FENOa5cwgwhHwUp510LtmbZvOLzo7hD1w9yMNYCPaE6g==";
const core::Time kNow = core::from_ms(1'700'000'000'000);

Destination app(const std::string& kind) {
  Destination to;
  to.id = kind + ":qa";
  to.kind = kind;
  if (kind == "wecom_app") {
    to.callback_token = "testtoken";
    to.callback_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    to.options = {{"corp", "ww1234567890abcdef"}, {"agent", "1"}};
  } else {
    to.callback_token = "vtoken789";
    to.callback_key = kind == "slack_app" ? "slacksigningsecret" : "";
  }
  return to;
}

Callback parse(const std::string& kind, const CallbackRequest& request, core::Time wall = kNow) {
  return alerting::make_channel(kind)->parse_callback(request, app(kind), wall);
}

CallbackRequest wecom_press(const std::string& signature) {
  return {"POST",
          "/cb?msg_signature=" + signature + "&timestamp=1700000000&nonce=372623149",
          "<xml><ToUserName><![CDATA[ww]]></ToUserName><Encrypt><![CDATA[" + kEvent +
              "]]></Encrypt></xml>",
          {}};
}

CallbackRequest slack_press(const std::string& timestamp, const std::string& secret) {
  const std::string body =
      "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U1%22%7D%2C"
      "%22container%22%3A%7B%22channel_id%22%3A%22D1%22%2C%22message_ts%22%3A%221.2%22%7D%2C"
      "%22actions%22%3A%5B%7B%22value%22%3A%22jti.mac%22%2C%22action_ts%22%3A%223.4%22%7D%5D%7D";
  return {"POST",
          "/cb",
          body,
          {{"x-slack-request-timestamp", timestamp},
           {"X-Slack-Signature", alerting::slack_signature(secret, timestamp, body)}}};
}

CallbackRequest feishu_press(const std::string& token) {
  const std::string body = R"({"schema":"2.0","header":{"event_id":"e1","token":")" + token +
                           R"(","event_type":"card.action.trigger"},)"
                           R"("event":{"operator":{"open_id":"ou_1","user_id":"u_1"},)"
                           R"("action":{"tag":"button","value":{"press":"jti.mac"}},)"
                           R"("context":{"open_message_id":"om_1"}}})";
  return {"POST",
          "/cb",
          body,
          {{"X-Lark-Request-Timestamp", "1700000000"},
           {"X-Lark-Request-Nonce", "n"},
           {"X-Lark-Signature",
            alerting::feishu_card_signature("1700000000", "n", "vtoken789", body)}}};
}

}  // namespace

TEST_CASE("conformance 1: the signatures and encryption of callbacks are the vendors'") {
  CHECK(alerting::wecom_signature("QDG6eK", "1409659589", "263014780", kEchostr) ==
        "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3");
  CHECK(alerting::wecom_decrypted("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", kEchostr,
                                  "wx5823bf96d3bd56c7") == "1616140317555161061");
  CHECK(!alerting::wecom_decrypted("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", kEchostr, "wx"));
  CHECK(alerting::wecom_signature("testtoken", "1700000000", "372623149", kEvent) ==
        "813cf2fe8fd51fb4279e0ce14e7e0a52256c7898");
  CHECK(alerting::feishu_event_signature("1700000000", "nonce123", "encryptKey456",
                                         R"({"encrypt":"abc"})") ==
        "17e70479dc0e99edfbd8186213f627d293f74bb8b3217e8563801166c2fb5b50");
  CHECK(alerting::feishu_card_signature("1700000000", "nonce123", "vtoken789",
                                        R"({"encrypt":"abc"})") ==
        "fcf2d4b8b337fa6cae5e8c706d04e51e0e07d7b5");
  CHECK(alerting::feishu_decrypted("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=") ==
        "hello world");
  CHECK(alerting::feishu_uuid({"t1", "feishu-app-a", "INC-20251231-0007", "incident.opened",
                               "3"}) == "33e9dec404b86c78d45e86a63aa9ef9c0c352a3c");
  CHECK(alerting::slack_signature("slacksigningsecret", "1700000000",
                                  "payload=%7B%22type%22%3A%22block_actions%22%7D") ==
        "v0=e7747c1b186def3c665a933074cbe118984ee637ad3e599a183623401ddc46a1");
}

TEST_CASE("conformance 1: WeCom's event is encrypted and decrypted byte for byte") {
  const std::string message =
      "<xml><FromUserName><![CDATA[zhangsan]]></FromUserName><MsgType><![CDATA[event]]></MsgType>"
      "<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[ack]]></EventKey>"
      "<TaskId><![CDATA[INC-1-3]]></TaskId></xml>";
  const Destination to = app("wecom_app");
  CHECK(message.size() == 214);
  CHECK(fakes::wecom_encrypted(to.callback_key, "0123456789abcdef", message,
                               "ww1234567890abcdef") == kEvent);
  CHECK(alerting::wecom_decrypted(to.callback_key, kEvent, "ww1234567890abcdef") == message);
  const std::string sealed = fakes::feishu_encrypted("test key", "0123456789abcdef", "hello world");
  CHECK(alerting::feishu_decrypted("test key", sealed) == "hello world");
  CHECK_FALSE(alerting::feishu_decrypted("another key", sealed) == "hello world");
}

TEST_CASE("conformance 1: Slack's published example of a signature") {
  CHECK(alerting::slack_signature(
            "8f742231b10e8888abcd99yyyzzz85a5", "1531420618",
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&"
            "channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&"
            "command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F"
            "commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
            "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c") ==
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
}

TEST_CASE("conformance 19: a WeCom press is decrypted, repeats under one id, and not if forged") {
  const auto press = wecom_press("813cf2fe8fd51fb4279e0ce14e7e0a52256c7898");
  const Callback got = parse("wecom_app", press);
  CHECK(got.kind == Callback::Kind::Press);
  CHECK(got.user == "zhangsan");
  CHECK(got.value == "ack");
  CHECK(got.event == parse("wecom_app", press, kNow + core::Millis(5'000)).event);
  CHECK(parse("wecom_app", wecom_press("813cf2fe8fd51fb4279e0ce14e7e0a52256c7899")).kind ==
        Callback::Kind::Refused);
  CHECK(parse("wecom_app", press, kNow + core::Millis(2 * 3600'000)).kind ==
        Callback::Kind::Refused);
}

TEST_CASE("conformance 19: Slack presses with a good, a bad and an old signature") {
  const Callback got = parse("slack_app", slack_press("1700000000", "slacksigningsecret"));
  CHECK(got.kind == Callback::Kind::Press);
  CHECK(got.user == "U1");
  CHECK(got.value == "jti.mac");
  REQUIRE(got.handle);
  CHECK(got.handle->text == "D1 1.2");
  CHECK(got.event == parse("slack_app", slack_press("1700000100", "slacksigningsecret")).event);
  CHECK(parse("slack_app", slack_press("1700000000", "other")).kind == Callback::Kind::Refused);
  CHECK(parse("slack_app", slack_press("1699999699", "slacksigningsecret")).kind ==
        Callback::Kind::Refused);
}

TEST_CASE("conformance 19: Feishu's challenge is answered, its press read, a wrong token refused") {
  const Callback challenge = parse(
      "feishu_app",
      {"POST", "/cb", R"({"type":"url_verification","challenge":"c1","token":"vtoken789"})", {}});
  CHECK(challenge.kind == Callback::Kind::Challenge);
  CHECK(challenge.answer == R"({"challenge":"c1"})");
  CHECK(parse("feishu_app",
              {"POST", "/cb", R"({"type":"url_verification","challenge":"c1","token":"x"})", {}})
            .kind == Callback::Kind::Refused);
  const Callback press = parse("feishu_app", feishu_press("vtoken789"));
  CHECK(press.kind == Callback::Kind::Press);
  CHECK(press.user == "ou_1");
  CHECK(press.value == "jti.mac");
  CHECK(press.event == "e1");
  Destination by_user_id = app("feishu_app");
  by_user_id.options["receive_id_type"] = "user_id";
  CHECK(alerting::make_channel("feishu_app")
            ->parse_callback(feishu_press("vtoken789"), by_user_id, kNow)
            .user == "u_1");
  CHECK(parse("feishu_app", feishu_press("other")).kind == Callback::Kind::Refused);
}

TEST_CASE("whatever comes in, nothing is pressed and nothing crashes") {
  std::mt19937_64 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (size_t n = random() % 300; n > 0; --n) bytes += static_cast<char>(random());
    for (const char* kind : {"wecom_app", "slack_app", "feishu_app"})
      REQUIRE(parse(kind, {round % 2 == 0 ? "POST" : "GET",
                           "/cb?" + bytes,
                           bytes,
                           {{"X-Slack-Signature", bytes}, {"X-Lark-Signature", bytes}}})
                  .kind == Callback::Kind::Refused);
    (void)alerting::wecom_decrypted(app("wecom_app").callback_key, bytes, "ww");
    (void)alerting::feishu_decrypted("k", bytes);
    (void)alerting::xml_field("<a>" + bytes, "a");
  }
}
