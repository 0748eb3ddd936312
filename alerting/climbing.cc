#include "alerting/climbing.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/consulting.h"
#include "alerting/deadlines.h"
#include "alerting/duty.h"
#include "alerting/ladder.h"
#include "alerting/quiet.h"
#include "alerting/reasons.h"
#include "alerting/review.h"
#include "alerting/silence.h"
#include "alerting/telling.h"
#include "alerting/waiting_reasons.h"
#include "core/check.h"
#include "core/hash.h"

namespace alerting {

namespace {

using core::IncidentState;

constexpr core::Millis kKnownAfterClosing{72 * 3600'000};
constexpr std::string_view kMention = "mention";

// What the evidence says now, before anything is changed.
struct Assessment {
  std::string issue, ladder, subject;
  core::Level level;
  std::string level_by;
  std::vector<Crossing> crossed;
};

std::string ladder_of(const IssueRow* row, const core::Policy& policy) {
  return row == nullptr ? "default" : policy.ladder_id(row->ladder, row->issue);
}

// Without votes in the last four hours the subject stays what it was.
std::string subject_of(const Incident& i, const Step& s) {
  const std::string sku = i.tally.votes().leader(s.policy.catalogue);
  if (!sku.empty()) return "product:" + sku;
  return i.subject.empty() ? s.family : i.subject;
}

Assessment assess(const Incident& i, const Step& s, uint32_t entered) {
  const IssueRow* row = i.tally.shown_issue();
  Assessment a;
  a.issue = row != nullptr ? row->issue : kMention;
  a.ladder = ladder_of(row, s.policy);
  a.subject = subject_of(i, s);
  const bool calmed = i.tally.level() <= i.calmed_level && i.calmed_rung > 0;
  a.level = calmed ? i.level : std::max(i.level, i.tally.level());
  a.level_by = i.tally.level_by();
  if (!s.tells) return a;
  Standing standing{a.level, i.tally.groups(), i.tally.people(),
                    expected_loss(a.subject, s.policy)};
  standing.groups_per_hour = i.tally.groups_in_last_hour(s.at);
  standing.threats = i.tally.threats();
  standing.spread = i.tally.spread(s.at);
  standing.calmed = i.calmed_rung;
  Climb up = climb(s.policy.ladder(a.ladder), std::max(entered, i.calmed_rung), standing);
  if (up.level > a.level) a.level_by = std::move(up.level_by);
  a.level = up.level;
  a.crossed = std::move(up.crossed);
  return a;
}

void take_over(Incident& i, Assessment& a) {
  i.issue = std::move(a.issue);
  i.ladder = std::move(a.ladder);
  i.subject = std::move(a.subject);
  i.level = a.level;
}

void expect_evidence(Incident& i, const Step& s) {
  i.deadlines.quiet = s.at + bounded(s.policy.ladder(i.ladder).open.quiet);
}

std::string subject_category(const Incident& i, const core::Policy& policy) {
  const core::Product* product = policy.catalogue.product(sku_of(i.subject));
  return product != nullptr ? product->category : "";
}

std::string id_of(const Incident& i, const Step& s) {
  std::string date = core::format_date(s.at, s.policy.limits.zone_offset_minutes);
  std::erase(date, '-');
  core::ByteWriter key;
  key.str(s.family);
  key.str(i.category.empty() ? subject_category(i, s.policy) : i.category);
  key.i64(core::to_ms(s.at));
  return "INC-" + date + "-" + core::base32_8(core::hash64(key.bytes()));
}

// Those of the rung that the incident stands on; at a change of duty whoever is new there is told
// what it is about instead, and where nobody is on duty the last resort is asked.
void tell_rung(Incident& i, const Step& s, core::Cause cause, const core::Because& because) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  std::vector<std::string> people = holders_of(ladder, i.rung, s).people;
  const bool nobody = people.empty();
  if (nobody) people = last_resort(ladder, s);
  const std::vector<Told> before = i.told;
  const auto on_rung = std::ranges::find(before, i.rung, &Told::rung);
  for (const std::string& person : people) {
    if (sleeps(i, person)) continue;
    const bool known = std::ranges::find(before, person, &Told::person) != before.end();
    if (nobody)
      tell(i, s, cause, {i.rung, person}, reasons::nobody_on_duty(rung_of(ladder, i.rung).name));
    else if (!known && on_rung != before.end())
      tell(i, s, core::Cause::Updated, {i.rung, person},
           reasons::handover(on_rung->person, person));
    else
      tell(i, s, cause, {i.rung, person}, because);
  }
}

// Why rung `rung` is told: its own bound, else the bound of the rung above that drew it in.
const core::Because& because_of(uint32_t rung, const std::vector<Crossing>& crossed,
                                const core::Because& otherwise) {
  const auto reason =
      std::ranges::find_if(crossed, [&](const Crossing& c) { return c.rung >= rung; });
  return reason != crossed.end() ? reason->because : otherwise;
}

struct Entering {
  uint32_t from = 0, to = 0;  // the rungs above `from`, up to `to`
  core::Cause cause = core::Cause::Escalated;
};

// Those of the rungs above `from`, lowest first; whoever holds several is told once, on the
// highest.
std::vector<Told> newly_told(const Incident& i, uint32_t from, const Step& s) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  std::vector<Told> now;
  const uint32_t top = std::min(i.rung, rungs_of(ladder));
  for (uint32_t rung = top; rung > from; --rung) {
    std::vector<std::string> people = holders_of(ladder, rung, s).people;
    if (people.empty() && rung == top) people = last_resort(ladder, s);
    for (const std::string& person : people)
      if (std::ranges::find(now, person, &Told::person) == now.end()) now.push_back({rung, person});
  }
  std::ranges::reverse(now);
  return now;
}

// A rung is never skipped silently: all new ones are told, and those below are informed.
void enter(Incident& i, const Step& s, const Entering& e, const core::Because& because,
           const std::vector<Crossing>& crossed) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  i.consultation.running = false;
  end_silence(i, s.at);
  i.rung = e.to;
  // A rung that nobody holds now gives its place to the next one at once.
  while (i.rung < rungs_of(ladder) && holders_of(ladder, i.rung, s).people.empty()) ++i.rung;
  set_deadlines(i, ladder, s.at);
  const Bedtime bed = put_to_bed(i, s, newly_told(i, e.from, s));
  revise(i, s, because);
  const std::vector<Told> before = all_told(i);
  const std::vector<Told>& now = bed.awake;
  for (const Told& whom : now) {
    const bool opened = e.from == 0 && whom.rung == 1;
    const uint32_t below = whom.rung - 1;
    if (std::ranges::find(bed.roused, whom.person, &Told::person) != bed.roused.end())
      tell(i, s, e.cause, whom, why_roused(i, s));
    else if (holders_of(ladder, whom.rung, s).instead)
      tell(i, s, e.cause, whom, reasons::nobody_on_duty(rung_of(ladder, whom.rung).name));
    else if (whom.rung > e.to && below > e.from)
      tell(i, s, e.cause, whom, reasons::nobody_on_duty(rung_of(ladder, below).name));
    else
      tell(i, s, e.cause, whom, opened ? because : because_of(whom.rung, crossed, because));
  }
  for (const Told& whom : before)
    if (std::ranges::find(now, whom.person, &Told::person) == now.end() && !sleeps(i, whom.person))
      tell(i, s, e.cause, whom, because);
  run_waking(i, s);
}

