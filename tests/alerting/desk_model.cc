#include "desk_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

namespace desk_test::model {

using alerting::Delivery;
using alerting::Incident;
using alerting::Proof;
using core::IncidentState;
using core::Level;

namespace {

std::string hex(uint64_t id) {
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; id >>= 4) text[i] = "0123456789abcdef"[id & 15];
  return text;
}

bool asks(const Delivery& d) {
  return d.cause != core::Cause::Decided && d.cause != core::Cause::AllClear &&
         d.cause != core::Cause::Briefing && d.cause != core::Cause::Review;
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

void write(core::ByteWriter& key, const Incident& i, const Delivery& d) {
  for (const uint64_t n :
       {uint64_t(d.rung), uint64_t(d.cause), uint64_t(d.state), uint64_t(d.revision == i.revision),
        uint64_t(somebody_else_reached(i, d))})
    key.u64(n);
  key.str(d.person);
  key.str(d.channel);
}

alerting::Desk desk_of(const State& s, const core::PolicyTimeline& policies, Proof proof) {
  alerting::Desk desk("brand:汀白", policies, proof);
  if (s.bytes.empty()) return desk;
  core::ByteReader in(s.bytes);
  REQUIRE(desk.load(in));
  return desk;
}

std::shared_ptr<const alerting::Docket> docket_in(const std::string& bytes) {
  core::ByteReader in(bytes);
  const uint64_t version = in.u64();
  in.u64();   // held
  in.time();  // the last step
  auto docket = std::make_shared<alerting::Docket>();
  REQUIRE(docket->load(in, version));
  return docket;
}

// By the level as long as it can rise, then by the loss of a product.
void cross(core::Signal& signal, Level& level, const State& s, uint8_t bounds) {
  const bool open = s.incident != nullptr && s.incident->is_open();
  const auto before = static_cast<uint8_t>(open ? s.incident->tally.level() : Level::Blue);
  const uint8_t after = static_cast<uint8_t>(before + bounds);
  level = static_cast<Level>(std::min(after, static_cast<uint8_t>(Level::Red)));
  if (after > static_cast<uint8_t>(Level::Red)) signal.votes = {{"SKU3", 1000}};
}

// Of one group, so that only its level and its product cross bounds.
void observe(alerting::Desk& desk, const State& s, uint8_t bounds, alerting::Decisions& out) {
  core::Signal signal;
  signal.at = signal.published = s.now;
  signal.family = std::string("brand:汀白");
  signal.channel = std::string("g1");
  signal.members = 200;
  Level level = Level::Yellow;
  if (bounds > 0) cross(signal, level, s, bounds);
  signal.hits = {{"near-expiry", "expiry", level, 1000, "", false}};
  alerting::Sighting sighting;
  sighting.counts = sighting.mention = sighting.evidence = true;
  if (!desk.open()) sighting.opens = core::Because{"rule_groups", {{"groups", 1, ""}}};
  desk.observe(signal, sighting, out);
}

void act(alerting::Desk& desk, const State& s, const Event& event, alerting::Decisions& out) {
  static const std::map<Happening, std::string> kWords = {{Happening::Ack, "ack"},
                                                          {Happening::Decide, "decide"},
                                                          {Happening::Close, "close"},
                                                          {Happening::Refused, "refused"},
                                                          {Happening::Delivered, "delivered"}};
  core::Act act = act_of(kWords.at(event.what), event.id.empty() ? "duty" : "");
  act.option = std::string(event.what == Happening::Decide ? "return" : "");
  act.notification = event.id;
  act.incident = std::string(event.id.empty() ? "family:brand:汀白" : "");
  desk.act(act, s.now, out);
}

// What has ended comes back only when nothing that was told is under way any more: else coming and
// going within a minute would pile up messages without end.
bool may_grow(const State& s) {
  return s.incident == nullptr || s.incident->is_open() ||
         std::ranges::none_of(s.incident->deliveries,
                              [](const Delivery& d) { return d.due.has_value(); });
}

}  // namespace

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
  for (const Delivery* d : newest(i)) write(key, i, *d);
  for (const Delivery& d : i.deliveries) {
    if (!d.due) continue;
    write(key, i, d);
    left(d.due);
  }
  return key.take();
}

