// The ladder as a state machine, searched through breadth first: every order of a few kinds of
// things that can happen, with what must hold in every state and of every step.
//
// Two states are one when the same can follow from both: the incident's state, level, rung, subject
// and times left; who was told on which rung; the newest message to each person, and whether
// somebody else was reached. Ids, revision numbers and clocks are left out, or nothing would ever
// return.
#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "alerting/docket.h"
#include "alerting/ladder.h"
#include "core/hash.h"
#include "desk_story.h"

using namespace desk_test;
using alerting::Delivery;
using alerting::Incident;
using alerting::Proof;
using core::IncidentState;

namespace {

enum class Happening : uint8_t { Crosses, More, Ack, Decide, Close, Time, Refused, Delivered };

struct Event {
  Happening what;
  std::string id;  // of the notification, for outcomes
};

struct State {
  std::string bytes;
  core::Time now = at(0min);
  std::shared_ptr<const alerting::Docket> docket;
  const Incident* incident = nullptr;  // in the docket; nullptr: it knows none
  std::optional<core::Time> due;
};

struct Found {
  size_t states = 0, steps = 0, dead_ends = 0, longest = 0;
  bool whole = false;
  std::set<std::tuple<IncidentState, uint32_t>> seen;
};

std::string hex(uint64_t id) {
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; id >>= 4) text[i] = "0123456789abcdef"[id & 15];
  return text;
}

bool asks(const Delivery& d) {
  return d.cause != core::Cause::Decided && d.cause != core::Cause::AllClear;
}

// The newest message to each person: outcomes of older ones are not told any more here.
std::vector<const Delivery*> newest(const Incident& i) {
  std::map<std::string, const Delivery*> by_person;
  for (const Delivery& d : i.deliveries) by_person[d.person] = &d;
  std::vector<const Delivery*> all;
  for (const auto& [person, delivery] : by_person) all.push_back(delivery);
  return all;
}

bool somebody_else_reached(const Incident& i, const Delivery& failed) {
  return std::ranges::any_of(i.deliveries, [&](const Delivery& d) {
    const bool other = d.person != failed.person && d.state == Delivery::State::Pending;
    return (other || d.state == Delivery::State::Delivered) && d.rung == failed.rung &&
           d.revision >= failed.revision && asks(d);
  });
}

std::string key_of(const State& s) {
  core::ByteWriter key;
  if (!s.incident) return key.take();
  const Incident& i = *s.incident;
  for (const uint64_t n : {uint64_t(i.state), uint64_t(i.level), uint64_t(i.tally.level()),
                           uint64_t(i.rung), uint64_t(i.deliveries.size() > 200)})
    key.u64(n);
  key.str(i.subject);
  const auto left = [&](const std::optional<core::Time>& due) {
    key.i64(due ? (*due - s.now).count() : -1);
  };
  for (const auto& due : {i.deadlines.ack, i.deadlines.decide, i.deadlines.remind}) left(due);
  if (i.state == IncidentState::Open) left(i.deadlines.quiet);
  left(i.deadlines.forget);
  std::set<std::pair<uint32_t, std::string>> told;
  for (const alerting::Told& t : i.told) told.insert({t.rung, t.person});
  for (const auto& [rung, person] : told) {
    key.u64(rung);
    key.str(person);
  }
  for (const Delivery* d : newest(i)) {
    for (const uint64_t n :
         {uint64_t(d->rung), uint64_t(d->cause), uint64_t(d->state),
          uint64_t(d->revision == i.revision), uint64_t(somebody_else_reached(i, *d))})
      key.u64(n);
    key.str(d->person);
    key.str(d->channel);
  }
  for (const Delivery& d : i.deliveries)
    if (d.due) {
      key.str(d.person);
      left(d.due);
    }
  return key.take();
}

class Model {
 public:
  Model(core::Policy policy, Proof proof) : proof_(proof) {
    policies_.add(core::kTimeMin, std::make_shared<core::Policy>(std::move(policy)));
  }

  Found search(size_t steps_max) {
    Found found;
    std::deque<size_t> todo;
    add(State{}, found, todo);
    size_t depth_end = 1;
    while (!todo.empty() && found.steps < steps_max) {
      const size_t from = todo.front();
      todo.pop_front();
      if (from == depth_end) {
        ++found.longest;
        depth_end = states_.size();
      }
      const State before = states_[from];
      for (const Event& event : events(before)) {
        State after = take(before, event);
        ++found.steps;
        back_[add(std::move(after), found, todo)].push_back(from);
      }
    }
    found.whole = todo.empty();
    found.states = states_.size();
    if (found.whole) found.dead_ends = dead_ends();
    return found;
  }

 private:
  const core::Ladder& ladder() const { return policies_.at(at(0min)).ladder("default"); }