// The strongest change that is worth a revision, in this order.
std::optional<core::Because> change_of(const Incident& i, const Assessment& a) {
  if (!a.crossed.empty()) return a.crossed.back().because;
  if (a.level > i.level) return reasons::level(i.level, a.level, a.level_by);
  if (a.issue != i.issue) return reasons::issue(i.issue, a.issue);
  if (a.subject != i.subject) return reasons::subject(i.subject, a.subject);
  if (i.tally.threats() >= 2 && i.tally.threats() > i.threats_before)
    return reasons::threat_again(i.tally.threats());
  if (i.groups_before > 0 && i.tally.groups() >= 2 * i.groups_before)
    return reasons::groups_doubled(i.tally.groups(), i.groups_before);
  return std::nullopt;
}

// A fresh start: nothing that people did before holds any more.
Assessment begin(Incident& i, const Step& s) {
  i.state = IncidentState::Open;
  i.state_by.clear();
  i.deadlines = {};
  begin_chronicle(i, s);
  i.consultation.running = false;
  i.silenced_by.clear();
  i.asleep.clear();
  i.calmed_rung = 0;
  i.calmed_level = core::Level::Blue;
  return assess(i, s, 0);
}

void remind(Incident& i, const Step& s, reasons::Waiting what) {
  const core::Because because = reasons::reminder(what, s.at - i.rung_at);
  revise(i, s, because);
  tell_rung(i, s, core::Cause::Reminder, because);
}

