// CHANNELS 8 test 15: the courier's process dies anywhere round an attempt, many times.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "tests/alerting/courier_office.h"

using core::Millis;

namespace {

struct Crash {};

// Dies before the message leaves or after its answer has come, when told to.
struct Mortal final : alerting::Transport {
  enum class When { Never, Before, After } when = When::Never;
  alerting::Transport& real;

  explicit Mortal(alerting::Transport& t) : real(t) {}
  alerting::TransportResult send(const alerting::HttpRequest& request,
                                 const alerting::Destination& to) override {
    const When now = std::exchange(when, When::Never);
    if (now == When::Before) throw Crash{};
    alerting::TransportResult result = real.send(request, to);
    if (now == When::After) throw Crash{};
    return result;
  }
};

struct MortalOffice : Office {
  Mortal mortal{*http};

  MortalOffice() {
    transport = &mortal;
    restart();
    warm_up();
  }
  void live(Millis time) {
    constexpr Millis kPause{500};
    for (const core::Time end = clock.wall() + time; clock.wall() < end && outbox.waiting() > 0;
         clock.advance(kPause)) {
      try {
        static_cast<void>(courier->step());
      } catch (const Crash&) {
        restart();
      }
    }
  }
};

size_t times_posted(const fakes::WecomRobot& robot, std::string_view what) {
  size_t n = 0;
  for (const auto& p : robot.posted()) n += p.content.find(what) != std::string::npos ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE_FIXTURE(MortalOffice,
                  "a message that left just before the crash is sent again and says so") {
  mortal.when = Mortal::When::After;
  const std::string id = add("wecom:qa");
  live(Millis(2 * 60'000));
  CHECK(outbox.outcome_of(id) == "delivered");
  REQUIRE(robot.posted().size() == 2);
  CHECK(robot.posted()[1].content.find("（重发）") != std::string::npos);
}

TEST_CASE_FIXTURE(MortalOffice, "a message that did not leave before the crash is sent, in doubt") {
  mortal.when = Mortal::When::Before;
  const std::string id = add("wecom:qa");
  live(Millis(2 * 60'000));
  CHECK(outbox.outcome_of(id) == "delivered");
  REQUIRE(robot.posted().size() == 1);
  CHECK(robot.posted()[0].content.find("（重发）") != std::string::npos);
}

TEST_CASE_FIXTURE(MortalOffice, "a webhook after a crash keeps id and bytes, and is shown once") {
  mortal.when = Mortal::When::After;
  const std::string id = add("webhook:backup");
  live(Millis(60'000));
  CHECK(outbox.outcome_of(id) == "delivered");
  CHECK(receiver.shown().size() == 1);
  CHECK(receiver.repeated() == 1);
  CHECK(receiver.wrong() == 0);
}

TEST_CASE("conformance 15: after many crashes every message has one end, order and pace held") {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    MortalOffice office;
    std::mt19937_64 random(seed);
    std::vector<std::string> ids;
    for (int incident = 0; incident < 12; ++incident)
      for (uint32_t revision = 1; revision <= 4; ++revision)
        for (const std::string channel : {"wecom:qa", "webhook:backup", "terminal"})
          ids.push_back(office.add(channel, incident, revision));
    for (int life = 0; life < 40; ++life) {
      office.mortal.when = random() % 2 == 0 ? Mortal::When::Before : Mortal::When::After;
      office.live(Millis(static_cast<int64_t>(random() % 30'000)));
    }
    office.mortal.when = Mortal::When::Never;
    office.live(Millis(3600'000));
    CHECK(office.outbox.outcomes().size() == ids.size());  // one end each: see fakes::Outbox
    for (const std::string& id : ids) {
      const std::string outcome = office.outbox.outcome_of(id);
      CHECK((outcome == "delivered" || outcome == "unknown"));
    }
    CHECK(office.receiver.shown().size() == 48);
    CHECK(office.receiver.wrong() == 0);
    CHECK(office.robot.refused_for_pace() == 0);
    for (int incident = 0; incident < 12; ++incident) {
      int before = 0;
      const std::string name = "INC-20260310-" + std::to_string(10'000'000 + incident);
      for (const auto& p : office.robot.posted()) {
        if (p.content.find(name) == std::string::npos) continue;
        const int revision = std::stoi(p.content.substr(p.content.find("· r") + 4));
        CHECK(revision >= before);
        before = revision;
      }
      for (int revision = 1; revision <= 4; ++revision)
        CHECK(times_posted(office.robot, name + " · r" + std::to_string(revision) + " ·") <= 2);
    }
  }
}
