// CHANNELS 8 through the real courier and transport: pace, size and moderation.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/alerting/channel_house.h"
#include "tests/fakes/dingtalk_robot.h"

using core::Cause;
using core::Millis;

namespace {

std::string path_of(const std::string& kind) {
  if (kind == "dingtalk") return "/robot/send?access_token=0123456789";
  if (kind == "feishu") return "/open-apis/bot/v2/hook/0123456789";
  return kind == "wecom" ? "/cgi-bin/webhook/send?key=0123456789" : "/hook";
}

// A vendor to whom everything is too long `times` times.
struct Narrow : House {
  fakes::Reply too_long, ok;
  int times = 3;
  fakes::HttpServer server{clock,
                           [this](const fakes::Request&) { return times-- > 0 ? too_long : ok; }};

  Narrow(const std::string& kind, std::vector<std::string> secrets, fakes::Reply refusal,
         const std::string& proof)
      : too_long(std::move(refusal)), ok{200, proof, "application/json", {}} {
    destinations = {{kind + ":qa", kind, server.url(path_of(kind)), std::move(secrets), true}};
    restart();
    warm_up();
  }
};

fakes::Reply said(int status, const std::string& body) {
  return {status, body, "application/json", {}};
}

}  // namespace

TEST_CASE_FIXTURE(
    House,
    "conformance 5: sixty alerts at once by DingTalk never meet its limit, the urgent "
    "ones go within a minute, and each incident keeps its order") {
  fakes::DingtalkRobot robot(clock, {});
  destinations = {{"dingtalk:qa", "dingtalk", robot.url(), {}, true}};
  restart();
  warm_up();
  std::vector<std::string> urgent, all;
  for (int incident = 0; incident < 25; ++incident) {
    all.push_back(add(fakes::sample("dingtalk:qa", incident, 1, Cause::Opened)));
    all.push_back(add(fakes::sample("dingtalk:qa", incident, 2, Cause::Updated)));
  }
  for (int incident = 100; incident < 110; ++incident)
    urgent.push_back(add(fakes::sample("dingtalk:qa", incident, 3, Cause::Escalated)));
  run_for(Millis(60'000));
  for (const std::string& id : urgent) CHECK(outbox.outcome_of(id) == "delivered");
  run_out(Millis(30 * 60'000));
  CHECK(outbox.waiting() == 0);
  for (const std::string& id : all) CHECK(outbox.outcome_of(id) == "delivered");
  const auto journal = robot.server().journal();
  CHECK(journal.size() == robot.posted().size());  // never 130101
  for (size_t i = 20; i < journal.size(); ++i)
    CHECK(journal[i].at - journal[i - 20].at >= Millis(60'000));
  std::map<std::string, int> latest;
  for (const std::string& posted : robot.posted()) {
    const size_t at = posted.find("INC-");
    const std::string incident = posted.substr(at, 21);
    const int revision = std::stoi(posted.substr(posted.find("· r", at) + 4));
    CHECK(revision > latest[incident]);
    latest[incident] = revision;
  }
}

TEST_CASE("conformance 10: what a vendor finds too long is written shorter, three times at most") {
  struct Vendor {
    std::string kind, proof;
    fakes::Reply refusal;
    std::vector<std::string> secrets = {};
  };
  const std::string ok = R"({"errcode":0,"errmsg":"ok"})", fine = R"({"code":0,"msg":"success"})";
  const std::vector<Vendor> vendors = {
      {"wecom", ok,
       said(200, R"({"errcode":40058,"errmsg":"markdown.content exceed max length 4096"})")},
      {"wecom", ok, said(200, R"({"errcode":93000,"errmsg":"content exceed max length"})")},
      {"dingtalk", ok,
       said(200, R"({"errcode":460101,"errmsg":"message too long, exceed 20000 bytes"})")},
      {"dingtalk", ok,
       said(200, R"({"errcode":460101,"errmsg":"description: body 大小不合法;solution:请保持;"})")},
      {"feishu", fine,
       said(200, R"({"code":19036,"msg":"message exceeds the size limit of 30KB"})")},
      {"webhook", "", said(413, ""), {"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"}}};
  for (const Vendor& vendor : vendors) {
    CAPTURE(vendor.kind);
    CAPTURE(vendor.refusal.body);
    Narrow narrow(vendor.kind, vendor.secrets, vendor.refusal, vendor.proof);
    const std::string id = narrow.add(fakes::sample(vendor.kind + ":qa"));
    narrow.run_out(Millis(60'000));
    CHECK(narrow.outbox.outcome_of(id) == "delivered");
    CHECK(narrow.outbox.state_of(id).vendor_answer.ends_with("shortened to L3"));
    const auto journal = narrow.server.journal();
    REQUIRE(journal.size() == 4);
    for (size_t i = 1; i < journal.size(); ++i)
      CHECK(journal[i].body.size() <= journal[i - 1].body.size());
    narrow.times = 100;
    const std::string never = narrow.add(fakes::sample(vendor.kind + ":qa", 2, 1));
    narrow.run_out(Millis(600'000));
    CHECK(narrow.outbox.outcome_of(never) == "refused");
    CHECK(narrow.server.journal().size() == 8);
  }
}

TEST_CASE_FIXTURE(House,
                  "conformance 11: moderation costs the quotes, never the reference, the link or "
                  "the robot") {
  fakes::DingtalkRobot robot(clock,
                             {.unsafe_words = {"过期了"}, .safe_hosts = {"console.example"}});
  destinations = {{"dingtalk:qa", "dingtalk", robot.url(), {}, true}};
  restart();
  warm_up();
  const std::string id = add(fakes::sample("dingtalk:qa"));
  core::Notification linked = fakes::sample("dingtalk:qa", 2, 1);
  linked.evidence = {{linked.at, "群", "看 https://evil.example/x"}};
  const std::string other = add(linked);
  run_out(Millis(10'000));  // no rest of the destination: both within seconds
  for (const std::string& each : {id, other}) CHECK(outbox.outcome_of(each) == "delivered");
  CHECK(outbox.state_of(id).vendor_answer.find("shortened to L2") != std::string::npos);
  REQUIRE(robot.posted().size() == 2);
  for (const std::string& posted : robot.posted()) {
    CHECK(posted.find("过期了") == std::string::npos);
    CHECK(posted.find("evil.example") == std::string::npos);
    CHECK(posted.find("INC-20260310-") != std::string::npos);
    CHECK(posted.find("https://console.example/a/") != std::string::npos);
  }
}
