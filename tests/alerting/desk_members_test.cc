// Members of groups: who wrote evidence is kept sealed, revealed on record, erased on request.
#include <doctest/doctest.h>

#include "alerting/members.h"
#include "core/hash.h"
#include "desk_story.h"

using namespace desk_test;

namespace {

core::Policy policy_with_service() {
  core::Policy policy = usual_policy();
  policy.people["manager"].may = {"reveal"};
  return policy;
}

std::string handle_of(const std::string& group) { return core::hex16(core::hash64(group)); }

struct Members : DeskStory {
  Members() : DeskStory(policy_with_service()) {
    save_and_load_always();
    for (const char* group : {"g1", "g2", "g3"}) {
      Says says;
      says.sealed = std::string("sealed ") + group;
      says.text = std::string("过期了，我是 ") + group;
      hit(group, 0min, says);
    }
  }

  bool erase(const std::string& by, const std::string& group, core::Millis when) {
    until(when);
    core::Act act = act_of("erase", by);
    act.value = handle_of(group);
    const bool any = desk->erase(act, at(when), all);
    return any;
  }
  // Whether what is told from now on quotes them: the next rung hears of it.
  bool quotes(const std::string& group, core::Millis when) {
    const size_t before = all.notifications.size();
    does("escalate", "duty", when);
    REQUIRE(all.notifications.size() > before);
    for (const core::Evidence& e : last().evidence)
      if (e.excerpt.find("我是 " + group) != std::string::npos) return true;
    return false;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Members, "who wrote what is evidence is kept by family and handle, sealed") {
  REQUIRE(all.slots.size() == 3);
  for (const core::Slot& slot : all.slots) {
    alerting::Member member;
    REQUIRE(slot.shelf == alerting::kMemberShelf);
    REQUIRE(alerting::decode(slot.value, member));
    const std::string group = member.sealed.substr(7);
    CHECK(slot.key == alerting::member_key("brand:汀白", handle_of(group)));
    CHECK(member.channel_name == "群" + group);
  }
  alerting::Member damaged;
  CHECK_FALSE(alerting::decode(all.slots.front().value + "x", damaged));
}

TEST_CASE_FIXTURE(Members, "a member is revealed on record, to who may and says why") {
  does("reveal", "duty", 1min, "", handle_of("g1"));
  CHECK(text_of(refused().because) == "may_not_reveal by=duty");
  does("reveal", "manager", 1min, "", "no handle");
  CHECK(text_of(refused().because) == "no_such_member by=manager");
  CHECK(all.entries.empty());
  does("reveal", "manager", 2min, "", handle_of("g1"));
  REQUIRE(all.entries.size() == 1);
  CHECK(all.entries[0].what == "revealed");
  CHECK(all.entries[0].by == "manager");
  CHECK(all.entries[0].option == handle_of("g1"));
  CHECK(all.entries[0].because == "看过");
}

TEST_CASE_FIXTURE(Members, "who may not, erases nothing") {
  CHECK_FALSE(erase("duty", "g1", 1min));
  CHECK_FALSE(erase("nobody", "g1", 1min));
  CHECK(all.entries.empty());
  CHECK(quotes("g1", 2min));
}

TEST_CASE_FIXTURE(Members, "what was erased is not quoted again, and the log says that it was") {
  CHECK(erase("manager", "g1", 1min));
  REQUIRE(all.entries.size() == 1);
  CHECK(all.entries[0].what == "erased");
  CHECK_FALSE(quotes("g1", 2min));
  CHECK(quotes("g2", 3min));
  CHECK_FALSE(erase("manager", "g1", 4min));  // there is nothing of theirs any more
  CHECK(all.entries.size() == 1);
}

TEST_CASE_FIXTURE(Members, "words that no incident has taken yet are erased too") {
  DeskStory fresh(policy_with_service());
  Says says;
  says.sealed = "sealed";
  says.text = "过期了，我是 early";
  fresh.hit("early", 0min, says);
  core::Act act = act_of("erase", "manager");
  act.value = handle_of("early");
  CHECK(fresh.desk->erase(act, at(1min), fresh.all));
  fresh.hit("g2", 2min);
  fresh.hit("g3", 3min);
  REQUIRE_FALSE(fresh.all.notifications.empty());
  CHECK(fresh.all.slots.empty());
  for (const core::Evidence& e : fresh.last().evidence)
    CHECK(e.excerpt.find("early") == std::string::npos);
}