// Nobody did what was asked: up, or, at the top, again.
void missed(Incident& i, const Step& s, reasons::Waiting what) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  if (i.rung < rungs_of(ladder)) {
    const core::Rung& rung = rung_of(ladder, i.rung);
    return climb_by_one(i, s, reasons::missed(what, s.at - i.rung_at, rung.name, rung.who.id));
  }
  i.deadlines.remind = next_reminder(ladder, s.at);
  remind(i, s, what);
}

void run_people_deadlines(Incident& i, const Step& s) {
  Deadlines& d = i.deadlines;
  if (i.rung == 0 || !i.waits()) return;
  if (d.ack && *d.ack <= s.at) {
    d.ack.reset();
    if (i.state == IncidentState::Open) return missed(i, s, reasons::Waiting::Ack);
  }
  if (d.decide && *d.decide <= s.at) {
    d.decide.reset();
    // Where reminders run already they ask for the decision too.
    if (!d.remind) return missed(i, s, reasons::Waiting::Decide);
  }
  if (!d.remind || *d.remind > s.at) return;
  d.remind.reset();
  const bool for_ack =
      i.state == IncidentState::Open && rung_of(s.policy.ladder(i.ladder), i.rung).ack.has_value();
  missed(i, s, for_ack ? reasons::Waiting::Ack : reasons::Waiting::Decide);
}

}  // namespace

void open_incident(Incident& i, const Step& s, Opening opening, core::Because because) {
  const uint32_t before = i.rung;
  Assessment a = begin(i, s);
  const uint32_t reached = a.crossed.empty() ? 1 : a.crossed.back().rung;
  take_over(i, a);
  if (opening == Opening::New) i.id = id_of(i, s);
  expect_evidence(i, s);
  if (!s.tells) return revise(i, s, std::move(because));
  const core::Cause cause = opening == Opening::New ? core::Cause::Opened : core::Cause::Reopened;
  enter(i, s, {0, std::max({reached, before, 1u}), cause}, because, a.crossed);
}

void open_below(Incident& i, const Step& s, Opening opening) {
  Assessment a = begin(i, s);
  take_over(i, a);
  if (opening == Opening::New) i.id = id_of(i, s);
  expect_evidence(i, s);
  i.rung = 0;
  i.rung_at = s.at;
}

void start_ladder(Incident& i, const Step& s, const core::Because& because) {
  Assessment a = assess(i, s, 0);
  const uint32_t reached = a.crossed.empty() ? 1 : a.crossed.back().rung;
  take_over(i, a);
  enter(i, s, {0, std::max(reached, 1u), core::Cause::Opened}, because, a.crossed);
}

