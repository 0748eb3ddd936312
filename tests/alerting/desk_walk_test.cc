// Random walks over everything that can happen to an incident, with what must always hold.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "alerting/message.h"
#include "desk_random.h"

using namespace desk_test;
using alerting::Proof;
using core::IncidentState;

namespace {

// What must hold of all that a desk has decided so far, and of the desk itself.
class Rules {
 public:
  void check(const DeskStory& story, core::Millis now) {
    for (; changes_ < story.all.changes.size(); ++changes_) check(story.all.changes[changes_]);
    for (; told_ < story.all.notifications.size(); ++told_) check(story.all.notifications[told_]);
    if (story.desk->due()) REQUIRE(*story.desk->due() > at(now));
    bool waits_for_nobody = true;
    for (const auto& [id, last] : last_)
      if (last.state == IncidentState::Open) waits_for_nobody = false;
    if (!waits_for_nobody) REQUIRE(story.desk->due());  // an open one always has a deadline
  }

 private:
  void check(const core::IncidentChange& change) {
    const auto before = last_.find(change.incident);
    if (before == last_.end()) {
      REQUIRE(change.revision == 1);
    } else {
      const core::IncidentChange& b = before->second;
      REQUIRE(change.revision == b.revision + 1);
      REQUIRE(change.at >= b.at);
      REQUIRE(change.level >= b.level);
      REQUIRE(change.rung >= b.rung);
      REQUIRE(change.groups >= b.groups);
      REQUIRE(change.people >= b.people);
      REQUIRE(change.messages >= b.messages);
      if (b.state == IncidentState::Closed) REQUIRE(change.state == IncidentState::Open);
      if (change.state < b.state) REQUIRE(b.state == IncidentState::Closed);
    }
    REQUIRE(change.copies <= change.messages);
    REQUIRE(change.groups <= change.messages);
    REQUIRE_FALSE(change.because.code.empty());
    last_[change.incident] = change;
  }

  void check(const core::Notification& n) {
    REQUIRE(n.id == core::notification_id(n));
    REQUIRE(ids_.insert(n.id).second);
    REQUIRE(keys_
                .insert({n.incident.incident, n.incident.revision, static_cast<int>(n.cause),
                         n.rung, n.person, n.channel})
                .second);
    REQUIRE(n.rung >= 1);
    REQUIRE(n.rung <= n.incident.rung);
    REQUIRE(n.incident.revision >= 1);
    REQUIRE(n.evidence.size() <= 3);
    const bool asked_when_over = n.incident.state >= IncidentState::Decided &&
                                 (n.ack_by != core::Time{} || n.decide_by != core::Time{});
    REQUIRE_FALSE(asked_when_over);
  }

