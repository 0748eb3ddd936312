// Two hundred notifications, every fault that the servers know, and the promises that must hold
// whatever happens (CHANNELS 8 tests 3, 5, 14, 20).
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "tests/alerting/courier_office.h"

using core::Millis;
using fakes::Fault;

namespace {

std::vector<Fault> faults(uint64_t seed, size_t count, const std::vector<Fault>& all) {
  std::mt19937_64 random(seed);
  std::vector<Fault> queue = all;  // each at least once
  while (queue.size() < count)
    queue.push_back(random() % 3 == 0 ? all[random() % all.size()] : Fault::None);
  std::ranges::shuffle(queue, random);
  return queue;
}

// Every line of `posted` that speaks of the incident, by its place among the revisions.
void check_order(const std::vector<fakes::WecomRobot::Posted>& posted) {
  std::map<std::string, int> latest;
  for (const auto& p : posted) {
    const size_t at = p.content.find("INC-");
    const std::string group = p.key + p.content.substr(at, 21);
    const int revision = std::stoi(p.content.substr(p.content.find("· r", at) + 4));
    CHECK(revision >= latest[group]);
    latest[group] = revision;
  }
}

std::vector<core::Notification> add_two_hundred(Office& office) {
  std::vector<core::Notification> sent;
  for (int incident = 0; incident < 25; ++incident)
    for (uint32_t revision = 1; revision <= 2; ++revision)
      for (const std::string channel : {"wecom:qa", "wecom:ops", "webhook:backup", "terminal"}) {
        sent.push_back(fakes::sample(channel, incident, revision,
                                     revision == 1 ? core::Cause::Opened : core::Cause::Escalated));
        office.add(sent.back());
      }
  return sent;
}

}  // namespace

TEST_CASE_FIXTURE(
    Office,
    "two hundred notifications under every fault end delivered or reported, never on a guess") {
  // Receivers that stall are not waited for long; who is slow for another reason is one fault more.
  const auto impatient =
      alerting::make_http_transport({core::Millis(2'000), core::Millis(300), 64 * 1024});
  transport = impatient.get();
  restart();
  const std::vector<core::Notification> sent = add_two_hundred(*this);
  REQUIRE(sent.size() == 200);
  robot.server().fail_next(faults(11, 60, fakes::all_faults()));
  // To a webhook's sender any 2xx is proof, so a 200 that nobody meant is no fault to be found.
  std::vector<Fault> honest = fakes::all_faults();
  std::erase_if(honest, [](Fault f) {
    return f == Fault::EmptyOk || f == Fault::NotJson || f == Fault::JsonWithoutCode;
  });
  receiver.server().fail_next(faults(12, 40, honest));
  for (int i = 0; i < 400 && outbox.waiting() > 0; ++i) {
    if (i % 7 == 0) outbox.fail_next(2);
    run_out(Millis(60'000));
  }
  CHECK(outbox.waiting() == 0);

  std::set<std::string> shown;
  for (const auto& s : receiver.shown()) shown.insert(s.id);
  size_t delivered = 0;
  for (const core::Notification& n : sent) {
    const std::string outcome = outbox.outcome_of(n.id);
    CHECK((outcome == "delivered" || outcome == "refused" || outcome == "unknown"));
    if (outcome != "delivered") continue;
    ++delivered;
    // A message that went within a digest is proved by its digest.
    const std::string& answer = outbox.state_of(n.id).vendor_answer;
    const bool gathered = answer.starts_with("in the digest ");
    const auto leader =
        std::ranges::find(sent, gathered ? answer.substr(14, 16) : n.id, &core::Notification::id);
    REQUIRE(leader != sent.end());
    const std::string text =
        leader->incident.incident + " · r" + std::to_string(leader->incident.revision) + " ·";
    const std::string key = n.channel == "wecom:qa" ? kRobotKey : kOtherKey;
    if (n.channel.starts_with("wecom"))
      CHECK(std::ranges::any_of(robot.posted(), [&](const auto& p) {
        return p.key == key && p.content.find(text) != std::string::npos;
      }));
    else if (n.channel.starts_with("webhook"))
      CHECK(shown.contains(n.id));
    else
      CHECK(std::ranges::any_of(
          printed, [&](const std::string& p) { return p.find(text) != std::string::npos; }));
  }
  CHECK(delivered >= 100);
  CHECK(delivered < sent.size());
  CHECK(courier->counters().sent == delivered);
  CHECK(courier->counters().dead == sent.size() - delivered);
  CHECK(courier->counters().retried > 0);
  CHECK(courier->counters().unknown > 0);

  check_order(robot.posted());
  CHECK(robot.refused_for_pace() == 0);
  CHECK(robot.most_calls_in_a_minute() <= 16);
  CHECK(receiver.wrong() == 0);

  const std::string said = log.all() + outbox.written();
  CHECK(said.size() > 1000);
  for (const std::string& secret :
       {kRobotKey, kOtherKey, kWebhookSecret, kWebhookSecret.substr(6), kWebhookKey,
        std::string("/cgi-bin/"), std::string("127.0.0.1"), std::string("v1,")})
    CHECK_MESSAGE(said.find(secret) == std::string::npos, secret);
}

TEST_CASE_FIXTURE(Office, "a vendor that repeats our URL and secrets is not repeated") {
  warm_up();
  robot.say_next(
      {"{\"errcode\":93000,\"errmsg\":\"invalid webhook url " + robot.url(kRobotKey) + "\"}",
       "{\"errcode\":99999,\"errmsg\":\"" + std::string(170, 'x') + kOtherKey + "\"}"});
  const std::string first = add("wecom:qa", 1);
  run_out(Millis(60'000));
  const std::string second = add("wecom:ops", 2);
  run_out(Millis(60'000));
  CHECK(outbox.state_of(first).vendor_answer == "code 93000 invalid webhook url ***");
  const std::string said = log.all() + outbox.written() + outbox.state_of(second).vendor_answer;
  CHECK(said.find("xxxx") != std::string::npos);
  CHECK(said.find(kRobotKey.substr(0, 8)) == std::string::npos);
  CHECK(said.find(kOtherKey.substr(0, 8)) == std::string::npos);
}
