// CHANNELS 8 for the apps, through the real courier and transport against the vendors' servers.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/alerting/channel_office.h"

using core::Cause;
using core::Millis;
using fakes::Fault;
using nlohmann::json;

namespace {

// Requests to the path, in the order of their arrival.
std::vector<fakes::Request> calls(const fakes::HttpServer& server, std::string_view path) {
  std::vector<fakes::Request> found;
  for (const fakes::Request& request : server.journal())
    if (request.target.find(path) != std::string::npos) found.push_back(request);
  return found;
}

}  // namespace

TEST_CASE_FIXTURE(AppOffice, "an app logs in once and its token serves all messages") {
  std::vector<std::string> ids;
  for (const char* channel : {"wecom_app:qa", "feishu_app:qa", "slack_app:qa"})
    for (int incident = 1; incident <= 3; ++incident) ids.push_back(add(told(channel, incident)));
  run_out(Millis(60'000));
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(calls(wecom.server(), "/cgi-bin/gettoken").size() == 1);
  CHECK(calls(feishu.server(), "/tenant_access_token/").size() == 1);
  CHECK(wecom.posted().size() == 3);
  CHECK(feishu.posted().size() == 3);
  CHECK(slack.posted().size() == 3);
  REQUIRE(!wecom.posted().empty());
  CHECK(wecom.posted()[0].type == "template_card");
  CHECK(json::parse(wecom.posted()[0].text)["button_list"][0]["key"].get<std::string>().starts_with(
      "press-"));
}

TEST_CASE_FIXTURE(AppOffice,
                  "a token is taken anew before it ends, and the vendor never sees an old one") {
  add(told("wecom_app:qa", 1));
  add(told("feishu_app:qa", 1));
  run_out(Millis(60'000));
  clock.advance(Millis(7'200'000 - 310'000));
  const std::string wecom_id = add(told("wecom_app:qa", 2));
  const std::string feishu_id = add(told("feishu_app:qa", 2));
  run_out(Millis(600'000));
  CHECK(outbox.outcome_of(wecom_id) == "delivered");
  CHECK(outbox.outcome_of(feishu_id) == "delivered");
  CHECK(calls(wecom.server(), "/cgi-bin/gettoken").size() == 2);
  CHECK(calls(feishu.server(), "/tenant_access_token/").size() == 2);
  CHECK(log.all().find("42001") == std::string::npos);
  // WeCom gives the same token until it ends: it is asked for now and then, not at each step.
  for (int minute = 0; minute < 8; ++minute) {
    const std::string id = add(told("wecom_app:qa", 10 + minute));
    run_for(Millis(60'000));
    CHECK(outbox.outcome_of(id) == "delivered");
  }
  CHECK(calls(wecom.server(), "/cgi-bin/gettoken").size() <= 10);
  CHECK(wecom.tokens_issued() == 2);
}

TEST_CASE_FIXTURE(AppOffice,
                  "a token that the vendor ended early is replaced, and the message goes once") {
  for (const char* channel : {"wecom_app:qa", "feishu_app:qa"}) add(told(channel, 1));
  run_out(Millis(60'000));
  wecom.expire_tokens();  // 42001
  feishu.expire_tokens();
  std::vector<std::string> ids = {add(told("wecom_app:qa", 2)), add(told("feishu_app:qa", 2))};
  run_out(Millis(60'000));
  wecom.forget_tokens();  // 40014
  ids.push_back(add(told("wecom_app:qa", 3)));
  run_out(Millis(60'000));
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(wecom.tokens_issued() == 3);
  CHECK(feishu.tokens_issued() == 2);
  CHECK(wecom.posted().size() == 3);
  CHECK(feishu.posted().size() == 2);
}

TEST_CASE_FIXTURE(AppOffice, "a secret that is wrong ends in a refusal, and is in no log") {
  for (alerting::Destination& to : destinations)
    if (to.kind != "pagerduty" && to.kind != "webhook") to.secrets = {"wrong-secret-of-ours"};
  restart();
  std::vector<std::string> ids;
  for (const char* channel : {"wecom_app:qa", "feishu_app:qa", "slack_app:qa"})
    ids.push_back(add(told(channel, 1)));
  run_out(Millis(2 * 3'600'000));
  for (const std::string& id : ids) CHECK(outbox.outcome_of(id) == "refused");
  CHECK(log.all().find("cannot log in") != std::string::npos);
  CHECK((log.all() + outbox.written()).find("wrong-secret-of-ours") == std::string::npos);
}

TEST_CASE_FIXTURE(AppOffice,
                  "whom the vendor leaves out is refused, so that another way is tried") {
  core::Notification nobody = told("wecom_app:qa", 1);
  nobody.contacts = {{"wecom", "gone"}};
  core::Notification one_of_two = told("wecom_app:qa", 2);
  one_of_two.contacts = {{"wecom", "wangqing"}, {"wecom", "gone"}};
  core::Notification feishu_gone = told("feishu_app:qa", 3);
  feishu_gone.contacts = {{"feishu", "ou_gone"}};
  core::Notification slack_gone = told("slack_app:qa", 4);
  slack_gone.contacts = {{"slack", "U9GONE"}};
  for (const core::Notification& n : {nobody, one_of_two, feishu_gone, slack_gone}) add(n);
  run_out(Millis(600'000));
  for (const core::Notification& n : {nobody, one_of_two, feishu_gone, slack_gone})
    CHECK(outbox.outcome_of(n.id) == "refused");
  wecom.say_next({R"({"errcode":0,"errmsg":"ok","invaliduser":"","unlicenseduser":"wangqing"})"});
  const std::string unlicensed = add(told("wecom_app:qa", 5));
  run_out(Millis(60'000));
  const std::string fine = add(told("wecom_app:qa", 6));
  run_out(Millis(60'000));
  CHECK(outbox.outcome_of(unlicensed) == "refused");
  CHECK(outbox.outcome_of(fine) == "delivered");
}

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 8: a member is never sent more than 25 a minute, so nothing is "
                  "dropped without a word") {
  std::vector<std::string> ids;
  const auto tell_both = [&](int incident) {
    ids.push_back(add(told("wecom_app:qa", incident)));
    core::Notification other = told("wecom_app:qa", 1'000 + incident);
    other.person = "san";
    other.contacts = {{"wecom", "zhangsan"}};
    ids.push_back(add(other));
  };
  tell_both(0);
  run_out(Millis(60'000));
  warm_up();  // the ways to both hold all their tokens: now a storm
  for (int incident = 1; incident <= 60; ++incident) tell_both(incident);
  run_out(Millis(10 * 60'000));
  CHECK(outbox.waiting() == 0);
  size_t delivered = 0;
  for (const std::string& id : ids) delivered += outbox.outcome_of(id) == "delivered" ? 1 : 0;
  CHECK(delivered == ids.size());
  CHECK(wecom.dropped() == 0);
  CHECK(wecom.posted().size() == delivered);
  std::map<std::string, std::vector<core::Time>> times;
  for (const auto& posted : wecom.posted()) times[posted.member].push_back(posted.at);
  CHECK(times.size() == 2);
  for (const auto& [member, at] : times)
    for (size_t i = 25; i < at.size(); ++i) CHECK(at[i] - at[i - 25] >= Millis(60'000));
}

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 14: where the vendor dedupes, a lost answer is asked for again with "
                  "the same bytes, and people see one message") {
  for (fakes::HttpServer* server : {&wecom.server(), &feishu.server()}) {
    add(told(server == &wecom.server() ? "wecom_app:qa" : "feishu_app:qa", 1));
  }
  run_out(Millis(60'000));  // logged in
  for (fakes::HttpServer* server :
       {&wecom.server(), &feishu.server(), &pagerduty.server(), &receiver.server()})
    server->fail_next({Fault::CloseAfterReading});
  std::vector<std::string> ids;
  for (const char* channel : {"wecom_app:qa", "feishu_app:qa", "pagerduty:qa", "webhook:qa"})
    ids.push_back(add(told(channel, 2)));
  run_out(Millis(600'000));
  CHECK(outbox.outcome_of(ids[0]) == "delivered");
  CHECK(outbox.outcome_of(ids[1]) == "delivered");
  CHECK(outbox.outcome_of(ids[2]) == "accepted");  // all that this vendor ever says
  CHECK(outbox.outcome_of(ids[3]) == "delivered");
  CHECK(wecom.posted().size() == 2);
  CHECK(wecom.repeated() == 1);
  CHECK(feishu.posted().size() == 2);
  CHECK(feishu.repeated() == 1);
  CHECK(receiver.shown().size() == 1);
  CHECK(receiver.repeated() == 1);
  const auto pages = pagerduty.server().journal();
  REQUIRE(pages.size() == 2);
  CHECK(pages[0].body == pages[1].body);
  CHECK(pagerduty.alerts(json::parse(pages[0].body)["dedup_key"]).size() == 1);
  const auto messages = calls(wecom.server(), "/cgi-bin/message/send");
  REQUIRE(messages.size() == 3);
  CHECK(messages[1].body == messages[2].body);
}

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 14: where nobody dedupes, at most one more is posted, and it says "
                  "that it is one") {
  slack.server().fail_next({Fault::CloseAfterReading, Fault::CloseAfterReading});
  const std::string id = add(told("slack_app:qa", 1, 3));
  run_out(Millis(3'600'000));
  CHECK(outbox.outcome_of(id) == "unknown");
  const auto posted = slack.posted();
  REQUIRE(posted.size() == 2);
  CHECK(posted[0].body.find("（重发）") == std::string::npos);
  CHECK(posted[1].body.find("（重发）") != std::string::npos);
  for (const auto& message : posted)
    CHECK(message.body.find("INC-20260310-10000001 · r3") != std::string::npos);
}

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 7: Retry-After is waited for, by that destination alone") {
  slack.busy_next();
  const std::string slow = add(told("slack_app:qa", 1));
  const std::string quick = add(told("feishu_app:qa", 1));
  const core::Time before = clock.wall();
  run_for(Millis(2'000));
  CHECK(outbox.outcome_of(quick) == "delivered");
  CHECK(outbox.outcome_of(slow).empty());
  run_out(Millis(120'000));
  CHECK(outbox.outcome_of(slow) == "delivered");
  const auto tries = slack.server().journal();
  REQUIRE(tries.size() == 2);
  CHECK(tries[1].at - tries[0].at >= Millis(30'000));
  CHECK(tries[1].at - before <= Millis(40'000));
}

TEST_CASE_FIXTURE(
    AppOffice,
    "conformance 7: Feishu's reset is waited for, and one that asks for a day is capped") {
  add(told("feishu_app:qa", 1));
  run_out(Millis(60'000));
  const auto busy = [](const std::string& seconds) {
    return fakes::Reply{429,
                        R"({"code":99991400,"msg":"request trigger frequency limit"})",
                        "application/json",
                        {{"x-ogw-ratelimit-reset", seconds}}};
  };
  feishu.say_next({busy("7")});
  const std::string second = add(told("feishu_app:qa", 2));
  run_out(Millis(60'000));
  CHECK(outbox.outcome_of(second) == "delivered");
  auto tries = calls(feishu.server(), "/im/v1/messages");
  REQUIRE(tries.size() == 3);
  CHECK(tries[2].at - tries[1].at >= Millis(7'000));
  CHECK(tries[2].at - tries[1].at <= Millis(9'000));
  feishu.say_next({busy("86400")});
  add(told("feishu_app:qa", 3));
  run_for(Millis(3'600'000));
  const std::string later = add(told("feishu_app:qa", 4));
  run_out(Millis(120'000));
  CHECK(outbox.outcome_of(later) == "delivered");  // an hour is the most that is waited
}