  size_t changes_ = 0, told_ = 0;
  std::map<std::string, core::IncidentChange> last_;
  std::set<std::string> ids_;
  std::set<std::tuple<std::string, uint32_t, int, uint32_t, std::string, std::string>> keys_;
};

// A second desk in the same state, whose story can be told to another end.
std::unique_ptr<alerting::Desk> twin_of(const DeskStory& story, const std::string& family,
                                        Proof proof) {
  auto twin = std::make_unique<alerting::Desk>(family, story.policies, proof);
  const std::string bytes = story.saved();
  core::ByteReader in(bytes);
  REQUIRE(twin->load(in));
  return twin;
}

// Every open incident can be ended by a person now.
void check_a_person_can_end_it(const DeskStory& story, Proof proof, core::Millis now) {
  const auto twin = twin_of(story, "brand:汀白", proof);
  alerting::Decisions out;
  for (int i = 0; i < 3 && twin->open(); ++i) {
    core::Act end = act_of("close", "duty");
    end.incident = twin->open_incident();
    twin->act(end, at(now), out);
    REQUIRE(out.changes.back().state == IncidentState::Closed);
  }
  REQUIRE_FALSE(twin->open());
  REQUIRE(out.refusals.empty());
}

// Left alone, what nobody answers ends by itself; what somebody answered stays and waits.
void check_left_alone(const DeskStory& story, Proof proof, core::Millis now) {
  const auto twin = twin_of(story, "brand:汀白", proof);
  alerting::Decisions out;
  const core::Time end = at(now) + 100h;
  for (int guard = 0; twin->due() && *twin->due() <= end; ++guard) {
    REQUIRE(guard < 40'000);
    twin->advance(*twin->due(), out);
  }
  for (const std::string& id : twin->known())
    if (const auto last = std::ranges::find(out.changes.rbegin(), out.changes.rend(), id,
                                            &core::IncidentChange::incident);
        last != out.changes.rend())
      REQUIRE(last->state != IncidentState::Open);
}

}  // namespace

TEST_CASE("whatever happens, a desk keeps its rules") {
  size_t revisions = 0, notifications = 0;
  std::set<std::string> codes;
  for (unsigned seed = 0; seed < 120; ++seed) {
    std::mt19937 random(1000 + seed);
    const Proof proof = seed % 3 == 0 ? Proof::Required : Proof::Assumed;
    DeskStory story(seed % 2 == 0 ? usual_policy() : random_policy(random), proof);
    Rules rules;
    core::Millis now = 0min;
    for (int i = 0; i < 200; ++i) {
      const size_t before = story.all.changes.size();
      random_step(random, story, now);
      story.until(now);
      rules.check(story, now);
      if (i % 20 == 0) check_a_person_can_end_it(story, proof, now);
      if (i == 150) check_left_alone(story, proof, now);
      revisions += story.all.changes.size() - before;
    }
    notifications += story.all.notifications.size();
    for (const auto& c : story.all.changes) codes.insert(c.because.code);
    for (const auto& n : story.all.notifications) codes.insert(n.because.code);
    for (const auto& r : story.all.refusals) codes.insert(r.because.code);
  }
  CHECK(revisions > 1'000);
  CHECK(notifications > 2'000);
  // The walks have been everywhere.
  for (const char* code :
       {"rule_groups",    "mention_scan",  "level",         "issue",       "subject",
        "groups_doubled", "rung_level",    "rung_groups",   "rung_people", "rung_loss",
        "missed_ack",     "missed_decide", "not_delivered", "reminder",    "acknowledged",
        "decided",        "closed_by",     "quiet",         "already",     "unknown_person",
        "no_option"})
    CHECK_MESSAGE(codes.contains(code), code);
}

TEST_CASE("every reason that a desk gives has a sentence, and every figure the sentence needs") {
  std::mt19937 random(88);
  DeskStory story(usual_policy(), Proof::Required);
  core::Millis now = 0min;
  for (int i = 0; i < 2'000; ++i) random_step(random, story, now);
  const auto check = [](const core::Because& because) {
    REQUIRE(std::ranges::count(alerting::because_codes(), because.code) == 1);
    REQUIRE(alerting::sentence(because, alerting::Language::English).find('?') ==
            std::string::npos);
  };
  for (const auto& change : story.all.changes)
    if (change.because.code != "mention_scan") check(change.because);  // the story's own, bare
  for (const auto& n : story.all.notifications)
    if (n.because.code != "mention_scan") check(n.because);
  for (const auto& refusal : story.all.refusals) check(refusal.because);
}

TEST_CASE("one message makes at most one revision") {
  std::mt19937 random(77);
  DeskStory story;
  core::Millis now = 0min;
  for (int i = 0; i < 3'000; ++i) {
    now += core::Millis(random() % 60'000);
    story.until(now);
    const size_t before = story.all.changes.size();
    random_step(random, story, now);
    story.until(now);
    // The deadlines that ran in the step's own pause are not the message's.
    size_t at_now = 0;
    for (size_t k = before; k < story.all.changes.size(); ++k)
      if (story.all.changes[k].at == at(now)) ++at_now;
    REQUIRE(at_now <= 1);
  }
}
