#include "alerting/telling.h"

#include <algorithm>
#include <charconv>

#include "alerting/deadlines.h"
#include "alerting/ladder.h"
#include "core/check.h"

namespace alerting {

namespace {

constexpr size_t kProductsShown = 5, kExcerptsShown = 3;

bool asks(core::Cause cause) {
  return cause != core::Cause::Decided && cause != core::Cause::AllClear;
}

core::IncidentChange describe(const Incident& i, const Step& s) {
  core::IncidentChange c;
  c.at = s.at;
  c.incident = i.id;
  c.revision = i.revision;
  c.family = s.family;
  c.subject = i.subject;
  c.products = i.tally.votes().top(s.policy.catalogue, kProductsShown);
  c.issue = i.issue;
  c.level = i.level;
  c.state = i.state;
  c.rung = i.rung;
  if (i.rung > 0) c.rung_name = rung_of(s.policy.ladder(i.ladder), i.rung).name;
  c.groups = i.tally.groups();
  c.people = i.tally.people();
  c.loss_cny = expected_loss(i.subject, s.policy).cny;
  c.doubling_minutes = i.tally.doubling_minutes(s.at);
  c.messages = i.tally.messages();
  c.copies = i.tally.copies();
  c.first_at = i.tally.first_at();
  c.previous = i.previous;
  c.because = i.because;
  return c;
}

// The first is tried first. Policies without one are refused when they are loaded.
std::vector<std::string> channels_of(const core::Policy& policy, const std::string& person) {
  const auto known = policy.people.find(person);
  if (known == policy.people.end() || known->second.channels.empty()) return {"terminal"};
  return known->second.channels;
}

void remember(Incident& i, const Step& s, const core::Notification& n) {
  const auto same = [&](const Told& t) { return t.rung == n.rung && t.person == n.person; };
  if (std::ranges::none_of(i.told, same)) {
    if (i.told.size() < Incident::kToldMax)
      i.told.push_back({n.rung, n.person});
    else
      ++i.dropped;
  }
  if (i.deliveries.size() == Incident::kDeliveriesMax) {
    i.deliveries.erase(i.deliveries.begin());
    ++i.dropped;
  }
  Delivery d{delivery_id(n.id), i.revision, n.rung, n.cause, n.person, n.channel, {}, {}};
  if (s.proof == Proof::Required) d.due = s.at + kDeliveryProof;
  i.deliveries.push_back(std::move(d));
}

void tell_by(Incident& i, const Step& s, core::Cause cause, const Told& whom,
             const core::Because& because, const std::string& channel) {
  core::Notification n;
  n.at = s.at;
  n.cause = cause;
  n.rung = whom.rung;
  n.person = whom.person;
  n.channel = channel;
  n.because = because;
  n.incident = describe(i, s);
  n.id = core::notification_id(n);
  const uint64_t id = delivery_id(n.id);
  if (std::ranges::find(i.deliveries, id, &Delivery::id) != i.deliveries.end()) return;
  if (asks(cause) && whom.rung == i.rung && i.waits() && !s.held) {
    n.ack_by = i.deadlines.ack.value_or(core::Time{});
    n.decide_by = i.deadlines.decide.value_or(core::Time{});
  }
  n.evidence = i.tally.excerpts(kExcerptsShown);
  n.person_name = s.policy.person_name(whom.person);
  n.subject_name = s.policy.subject_name(i.subject);
  n.issue_name = s.policy.issue_name(i.issue);
  n.authority_cny = rung_of(s.policy.ladder(i.ladder), whom.rung).authority_cny;
  remember(i, s, n);
  s.out.notifications.push_back(std::move(n));
}

// What has been overtaken before it arrived need not be told any more.
bool outdated(core::Cause cause, core::IncidentState now) {
  if (cause == core::Cause::AllClear) return now != core::IncidentState::Closed;
  if (cause == core::Cause::Decided) return now != core::IncidentState::Decided;
  return now == core::IncidentState::Closed;
}

// Somebody already reached this person with this news, or with later news of the same rung.
bool reached(const Incident& i, const Delivery& failed) {
  return std::ranges::any_of(i.deliveries, [&](const Delivery& d) {
    return d.state == Delivery::State::Delivered && d.person == failed.person &&
           d.rung == failed.rung && d.revision >= failed.revision && asks(d.cause);
  });
}

}  // namespace

void revise(Incident& i, const Step& s, core::Because because) {
  ++i.revision;
  i.because = std::move(because);
  i.groups_before = i.tally.groups();
  s.out.changes.push_back(describe(i, s));
}

void tell(Incident& i, const Step& s, core::Cause cause, const Told& whom,
          const core::Because& because) {
  tell_by(i, s, cause, whom, because, channels_of(s.policy, whom.person).front());
}

std::vector<Told> all_told(const Incident& i) {
  std::vector<Told> people;
  for (const Told& told : i.told) {
    const auto known = std::ranges::find(people, told.person, &Told::person);
    if (known == people.end())
      people.push_back(told);
    else
      known->rung = std::max(known->rung, told.rung);
  }
  return people;
}

uint64_t delivery_id(std::string_view id) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value, 16);
  const bool whole = id.size() == 16 && error == std::errc{} && end == id.data() + id.size();
  return whole ? value : 0;
}

bool try_next_channel(Incident& i, const Step& s, const Delivery& failed,
                      const core::Because& because) {
  if (outdated(failed.cause, i.state)) return false;
  const std::vector<std::string> channels = channels_of(s.policy, failed.person);
  auto next = std::ranges::find(channels, failed.channel);
  if (next != channels.end()) ++next;
  if (next != channels.end()) {
    tell_by(i, s, failed.cause, {failed.rung, failed.person}, because, *next);
    return false;
  }
  return asks(failed.cause) && i.waits() && failed.rung == i.rung && !reached(i, failed) &&
         i.rung < rungs_of(s.policy.ladder(i.ladder));
}

}  // namespace alerting
