// CHANNELS 8 test 20: after everything that can go wrong has gone wrong, no secret is in any text
// that we keep, and no message leaves for a place where it must not go.
#include <doctest/doctest.h>

#include <algorithm>

#include "alerting/channel.h"
#include "tests/alerting/channel_office.h"

using core::Millis;
using fakes::Fault;

namespace {

// The apps with every fault, and answers that repeat what they were told.
void misbehave(AppOffice& office) {
  for (fakes::HttpServer* server :
       {&office.wecom.server(), &office.feishu.server(), &office.slack.server(),
        &office.pagerduty.server(), &office.receiver.server()})
    server->fail_next(fakes::all_faults());
  office.wecom.say_next(
      {R"({"errcode":77777,"errmsg":"access_token=token-of-wecom-1 is no good"})"});
  office.feishu.say_next(
      {{400, R"({"code":77777,"msg":"Bearer t-of-feishu-1 is no good"})", "application/json", {}}});
}

std::vector<std::string> secrets_of(const AppOffice& office) {
  std::vector<std::string> all = {fakes::Pagerduty::routing_key(),
                                  "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "0123456789abcdef01234567"};
  for (const auto& secrets :
       {office.wecom.secrets(), office.feishu.secrets(), office.slack.secrets()})
    all.insert(all.end(), secrets.begin(), secrets.end());
  for (const alerting::Destination& to : office.destinations) all.push_back(to.url);
  return all;
}

}  // namespace

TEST_CASE_FIXTURE(AppOffice,
                  "conformance 20: after a run with every fault no log line and no column of the "
                  "store holds a secret") {
  http = alerting::make_http_transport({Millis(2'000), Millis(300), 64 * 1024});
  restart();
  warm_up();
  misbehave(*this);
  for (int incident = 0; incident < 8; ++incident)
    for (const alerting::Destination& to : destinations) add(told(to.id, incident));
  for (int hours = 0; hours < 12 && outbox.waiting() > 0; ++hours) run_out(Millis(3'600'000));
  CHECK(outbox.waiting() == 0);
  CHECK(courier->counters().unknown > 0);
  CHECK(courier->counters().sent > 0);
  const std::string said = log.all() + outbox.written();
  CHECK(said.size() > 1'000);
  CHECK(said.find("is no good") != std::string::npos);  // the vendor's words, without our token
  for (const std::string& secret : secrets_of(*this))
    CHECK_MESSAGE(said.find(secret) == std::string::npos, secret);
  CHECK(said.find("127.0.0.1") == std::string::npos);
  CHECK(said.find("access_token=t") == std::string::npos);
}

TEST_CASE_FIXTURE(House,
                  "conformance 20: what points to our own house is refused and tried no further, "
                  "unless it is allowed") {
  fakes::HttpServer inside(clock, [](const fakes::Request&) { return fakes::Reply{}; });
  const std::string port = std::to_string(inside.port());
  const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
  destinations = {{"webhook:loop", "webhook", "https://127.0.0.1:" + port + "/x", {secret}, false},
                  {"webhook:meta", "webhook", "https://169.254.169.254/latest/x", {secret}, false},
                  {"webhook:name", "webhook", "https://localhost:" + port + "/x", {secret}, false},
                  {"webhook:fine", "webhook", inside.url("/x"), {secret}, true}};
  restart();
  warm_up();
  std::vector<std::string> ids;
  for (const alerting::Destination& to : destinations) ids.push_back(add(fakes::sample(to.id)));
  run_out(Millis(2 * 3'600'000));
  for (size_t i = 0; i < 3; ++i) CHECK(outbox.outcome_of(ids[i]) == "refused");
  CHECK(outbox.outcome_of(ids[3]) == "delivered");
  CHECK(inside.connections() == 1);
}

TEST_CASE(
    "conformance 20: an app at another host than its vendor's is refused without a word of it") {
  for (const std::string kind : {"slack", "slack_app", "wecom", "wecom_app", "feishu_app"}) {
    CAPTURE(kind);
    alerting::Destination to;
    to.id = kind + ":qa";
    to.kind = kind;
    to.secrets = {"app-secret-abcdef"};
    to.options = kind == "wecom_app"    ? decltype(to.options){{"corp", "ww1"}, {"agent", "7"}}
                 : kind == "feishu_app" ? decltype(to.options){{"app", "cli_1"}}
                                        : decltype(to.options){};
    for (const std::string host : {"hooks.slack.com.evil.example", "evil-slack.com",
                                   "slack.com@evil.example", "evil.example"}) {
      to.url = "https://" + host + "/services/T000/B000/abcdef0123";
      const auto checked = alerting::make_channel(kind)->check(to);
      REQUIRE_FALSE(checked);
      for (const char* word : {"evil", "abcdef", "T000"})
        CHECK(checked.error().message.find(word) == std::string::npos);
    }
  }
}
