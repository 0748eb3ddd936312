// Quiet hours: who is left asleep, until when, and what they give way to.
#include <doctest/doctest.h>

#include "desk_story.h"

using namespace desk_test;
using core::Cause;

namespace {

constexpr core::QuietHours kAfternoon{13 * 60, 16 * 60, -1};  // the story begins at 14:00

core::Policy asleep(std::vector<std::string> people, core::QuietHours quiet = kAfternoon) {
  core::Policy p = usual_policy();
  for (const std::string& person : people) p.people[person].quiet_hours = quiet;
  return p;
}

}  // namespace

TEST_CASE("whoever is in quiet hours is told when they end, and the deadlines begin then") {
  DeskStory story(asleep({"manager"}));
  story.save_and_load_always();
  story.open();
  CHECK(story.told(9min) == "duty");
  CHECK(story.told(119min) == "duty");  // 10 min: the rung is entered, the manager sleeps
  CHECK(story.now().rung == 2);
  CHECK(story.told(120min) == "manager");
  CHECK(story.last().cause == Cause::Escalated);
  CHECK(DeskStory::text_of(story.now().because) == "quiet_hours_end person=manager");
  CHECK(story.last().ack_by == at(135min));
  CHECK(story.told(134min) == "");
  CHECK(story.told(135min) == "director duty manager");
}

TEST_CASE("the rung's quiet hours come before the person's") {
  core::Policy policy = asleep({"manager"});
  policy.ladders["default"].rungs[1].quiet_hours = core::QuietHours{13 * 60, 15 * 60, -1};
  DeskStory story(std::move(policy));
  story.open();
  story.told(59min);
  CHECK(story.told(60min) == "manager");
}

TEST_CASE("quiet hours give way to an expected loss above their bound") {
  Says dear;
  dear.sku = "SKU2";  // 60,000 CNY
  core::QuietHours quiet = kAfternoon;
  SUBCASE("above") { quiet.unless_loss_over_cny = 59'999; }
  SUBCASE("not above") { quiet.unless_loss_over_cny = 60'000; }
  SUBCASE("never for money") {}
  DeskStory story(asleep({"manager"}, quiet));
  for (int n = 1; n <= 3; ++n) story.hit(group(n), 0min, dear);
  const bool gives_way = quiet.unless_loss_over_cny == 59'999;
  CHECK(story.told(0min) == (gives_way ? "duty manager" : "duty"));
  if (gives_way)
    CHECK(DeskStory::text_of(story.last().because) ==
          "quiet_gives_way level=orange loss_cny=60000");
}

TEST_CASE("a red level wakes them when everybody of the ladder so far is asleep") {
  Says red;
  red.level = core::Level::Red;
  SUBCASE("all asleep, red at once") {
    DeskStory story(asleep({"duty", "manager", "director"}));
    for (int n = 1; n <= 3; ++n) story.hit(group(n), 0min, red);
    CHECK(story.told(0min) == "duty manager director");
    CHECK(story.last().because.code == "quiet_gives_way");
    CHECK(story.last().ack_by == at(15min));
  }
  SUBCASE("all asleep, red later") {
    DeskStory story(asleep({"duty", "manager", "director"}));
    story.save_and_load_always();
    story.open();
    CHECK(story.told(5min) == "");
    story.hit("g4", 5min, red);
    CHECK(story.told(5min) == "manager director duty");
  }
  SUBCASE("the duty is awake") {
    DeskStory story(asleep({"manager", "director"}));
    for (int n = 1; n <= 3; ++n) story.hit(group(n), 0min, red);
    CHECK(story.told(119min) == "duty");
    CHECK(story.told(120min) == "manager director");
  }
}

TEST_CASE("what was decided meanwhile wakes nobody") {
  DeskStory story(asleep({"manager"}));
  story.open();
  story.told(20min);
  story.decide("duty", 30min);
  CHECK(story.told(30min) == "duty");
  CHECK(story.told(5h) == "");
}

TEST_CASE("a hold leaves them asleep until it ends") {
  DeskStory story(asleep({"manager"}));
  story.open();
  story.told(20min);
  story.hold(true, 30min);
  CHECK(story.told(140min) == "");
  story.hold(false, 140min);
  CHECK(story.told(140min) == "manager");
  CHECK(story.last().ack_by == at(155min));
}