void read(State& s) {
  if (s.bytes.empty()) return;
  s.docket = docket_in(s.bytes);
  const auto& incidents = s.docket->incidents();
  REQUIRE(incidents.size() <= 1);
  if (!incidents.empty()) s.incident = &incidents.front();
}

void forget(State& s) {
  s.docket.reset();
  s.incident = nullptr;
}

bool pending(const State& s) {
  return s.incident != nullptr && std::ranges::any_of(newest(*s.incident), [](const Delivery* d) {
           return d->state == Delivery::State::Pending;
         });
}

Machine::Machine(core::Policy policy, Proof proof, Refusals refusals)
    : proof_(proof), refusals_(refusals) {
  policies_.add(core::kTimeMin, std::make_shared<core::Policy>(std::move(policy)));
}

std::vector<Event> Machine::events(const State& s) const {
  std::vector<Event> all;
  if (s.due) all.push_back({Happening::Time});
  if (may_grow(s)) all.insert(all.end(), {{Happening::Crosses}, {Happening::Leaps}});
  if (!s.incident) return all;
  const Incident& i = *s.incident;
  if (i.is_open()) {
    all.push_back({Happening::More});
    all.push_back({Happening::Close});
  }
  if (i.state == IncidentState::Open) all.push_back({Happening::Ack});
  if (i.waits()) all.push_back({Happening::Decide});
  for (const Delivery* d : newest(i)) {
    if (d->state != Delivery::State::Pending) continue;
    if (refusals_ == Refusals::Said) all.push_back({Happening::Refused, hex(d->id)});
    if (proof_ == Proof::Required) all.push_back({Happening::Delivered, hex(d->id)});
  }
  return all;
}

State Machine::take(const State& before, const Event& event, alerting::Decisions& out) const {
  alerting::Desk desk = desk_of(before, policies_, proof_);
  State after;
  after.now = before.now;
  if (event.what == Happening::Time) {
    after.now = *before.due;
    desk.advance(after.now, out);
  } else if (event.what <= Happening::More) {
    const uint8_t bounds = event.what == Happening::Crosses ? 1
                           : event.what == Happening::Leaps ? 2
                                                            : 0;
    observe(desk, before, bounds, out);
  } else {
    act(desk, before, event, out);
  }
  REQUIRE(out.refusals.empty());
  core::ByteWriter bytes;
  desk.save(bytes);
  after.bytes = bytes.take();
  after.due = desk.due();
  read(after);
  return after;
}

core::Policy policy_of(size_t rungs) {
  core::Policy policy = usual_policy();
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.open.quiet = 90min;
  for (size_t i = 1; i < 4; ++i) ladder.rungs[i].enter = {};
  ladder.rungs[1].enter.level = Level::Orange;
  ladder.rungs[2].enter.level = Level::Red;
  ladder.rungs[3].enter.loss_cny = core::Over{1'000'000};
  ladder.rungs[3].who.id = "manager";
  ladder.rungs.resize(rungs);
  policy.people.at("director").channels.resize(2);
  return policy;
}

core::Policy brief_policy_of(size_t rungs) {
  core::Policy policy = policy_of(rungs);
  core::Ladder& ladder = policy.ladders.at("default");
  ladder.open.quiet = 6min;
  ladder.remind = 2min;
  for (core::Rung& rung : ladder.rungs) {
    if (rung.ack) rung.ack = 2min;
    if (rung.decide) rung.decide = 3min;
  }
  policy.people.at("manager").channels.resize(1);
  return policy;
}

}  // namespace desk_test::model