void reassess(Incident& i, const Step& s) {
  expect_evidence(i, s);
  Assessment a = assess(i, s, i.rung);
  if (i.consultation.running) a.crossed.clear();
  const std::optional<core::Because> because = change_of(i, a);
  const bool grave = a.level > i.level && a.level == core::Level::Red;
  const bool worth_telling = a.level > i.level || (i.issue == kMention && a.issue != kMention) ||
                             (because && because->code == "threat_again");
  take_over(i, a);
  if (!because) return;
  // Peers are being asked: what is known grows, and the ladder waits for them.
  if (i.consultation.running) return revise(i, s, *because);
  if (is_silent(i) && (grave || !a.crossed.empty())) {
    const std::string by = i.silenced_by;
    end_silence(i, s.at);
    set_deadlines(i, s.policy.ladder(i.ladder), s.at);
    revise(i, s, reasons::silence_gives_way(by, i.level));
  }
  if (!a.crossed.empty())
    return enter(i, s, {i.rung, a.crossed.back().rung, core::Cause::Escalated}, *because,
                 a.crossed);
  revise(i, s, *because);
  if (worth_telling && i.rung > 0) tell_rung(i, s, core::Cause::Updated, *because);
  if (!is_silent(i)) run_waking(i, s);
}

void tell_holders(Incident& i, const Step& s, core::Cause cause, const core::Because& because) {
  tell_rung(i, s, cause, because);
}

void climb_by_one(Incident& i, const Step& s, const core::Because& because) {
  INVARIANT(i.rung < rungs_of(s.policy.ladder(i.ladder)));
  climb_to(i, s, i.rung + 1, because);
}

void climb_to(Incident& i, const Step& s, uint32_t rung, const core::Because& because) {
  enter(i, s, {i.rung, rung, core::Cause::Escalated}, because, {});
}

void close_incident(Incident& i, const Step& s, const std::string& by,
                    const core::Because& because) {
  i.state = IncidentState::Closed;
  i.state_by = by;
  i.closed_at = s.at;
  drop_deadlines(i);
  i.deadlines.quiet.reset();
  end_silence(i, s.at);
  i.deadlines.forget =
      s.at + std::max(kKnownAfterClosing, bounded(s.policy.ladder(i.ladder).open.reopen));
  revise(i, s, because);
  std::vector<Told> people = all_told(i);
  if (i.consultation.running)
    for (Told& whom : consulted(i, s.policy))
      if (std::ranges::find(people, whom.person, &Told::person) == people.end())
        people.push_back(std::move(whom));
  i.consultation.running = false;
  for (const Told& whom : people) tell(i, s, core::Cause::AllClear, whom, because);
  stand_down(i, s);
}

void run_due(Incident& i, const Step& s) {
  const auto& quiet = i.deadlines.quiet;
  if (i.state == IncidentState::Open && quiet && *quiet <= s.at)
    close_incident(i, s, "", reasons::quiet(s.policy.ladder(i.ladder).open.quiet));
  if (s.held) return;
  std::vector<uint64_t> late;
  for (Delivery& delivery : i.deliveries) {
    if (!delivery.due || *delivery.due > s.at) continue;
    delivery.due.reset();
    late.push_back(delivery.id);
  }
  for (const uint64_t id : late) fail_over(i, s, id);
  run_silence(i, s);
  if (is_silent(i)) return;
  run_consultation(i, s);
  if (i.deadlines.wake && *i.deadlines.wake <= s.at) run_waking(i, s);
  run_people_deadlines(i, s);
  run_response(i, s);
}

void fail_over(Incident& i, const Step& s, uint64_t id) {
  const auto found = std::ranges::find(i.deliveries, id, &Delivery::id);
  if (found == i.deliveries.end() || found->state != Delivery::State::Pending) return;
  found->state = Delivery::State::Failed;
  found->due.reset();
  const Delivery failed = *found;  // telling moves the list
  if (failed.cause == core::Cause::Action) return action_undelivered(i, s, failed.id);
  const core::Because because = reasons::not_delivered(failed.person, failed.channel);
  if (!try_next_channel(i, s, failed, because) || is_silent(i)) return;
  if (const auto standby = next_standby(i, s))
    return tell(i, s, failed.cause, {i.rung, *standby}, because);
  if (i.rung < rungs_of(s.policy.ladder(i.ladder))) climb_by_one(i, s, because);
}

std::string category_of(const Incident& i, const core::Policy& policy) {
  if (!i.category.empty()) return i.category;
  const std::string& named = i.tally.category();
  return named.empty() ? subject_category(i, policy) : named;
}

}  // namespace alerting
