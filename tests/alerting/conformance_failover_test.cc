// CHANNELS 8 tests 6 and 16: the desk and the courier together. What cannot be delivered here is
// told there, and when a person cannot be reached at all the next rung is.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/alerting/channel_house.h"
#include "tests/alerting/desk_story.h"
#include "tests/fakes/dingtalk_robot.h"
#include "tests/fakes/pusher.h"
#include "tests/fakes/wecom_robot.h"

using core::Millis;
using desk_test::DeskStory;

namespace {

const std::string kKey = "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa";
const std::string kOtherKey = "0a1bxxx2-3cde-4f56-7890-12345abcdeff";

using Channels = std::vector<std::string>;

core::Policy policy_of(const Channels& duty, const Channels& manager) {
  core::Policy policy = desk_test::usual_policy();
  policy.people["duty"].channels = duty;
  policy.people["manager"].channels = manager;
  return policy;
}

// A Desk that is told what the courier learns, and whose messages the courier sends.
struct Firm : House {
  fakes::DingtalkRobot dingtalk{clock, {}};
  fakes::WecomRobot wecom{clock, {kKey, kOtherKey}};
  core::Policy policy;
  DeskStory story;
  size_t handed = 0, learnt = 0;

  Firm(const Channels& duty, const Channels& manager)
      : policy(policy_of(duty, manager)), story(policy, alerting::Proof::Required) {
    destinations = {
        {"dingtalk:qa", "dingtalk", dingtalk.url(), {}, true},
        {"dingtalk:gone",
         "dingtalk",
         dingtalk.server().url("/robot/send?access_token=of-nobody"),
         {},
         true},
        {"wecom:qa", "wecom", wecom.url(kKey), {}, true},
        {"wecom:ops", "wecom", wecom.url(kOtherKey), {}, true},
        {"wecom:gone", "wecom", wecom.url("no-such-key-0000"), {}, true},
    };
    has_other_way = [this](const core::Notification& n) {
      return alerting::has_other_way(policy, n);
    };
    between = [this] { pass_on(); };
    restart();
    warm_up();
  }

  Millis now() { return clock.wall() - desk_test::at(Millis(0)); }
  void open() {
    story.open(now());
    pass_on();
  }
  void pass_on() {
    story.until(now());
    for (; learnt < outbox.outcomes().size(); ++learnt) {
      const core::Act act = outbox.outcomes()[learnt];
      const auto of =
          std::ranges::find(story.all.notifications, act.notification, &core::Notification::id);
      if (of == story.all.notifications.end()) continue;  // of another desk
      story.outcome(act.what, core::Notification(*of), now());
    }
    for (; handed < story.all.notifications.size(); ++handed)
      outbox.add(story.all.notifications[handed]);
  }
  // "person@channel outcome", in the order in which they were told.
  std::vector<std::string> rows() const {
    std::vector<std::string> out;
    for (const core::Notification& n : story.all.notifications)
      out.push_back(n.person + "@" + n.channel + " " + outbox.outcome_of(n.id));
    return out;
  }
};

}  // namespace

TEST_CASE(
    "conformance 6: a blocked DingTalk robot is left alone for ten minutes, and an escalation goes "
    "by the next channel within two seconds") {
  Firm firm({"wecom:ops"}, {"dingtalk:qa", "wecom:qa"});
  const std::string body = R"({"msgtype":"text","text":{"content":"x"}})";
  for (int i = 0; i < 20; ++i)  // somebody else uses the robot too
    fakes::deliver(firm.dingtalk.server().port(),
                   {.target = "/robot/send?access_token=t0ken-of-dingtalk",
                    .body = body,
                    .headers = {{"Content-Type", "application/json"}}},
                   Millis(10'000));
  REQUIRE(firm.dingtalk.posted().size() == 20);
  const std::string waits = firm.add(fakes::sample("dingtalk:qa", 9, 1));  // of another family
  firm.open();
  firm.run_for(Millis(5'000));
  REQUIRE(firm.dingtalk.server().journal().size() == 21);
  const core::Time blocked = firm.dingtalk.server().journal().back().at;
  firm.story.hit("g4", firm.now(), {.level = core::Level::Orange});
  firm.pass_on();
  const core::Time told = firm.clock.wall();
  firm.run_for(Millis(2'500));
  const auto posted = firm.wecom.posted();
  const auto managers = std::ranges::find(posted, kKey, &fakes::WecomRobot::Posted::key);
  REQUIRE(managers != posted.end());
  CHECK(managers->at - told <= Millis(2'000));
  CHECK(firm.rows()[1] == "manager@dingtalk:qa refused");
  CHECK(firm.outbox.outcome_of(waits).empty());
  firm.run_for(Millis(11 * 60'000));
  const auto journal = firm.dingtalk.server().journal();
  REQUIRE(journal.size() > 21);
  CHECK(journal[21].at - blocked >= Millis(600'000));
  CHECK(firm.outbox.outcome_of(waits) == "delivered");  // and then it is heard again
}

TEST_CASE(
    "conformance 16: when all of a person's ways are dead the next rung is told, and nothing "
    "counts as sent") {
  Firm firm({"dingtalk:gone", "wecom:gone"}, {"wecom:qa"});
  firm.open();
  const core::Time opened = firm.clock.wall();
  firm.run_for(Millis(65'000));
  const auto rows = firm.rows();
  REQUIRE(rows.size() >= 3);
  CHECK(rows[0] == "duty@dingtalk:gone refused");
  CHECK(rows[1] == "duty@wecom:gone refused");
  CHECK(rows[2] == "manager@wecom:qa delivered");
  CHECK(DeskStory::text_of(firm.story.all.changes.back().because) ==
        "not_delivered person=duty channel=wecom:gone");
  REQUIRE(!firm.wecom.posted().empty());
  CHECK(firm.wecom.posted()[0].at - opened <= Millis(65'000));
  for (const core::Notification& n : firm.story.all.notifications)
    if (n.person == "duty") {
      const core::Delivery delivery = firm.outbox.state_of(n.id).delivery;
      CHECK((delivery != core::Delivery::Delivered && delivery != core::Delivery::Accepted));
    }
}

TEST_CASE("conformance 16: a way that rests is as good as none after a minute") {
  Firm firm({"wecom:ops"}, {"wecom:qa"});
  firm.wecom.say_next({R"({"errcode":45009,"errmsg":"api freq out of limit"})"});
  firm.open();
  const core::Time opened = firm.clock.wall();
  firm.run_for(Millis(65'000));
  const auto posted = firm.wecom.posted();
  const auto managers = std::ranges::find(posted, kKey, &fakes::WecomRobot::Posted::key);
  REQUIRE(managers != posted.end());
  CHECK(managers->at - opened <= Millis(65'000));
  CHECK(DeskStory::text_of(firm.story.all.changes.back().because) ==
        "not_delivered person=duty channel=wecom:ops");
}
