// Every order of a few kinds of things that can happen to an incident (desk_model.h), searched
// through breadth first, with what must hold in every state, of every step and of the whole graph.
// QINGYU_ALL=1: to the end; else, where every delivery has a deadline, as far as CI has time for.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "alerting/ladder.h"
#include "desk_model.h"

using namespace desk_test;
using namespace desk_test::model;
using alerting::Decisions;
using alerting::Delivery;
using alerting::Incident;
using alerting::Proof;
using core::IncidentState;

namespace {

const std::string& holder(const core::Ladder& ladder, uint32_t rung) {
  return alerting::rung_of(ladder, rung).who.id;
}

bool told(const Decisions& out, const std::string& person) {
  return std::ranges::any_of(out.notifications, [&](const core::Notification& n) {
    return n.person == person && !n.because.code.empty();
  });
}

// Whoever is waited for has until when; at the top it is asked again and again; whatever is open
// comes up again.
void check_deadlines(const State& s, const core::Ladder& ladder) {
  const Incident& i = *s.incident;
  if (!i.is_open()) return;
  if (i.waits() || ladder.briefing_minute) REQUIRE(s.due.has_value());
  if (s.due) REQUIRE(*s.due > s.now);
  const auto& d = i.deadlines;
  const bool briefed = ladder.briefing_minute.has_value();
  if (briefed) REQUIRE((d.briefing && *d.briefing > s.now));
  if (!i.waits()) return;
  const bool top = i.rung == ladder.rungs.size();
  const core::Rung& rung = alerting::rung_of(ladder, i.rung);
  if (i.state == IncidentState::Open || top || rung.decide || !briefed)
    REQUIRE((d.ack || d.decide || d.remind));
  if (d.remind) REQUIRE(*d.remind <= s.now + (top ? ladder.remind : core::Millis(24h)));
  for (const auto& due : {d.ack, d.decide, d.remind})
    if (due) REQUIRE((*due > s.now && *s.due <= *due));
  if (i.state != IncidentState::Open) return;
  REQUIRE((d.quiet && *d.quiet <= s.now + ladder.open.quiet && *s.due <= *d.quiet));
}

// Everything on the way up is one kind of news; a decision, an end, its report are news of their
// own.
core::Cause kind_of(core::Cause cause) {
  switch (cause) {
    case core::Cause::Escalated:
    case core::Cause::Updated:
    case core::Cause::Reminder:
    case core::Cause::Reopened:
      return core::Cause::Opened;
    default:
      return cause;
  }
}

// A revision is one reason: nobody is told of it twice by one channel.
void check_told_once(const Incident& i) {
  std::set<std::tuple<uint32_t, core::Cause, std::string, std::string>> reasons;
  for (const Delivery& d : i.deliveries)
    REQUIRE(reasons.insert({d.revision, kind_of(d.cause), d.person, d.channel}).second);
  REQUIRE(i.dropped == 0);
}

void check_state(const State& s, const core::Ladder& ladder) {
  const Incident& i = *s.incident;
  check_told_once(i);
  for (uint32_t rung = 1; rung <= i.rung; ++rung)
    REQUIRE(std::ranges::find(i.told, holder(ladder, rung), &alerting::Told::person) !=
            i.told.end());
  check_deadlines(s, ladder);
}

// The rungs between are told why, those below are informed, and a revision never repeats the
// reason of the one before it.
void check_step(const State& before, const State& after, const Decisions& out,
                const core::Ladder& ladder) {
  if (!after.incident) return;
  const uint32_t from = before.incident ? before.incident->rung : 0;
  REQUIRE(after.incident->rung >= from);
  for (uint32_t rung = from + 1; rung <= after.incident->rung; ++rung)
    REQUIRE(told(out, holder(ladder, rung)));
  if (after.incident->rung > from && before.incident)
    for (const alerting::Told& t : before.incident->told) REQUIRE(told(out, t.person));
  std::string reason = before.incident ? DeskStory::text_of(before.incident->because) : "";
  for (const core::IncidentChange& change : out.changes) {
    REQUIRE_FALSE(change.because.code.empty());
    REQUIRE(DeskStory::text_of(change.because) != reason);
    reason = DeskStory::text_of(change.because);
  }
  for (const core::Notification& n : out.notifications) {
    REQUIRE(n.rung >= 1);
    REQUIRE(n.rung <= after.incident->rung);
  }
}

struct Found {
  size_t states = 0, steps = 0, longest = 0;
  size_t no_end = 0;         // states from which no closed one can be reached
  size_t no_end_silent = 0;  // open ones, where every message is refused and nobody does anything
  bool whole = false;
  std::set<std::tuple<IncidentState, uint32_t>> seen;
};

class Search {
 public:
  Search(core::Policy policy, Proof proof, Refusals refusals)
      : machine_(std::move(policy), proof, refusals), refusals_(refusals) {}