  size_t add(State s, Found& found, std::deque<size_t>& todo) {
    const auto [known, fresh] = known_.emplace(key_of(s), states_.size());
    if (!fresh) return known->second;
    if (s.incident) {
      check_state(s);
      found.seen.insert({s.incident->state, s.incident->rung});
    }
    todo.push_back(states_.size());
    states_.push_back(std::move(s));
    back_.emplace_back();
    return known->second;
  }

  std::vector<Event> events(const State& s) const {
    std::vector<Event> all = {{Happening::Crosses, ""}};
    if (s.due) all.push_back({Happening::Time, ""});
    if (!s.incident) return all;
    const Incident& i = *s.incident;
    if (i.is_open()) {
      all.push_back({Happening::More, ""});
      all.push_back({Happening::Close, ""});
    }
    if (i.state == IncidentState::Open) all.push_back({Happening::Ack, ""});
    if (i.waits()) all.push_back({Happening::Decide, ""});
    for (const Delivery* d : newest(i)) {
      if (d->state != Delivery::State::Pending) continue;
      all.push_back({Happening::Refused, hex(d->id)});
      if (proof_ == Proof::Required) all.push_back({Happening::Delivered, hex(d->id)});
    }
    return all;
  }

  alerting::Desk desk_of(const State& s) const {
    alerting::Desk desk("brand:汀白", policies_, proof_);
    if (s.bytes.empty()) return desk;
    core::ByteReader in(s.bytes);
    REQUIRE(desk.load(in));
    return desk;
  }

  // Of one group, so that only its level and its product cross bounds.
  static void observe(alerting::Desk& desk, const State& s, bool crosses,
                      alerting::Decisions& out) {
    core::Signal signal;
    signal.at = signal.published = s.now;
    signal.family = "brand:汀白";
    signal.channel = std::string("g1");
    signal.members = 200;
    core::Level level = core::Level::Yellow;
    if (crosses && s.incident && s.incident->is_open()) {
      const core::Level before = s.incident->tally.level();
      if (before == core::Level::Red)
        signal.votes = {{"SKU3", 1000}};
      else
        level = static_cast<core::Level>(static_cast<uint8_t>(before) + 1);
    }
    signal.hits = {{"near-expiry", "expiry", level, 1000, "", false}};
    alerting::Sighting sighting;
    sighting.counts = sighting.mention = sighting.evidence = true;
    if (!desk.open()) sighting.opens = core::Because{"rule_groups", {{"groups", 1, ""}}};
    desk.observe(signal, sighting, out);
  }

  static void act(alerting::Desk& desk, const State& s, const Event& event,
                  alerting::Decisions& out) {
    static const std::map<Happening, std::string> kWords = {{Happening::Ack, "ack"},
                                                            {Happening::Decide, "decide"},
                                                            {Happening::Close, "close"},
                                                            {Happening::Refused, "refused"},
                                                            {Happening::Delivered, "delivered"}};
    core::Act act = act_of(kWords.at(event.what), event.id.empty() ? "duty" : "");
    act.option = event.what == Happening::Decide ? "return" : "";
    act.notification = event.id;
    act.incident = event.id.empty() ? "family:brand:汀白" : "";
    desk.act(act, s.now, out);
  }

  State take(const State& before, const Event& event) const {
    alerting::Desk desk = desk_of(before);
    alerting::Decisions out;
    State after;
    after.now = before.now;
    if (event.what == Happening::Time) {
      after.now = *before.due;
      desk.advance(after.now, out);
    } else if (event.what == Happening::Crosses || event.what == Happening::More) {
      observe(desk, before, event.what == Happening::Crosses, out);
    } else {
      act(desk, before, event, out);
    }
    REQUIRE(out.refusals.empty());
    core::ByteWriter bytes;
    desk.save(bytes);
    after.bytes = bytes.take();
    after.due = desk.due();
    after.docket = docket_in(after.bytes);
    const auto& incidents = after.docket->incidents();
    REQUIRE(incidents.size() <= 1);
    if (!incidents.empty()) after.incident = &incidents.front();
    check_step(before, after, out);
    return after;
  }

  static std::shared_ptr<const alerting::Docket> docket_in(const std::string& bytes) {
    core::ByteReader in(bytes);
    const uint64_t version = in.u64();
    in.u64();   // held
    in.time();  // the last step
    auto docket = std::make_shared<alerting::Docket>();
    REQUIRE(docket->load(in, version));
    return docket;
  }

