#include "alerting/telling.h"

#include <algorithm>
#include <charconv>

#include "alerting/briefing.h"
#include "alerting/deadlines.h"
#include "alerting/ladder.h"
#include "alerting/options.h"
#include "alerting/silence.h"
#include "core/check.h"

namespace alerting {

namespace {

constexpr size_t kProductsShown = 5, kExcerptsShown = 3;

bool asks(core::Cause cause) {
  switch (cause) {
    case core::Cause::Decided:
    case core::Cause::AllClear:
    case core::Cause::Action:
    case core::Cause::ActionLate:
    case core::Cause::Consulted:
    case core::Cause::Briefing:
    case core::Cause::Review:
      return false;
    default:
      return true;
  }
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
  const Loss loss = expected_loss(i.subject, s.policy);
  c.loss_cny = loss.cny;
  c.loss_range_cny = loss_range(loss);
  c.people_in_6h = people_ahead(i.tally.spread(s.at), core::Millis(6 * 3600'000));
  c.threats = i.tally.threats();
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
  const bool to_person = n.cause != core::Cause::Action;  // else a system was told, not they
  const bool holds = to_person && n.cause != core::Cause::Consulted;  // peers hold no rung
  if (holds && std::ranges::none_of(i.told, same)) {
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
  // A system has the time that the action's result has.
  if (to_person && s.proof == Proof::Required) d.due = s.at + kDeliveryProof;
  i.deliveries.push_back(std::move(d));
}

// By when; what is overdue, or has no deadline at the top, is asked again at the next reminder.
void set_dates(core::Notification& n, const Incident& i, const Step& s) {
  const core::Rung& rung = rung_of(s.policy.ladder(i.ladder), i.rung);
  const Deadlines& d = i.deadlines;
  const core::Time again = d.remind.value_or(core::Time{});
  const bool open = i.state == core::IncidentState::Open;
  n.ack_by = d.ack.value_or(open && rung.ack ? again : core::Time{});
  const bool decides = rung.decide || !open || !rung.ack;
  n.decide_by = d.decide.value_or(decides ? again : core::Time{});
}

void tell_by(Incident& i, const Step& s, core::Cause cause, const Told& whom,
             const core::Because& because, const std::string& channel,
             const std::string& action = "") {
  if (is_silent(i) && asks(cause)) return;
  core::Notification n;
  n.at = s.at;
  n.cause = cause;
  n.rung = whom.rung;
  n.person = whom.person;
  n.channel = channel;
  n.because = because;
  n.incident = describe(i, s);
  if (const auto a = s.policy.actions.find(action); a != s.policy.actions.end()) {
    n.action = action;
    n.action_name = a->second.name;
    n.action_undo = a->second.undo;
  }
  n.id = core::notification_id(n);
  const uint64_t id = delivery_id(n.id);
  if (std::ranges::find(i.deliveries, id, &Delivery::id) != i.deliveries.end()) return;
  if (asks(cause) && whom.rung == i.rung && i.waits() && !s.held) set_dates(n, i, s);
  if (cause == core::Cause::Consulted && !s.held)
    n.ack_by = i.consultation.due.value_or(core::Time{});
  n.evidence = i.tally.excerpts(kExcerptsShown);
  n.person_name = s.policy.person_name(whom.person);
  if (const auto person = s.policy.people.find(whom.person); person != s.policy.people.end())
    for (const auto& [kind, contact] : person->second.contacts)
      n.contacts.push_back({kind, contact});
  n.subject_name = s.policy.subject_name(i.subject);
  n.issue_name = s.policy.issue_name(i.issue);
  n.authority_cny = rung_of(s.policy.ladder(i.ladder), whom.rung).authority_cny;
  fill_offers(n, i, s);
  fill_facts(n, i, s);
  remember(i, s, n);
  s.out.notifications.push_back(std::move(n));
}

// What has been overtaken before it arrived need not be told any more.
bool outdated(core::Cause cause, const Incident& i) {
  const core::IncidentState now = i.state;
  if (cause == core::Cause::Consulted) return !i.consultation.running;
  if (cause == core::Cause::AllClear || cause == core::Cause::Review)
    return now != core::IncidentState::Closed;
  if (cause == core::Cause::Decided) return now != core::IncidentState::Decided;
  return now == core::IncidentState::Closed;
}

bool climbs(core::Cause cause) {
  return cause == core::Cause::Opened || cause == core::Cause::Escalated ||
         cause == core::Cause::Updated || cause == core::Cause::Reminder ||
         cause == core::Cause::Reopened;
}

// Newer news of the same incident was told to this person: what is older is not told beside it, and
// what becomes of the newer one decides whether anything climbs.
bool overtaken(const Incident& i, const Delivery& failed) {
  return climbs(failed.cause) && std::ranges::any_of(i.deliveries, [&](const Delivery& d) {
           return d.state != Delivery::State::Suppressed && d.person == failed.person &&
                  d.revision > failed.revision && d.rung >= failed.rung &&
                  (climbs(d.cause) || d.cause == core::Cause::Decided);
         });
}

// Somebody was reached on this rung with this news or with later news, or may still be: then
// nobody stands in yet. What was suppressed reached nobody.
bool reached(const Incident& i, const Delivery& failed) {
  return std::ranges::any_of(i.deliveries, [&](const Delivery& d) {
    const bool same = d.person == failed.person;
    const bool counts =
        d.state == Delivery::State::Delivered || (d.state == Delivery::State::Pending && !same);
    return counts && d.rung == failed.rung && d.revision >= failed.revision && asks(d.cause);
  });
}

}  // namespace

void revise(Incident& i, const Step& s, core::Because because) {
  ++i.revision;
  i.because = std::move(because);
  i.groups_before = i.tally.groups();
  i.threats_before = i.tally.threats();
  s.out.changes.push_back(describe(i, s));
  note_revision(i, s, s.out.changes.back());
}

void tell(Incident& i, const Step& s, core::Cause cause, const Told& whom,
          const core::Because& because) {
  tell_by(i, s, cause, whom, because, channels_of(s.policy, whom.person).front());
}

uint64_t tell_action(Incident& i, const Step& s, core::Cause cause, const Told& whom,
                     const core::Because& because, const std::string& action) {
  const auto known = s.policy.actions.find(action);
  const bool to_system = cause == core::Cause::Action && known != s.policy.actions.end();
  const std::string channel =
      to_system ? known->second.channel : channels_of(s.policy, whom.person).front();
  const size_t before = s.out.notifications.size();
  tell_by(i, s, cause, whom, because, channel, action);
  return s.out.notifications.size() > before ? i.deliveries.back().id : 0;
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
  if (outdated(failed.cause, i) || overtaken(i, failed)) return false;
  const std::vector<std::string> channels = channels_of(s.policy, failed.person);
  auto next = std::ranges::find(channels, failed.channel);
  if (next != channels.end()) ++next;
  if (next != channels.end()) {
    tell_by(i, s, failed.cause, {failed.rung, failed.person}, because, *next);
    return false;
  }
  return asks(failed.cause) && i.waits() && failed.rung == i.rung && !reached(i, failed);
}

}  // namespace alerting