  Found run(size_t steps_max) {
    std::deque<std::pair<size_t, State>> todo;
    add(State{}, todo);
    size_t depth_end = 1;
    while (!todo.empty() && found_.steps < steps_max) {
      auto [from, before] = std::move(todo.front());
      todo.pop_front();
      read(before);
      if (from == depth_end) {
        ++found_.longest;
        depth_end = nodes_.size();
      }
      expand(from, before, todo);
    }
    found_.whole = todo.empty();
    found_.states = nodes_.size();
    found_.no_end = without_end(/*silent=*/false);
    found_.no_end_silent = without_end(/*silent=*/true);
    return found_;
  }

 private:
  struct Node {
    bool expanded = false, known = false;
    IncidentState state = IncidentState::Open;
  };
  struct Edge {
    size_t from = 0;
    bool silent = false;  // happens where every message is refused and nobody does anything
  };

  void expand(size_t from, const State& before, std::deque<std::pair<size_t, State>>& todo) {
    nodes_[from].expanded = true;
    const bool refusing = refusals_ == Refusals::Said && pending(before);
    for (const Event& event : machine_.events(before)) {
      Decisions out;
      State after = machine_.take(before, event, out);
      check_step(before, after, out, machine_.ladder());
      if (event.what == Happening::Close) REQUIRE(after.incident->state == IncidentState::Closed);
      ++found_.steps;
      const bool silent = event.what == (refusing ? Happening::Refused : Happening::Time);
      back_[add(std::move(after), todo)].push_back({from, silent});
    }
  }

  size_t add(State s, std::deque<std::pair<size_t, State>>& todo) {
    const auto [known, fresh] = known_.emplace(key_of(s), nodes_.size());
    if (!fresh) return known->second;
    Node node;
    if (s.incident) {
      check_state(s, machine_.ladder());
      node.known = true;
      node.state = s.incident->state;
      found_.seen.insert({s.incident->state, s.incident->rung});
    }
    forget(s);
    todo.emplace_back(nodes_.size(), std::move(s));
    nodes_.push_back(node);
    back_.emplace_back();
    return known->second;
  }

  // Backwards from the closed states, and from those whose steps have not been taken yet.
  size_t without_end(bool silent) const {
    std::vector<bool> ends(nodes_.size());
    std::vector<size_t> todo;
    for (size_t i = 0; i < nodes_.size(); ++i) {
      ends[i] =
          (nodes_[i].known && nodes_[i].state == IncidentState::Closed) || !nodes_[i].expanded;
      if (ends[i]) todo.push_back(i);
    }
    while (!todo.empty()) {
      const size_t to = todo.back();
      todo.pop_back();
      for (const Edge& edge : back_[to]) {
        if (ends[edge.from] || (silent && !edge.silent)) continue;
        ends[edge.from] = true;
        todo.push_back(edge.from);
      }
    }
    size_t count = 0;
    for (size_t i = 0; i < nodes_.size(); ++i)
      if (!ends[i] && (!silent || (nodes_[i].known && nodes_[i].state == IncidentState::Open)))
        ++count;
    return count;
  }