  void check_state(const State& s) const {
    const Incident& i = *s.incident;
    // Nobody is told twice for one reason.
    std::set<std::tuple<uint32_t, core::Cause, std::string, std::string>> reasons;
    for (const Delivery& d : i.deliveries)
      REQUIRE(reasons.insert({d.revision, d.cause, d.person, d.channel}).second);
    REQUIRE(i.dropped == 0);
    // No rung was entered without those below.
    for (uint32_t rung = 1; rung <= i.rung; ++rung)
      REQUIRE(std::ranges::find(i.told, alerting::rung_of(ladder(), rung).who.id,
                                &alerting::Told::person) != i.told.end());
    if (!i.waits()) return;
    // Whoever is waited for has until when; at the top it is asked again and again.
    const core::Rung& rung = alerting::rung_of(ladder(), i.rung);
    const bool top = i.rung == ladder().rungs.size();
    const auto& d = i.deadlines;
    if (i.state == IncidentState::Open || top || rung.decide)
      REQUIRE((d.ack || d.decide || d.remind));
    if (d.remind) REQUIRE(*d.remind <= s.now + ladder().remind);
    for (const auto& due : {d.ack, d.decide, d.remind})
      if (due) REQUIRE((*due > s.now && s.due && *s.due <= *due));
    check_closes(s);
  }

  // A person can always end it, and what nobody answers ends by itself.
  void check_closes(const State& s) const {
    REQUIRE(take(s, {Happening::Close, ""}).incident->state == IncidentState::Closed);
    if (s.incident->state != IncidentState::Open) return;
    REQUIRE(s.incident->deadlines.quiet.has_value());
    REQUIRE(*s.incident->deadlines.quiet <= s.now + ladder().open.quiet);
    REQUIRE(*s.due <= *s.incident->deadlines.quiet);
  }

  void check_step(const State& before, const State& after, const alerting::Decisions& out) const {
    if (!after.incident) return;
    const uint32_t from = before.incident ? before.incident->rung : 0;
    REQUIRE(after.incident->rung >= from);
    for (uint32_t rung = from + 1; rung <= after.incident->rung; ++rung)
      REQUIRE(std::ranges::find(out.notifications, alerting::rung_of(ladder(), rung).who.id,
                                &core::Notification::person) != out.notifications.end());
    for (const core::Notification& n : out.notifications) {
      REQUIRE(n.rung >= 1);
      REQUIRE(n.rung <= after.incident->rung);
    }
  }

  // States from which no closed one can be reached.
  size_t dead_ends() const {
    std::vector<bool> ends(states_.size());
    std::vector<size_t> todo;
    for (size_t i = 0; i < states_.size(); ++i) {
      ends[i] = states_[i].incident && !states_[i].incident->is_open();
      if (ends[i]) todo.push_back(i);
    }
    while (!todo.empty()) {
      const size_t to = todo.back();
      todo.pop_back();
      for (const size_t from : back_[to]) {
        if (ends[from]) continue;
        ends[from] = true;
        todo.push_back(from);
      }
    }
    return static_cast<size_t>(std::ranges::count(ends, false));
  }

  core::PolicyTimeline policies_;
  Proof proof_;
  std::vector<State> states_;
  std::vector<std::vector<size_t>> back_;  // the states a state is reached from
  std::map<std::string, size_t> known_;
};

// The usual ladder's first rungs; three people: the manager holds the top of four too.
core::Policy policy_of(size_t rungs) {
  core::Policy policy = usual_policy();
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.open.quiet = 90min;
  for (size_t i = 1; i < 4; ++i) ladder.rungs[i].enter = {};
  ladder.rungs[1].enter.level = core::Level::Orange;
  ladder.rungs[2].enter.level = core::Level::Red;
  ladder.rungs[3].enter.loss_cny = core::Over{1'000'000};
  ladder.rungs[3].who.id = "manager";
  ladder.rungs.resize(rungs);
  policy.people.at("director").channels.resize(2);
  return policy;
}

Found search(size_t rungs, Proof proof, size_t steps_max) {
  Found found = Model(policy_of(rungs), proof).search(steps_max);
  MESSAGE(rungs << " rungs: " << found.states << " states, " << found.steps << " steps, "
                << found.longest << " deep, whole " << found.whole);
  return found;
}

}  // namespace

TEST_CASE("every state of a ladder can be left, and nobody is skipped or told twice") {
  for (const size_t rungs : {1u, 2u, 3u, 4u}) {
    const Found found = search(rungs, Proof::Assumed, 90'000);
    CHECK(found.whole);
    CHECK(found.dead_ends == 0);
    for (uint32_t rung = 1; rung <= rungs; ++rung)
      for (const auto state : {IncidentState::Open, IncidentState::Acknowledged,
                               IncidentState::Decided, IncidentState::Closed})
        CHECK(found.seen.contains({state, rung}));
  }
}

TEST_CASE("the same holds where every message must be proved to have arrived") {
  for (const size_t rungs : {1u, 2u}) {
    const Found found = search(rungs, Proof::Required, 20'000);
    CHECK(found.dead_ends == 0);
    CHECK(found.seen.contains({IncidentState::Acknowledged, rungs}));
  }
}