  Machine machine_;
  Refusals refusals_;
  Found found_;
  std::vector<Node> nodes_;
  std::vector<std::vector<Edge>> back_;  // by which a state is reached
  std::map<std::string, size_t> known_;
};

Found search(core::Policy policy, Proof proof, size_t steps_max,
             Refusals refusals = Refusals::Said) {
  const size_t rungs = policy.ladders.at("default").rungs.size();
  Found found = Search(std::move(policy), proof, refusals).run(steps_max);
  MESSAGE(rungs << " rungs: " << found.states << " states, " << found.steps << " steps, "
                << found.longest << " deep, whole " << found.whole);
  return found;
}

void check_been_everywhere(const Found& found, size_t rungs) {
  for (uint32_t rung = 1; rung <= rungs; ++rung)
    for (const auto state : {IncidentState::Open, IncidentState::Acknowledged,
                             IncidentState::Decided, IncidentState::Closed})
      CHECK(found.seen.contains({state, rung}));
}

void check_with_proof(Refusals refusals, size_t steps_max) {
  for (const size_t rungs : {1u, 2u, 3u, 4u}) {
    const Found found = search(brief_policy_of(rungs), Proof::Required, steps_max, refusals);
    if (steps_max == SIZE_MAX) CHECK(found.whole);
    CHECK(found.no_end == 0);
    CHECK(found.no_end_silent == 0);
    check_been_everywhere(found, rungs);
  }
}

}  // namespace

TEST_CASE("every state of a ladder can be left, and nobody is skipped or told twice") {
  for (const size_t rungs : {1u, 2u, 3u, 4u}) {
    const Found found = search(policy_of(rungs), Proof::Assumed, 90'000);
    CHECK(found.whole);
    CHECK(found.no_end == 0);
    CHECK(found.no_end_silent == 0);
    check_been_everywhere(found, rungs);
  }
}

TEST_CASE("the same holds where nobody is briefed and nothing but a deadline comes up again") {
  core::Policy policy = policy_of(2);
  policy.ladders.at("default").briefing_minute.reset();
  const Found found = search(std::move(policy), Proof::Assumed, 90'000);
  CHECK(found.whole);
  CHECK(found.no_end == 0);
  CHECK(found.no_end_silent == 0);
  check_been_everywhere(found, 2);
}

TEST_CASE("the same holds where every message must be proved to have arrived") {
  check_with_proof(Refusals::Said, 10'000);
}

TEST_CASE("the same holds with proof, farther (slow)") {
  check_with_proof(Refusals::Said, 110'000);  // to the end on up to two rungs
  const char* all = std::getenv("QINGYU_ALL");
  check_with_proof(Refusals::Unsaid, all && *all == '1' ? SIZE_MAX : 60'000);
}

TEST_CASE("on no way through the ladder is one reason told twice to one person") {
  for (const Proof proof : {Proof::Assumed, Proof::Required}) {
    const Machine machine(policy_of(4), proof);
    for (unsigned seed = 0; seed < 150; ++seed) {
      std::mt19937 random(seed);
      std::set<std::tuple<std::string, std::string, std::string>> reasons;
      State s;
      for (int step = 0; step < 40; ++step) {
        const std::vector<Event> events = machine.events(s);
        const Event& event = events[random() % events.size()];
        if (s.incident && !s.incident->is_open()) break;
        if (event.what == Happening::Close && step < 30) continue;  // else most ways are short
        Decisions out;
        State after = machine.take(s, event, out);
        for (const core::Notification& n : out.notifications) {
          // Another message to the same person that fails the same way is another reason.
          std::string reason = DeskStory::text_of(n.because);
          if (n.because.code == "not_delivered")
            reason += std::to_string(n.incident.revision) + std::string(name_of(kind_of(n.cause)));
          INFO(seed << " " << reason << " " << n.person);
          REQUIRE(reasons.insert({n.person, n.channel, reason}).second);
        }
        s = std::move(after);
      }
    }
  }
}
