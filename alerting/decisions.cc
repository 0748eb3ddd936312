#include "alerting/decisions.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/acts.h"
#include "alerting/climbing.h"
#include "alerting/deadlines.h"
#include "alerting/decision_log.h"
#include "alerting/decision_reasons.h"
#include "alerting/ladder.h"
#include "alerting/options.h"
#include "alerting/reasons.h"
#include "alerting/silence.h"
#include "alerting/telling.h"
#include "core/rota.h"

namespace alerting {

namespace {

using core::IncidentState;

std::vector<std::string> people_on(const Incident& i, const Step& s, uint32_t rung) {
  return core::resolve(s.policy, rung_of(s.policy.ladder(i.ladder), rung).who, s.at).now;
}

core::Interval cost_now(const Incident& i, const Step& s, const std::string& option) {
  const core::ResponseOption* known = s.policy.option(option);
  if (known == nullptr) return {kCostUnknown, kCostUnknown, kCostUnknown};
  return cost_of(*known, i.subject, s.family, s.policy);
}

bool needs_two(const core::Policy& policy, const core::Interval& cost) {
  const int64_t bound = policy.four_eyes_over_cny;
  return bound >= 0 && (cost.middle == kCostUnknown || cost.middle > bound);
}

// Who can be the second person: the others of the same rung, else those of the next rungs that may,
// else of the next ones below. The last is weaker than "the same authority", but a decision that
// only the one at the top may make must not wait for somebody who does not exist.
std::vector<Told> seconds_for(const Incident& i, const Step& s, const Choice& choice,
                              uint32_t own) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  const uint32_t top = rungs_of(ladder);
  std::vector<uint32_t> order;
  for (uint32_t rung = own; rung <= top; ++rung)
    if (covers(rung_of(ladder, rung).authority_cny, choice.cost_cny)) order.push_back(rung);
  for (uint32_t rung = std::min(own, top + 1) - 1; rung >= 1; --rung) order.push_back(rung);
  std::vector<Told> people;
  for (const uint32_t rung : order) {
    for (const std::string& person : people_on(i, s, rung))
      if (person != choice.by) people.push_back({rung, person});
    if (!people.empty()) break;
  }
  return people;
}

Logged logged(std::string what, const Choice& c, int64_t authority_cny) {
  return {std::move(what),
          c.by,
          c.door,
          c.option,
          c.because,
          {{"cost_low_cny", c.cost_cny.low, ""},
           {"cost_cny", c.cost_cny.middle, ""},
           {"cost_high_cny", c.cost_cny.high, ""},
           {"authority_cny", authority_cny, ""}}};
}

core::Because why(const Incident& i, const Step& s, const Choice& choice) {
  const std::optional<Choice>& over = i.resolution.decided;
  if (i.state != IncidentState::Decided || !over)
    return reasons::decided(choice.by, choice.option, choice.because);
  return reasons::overruled(choice.by, choice.option, over->by, over->option,
                            undo_notes(i, s, choice.option));
}

// It is decided: told to everybody who was told, and carried out.
void settle(Incident& i, const Step& s, const Choice& choice, const Holder& holder,
            const std::optional<Choice>& approval = std::nullopt) {
  const core::Because because = why(i, s, choice);
  i.resolution.proposed.reset();
  i.resolution.decided = choice;
  i.state = IncidentState::Decided;
  i.state_by = choice.by;
  end_silence(i, s.at);
  drop_deadlines(i);
  revise(i, s, because);
  if (approval) log_decision(i, s, logged("approved", *approval, holder.authority_cny));
  Logged entry = logged(because.code, choice, holder.authority_cny);
  entry.figures.push_back({"wait_cost_cny", wait_cost_cny(i, s), ""});
  for (const core::Figure& f : because.figures)
    if (f.name == "over" || f.name == "over_option") entry.figures.push_back(f);
  log_decision(i, s, std::move(entry));
  for (const Told& whom : all_told(i)) tell(i, s, core::Cause::Decided, whom, because);
  if (s.tells) send_actions(i, s, holder.rung);
}

// Asks `people`, all of one rung; climbs there when nobody has been told on it yet.
void ask(Incident& i, const Step& s, const std::vector<Told>& people,
         const core::Because& because) {
  if (s.tells && people.front().rung > i.rung) return climb_to(i, s, people.front().rung, because);
  revise(i, s, because);
  if (!s.tells) return;
  for (const Told& whom : people) tell(i, s, core::Cause::Approval, whom, because);
}

void propose_up(Incident& i, const Step& s, const core::Act& act, const Choice& choice,
                const Holder& holder) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  std::vector<Told> people;
  int64_t highest = 0;
  for (uint32_t rung = 1; rung <= rungs_of(ladder) && people.empty(); ++rung) {
    highest = std::max(highest, rung_of(ladder, rung).authority_cny);
    if (!covers(rung_of(ladder, rung).authority_cny, choice.cost_cny)) continue;
    for (const std::string& person : people_on(i, s, rung)) people.push_back({rung, person});
  }
  if (people.empty())
    return refuse(i, s, act,
                  reasons::above_every_rung(choice.option, choice.cost_cny.middle, highest));
  i.resolution.proposed = choice;
  ask(i, s, people,
      reasons::needs_authority(choice.by, choice.option, choice.cost_cny.middle,
                               holder.authority_cny, rung_of(ladder, people.front().rung).name));
  log_decision(i, s, logged("proposed", choice, holder.authority_cny));
}

void propose_to_second(Incident& i, const Step& s, const core::Act& act, const Choice& choice,
                       const Holder& holder) {
  const std::vector<Told> people = seconds_for(i, s, choice, holder.rung);
  if (people.empty()) return refuse(i, s, act, reasons::no_second_person(choice.by, choice.option));
  i.resolution.proposed = choice;
  ask(i, s, people,
      reasons::needs_second(choice.by, choice.option, choice.cost_cny.middle,
                            s.policy.four_eyes_over_cny));
  log_decision(i, s, logged("proposed", choice, holder.authority_cny));
}

// REQUIRES: the choice is priced and within the holder's authority.
void settle_or_ask_second(Incident& i, const Step& s, const core::Act& act, const Choice& choice,
                          const Holder& holder) {
  if (needs_two(s.policy, choice.cost_cny)) return propose_to_second(i, s, act, choice, holder);
  settle(i, s, choice, holder);
}

// The proposal of somebody else, by a person who may.
void approve_as(Incident& i, const Step& s, const core::Act& act, const Holder& holder) {
  Choice choice = *i.resolution.proposed;
  if (choice.by == act.by) return refuse(i, s, act, reasons::same_person(act.by, choice.option));
  choice.cost_cny = cost_now(i, s, choice.option);
  const std::optional<Holder> proposer = holder_of(i, s, choice.by);
  const bool may = covers(holder.authority_cny, choice.cost_cny);
  const auto not_allowed = [&] {
    refuse(i, s, act, reasons::may_not(act.by, choice.option, holder.authority_cny));
  };
  Choice mine = choice;
  mine.by = act.by;
  mine.door = act.door;
  mine.at = s.at;
  if (!act.because.empty()) mine.because = words(act.because);
  if (!proposer || !covers(proposer->authority_cny, choice.cost_cny)) {
    if (!may) return not_allowed();
    if (needs_two(s.policy, mine.cost_cny)) return propose_to_second(i, s, act, mine, holder);
    return settle(i, s, mine, holder, mine);
  }
  const std::vector<Told> seconds = seconds_for(i, s, choice, proposer->rung);
  if (!may && std::ranges::find(seconds, act.by, &Told::person) == seconds.end())
    return not_allowed();
  settle(i, s, choice, *proposer, mine);
}

// Whether somebody may still decide otherwise, after it was decided.
bool may_overrule(const Incident& i, const Step& s, const Holder& holder,
                  const std::string& option) {
  const Choice& decided = *i.resolution.decided;
  const std::optional<Holder> decider = holder_of(i, s, decided.by);
  return option != decided.option && (!decider || holder.rung > decider->rung);
}

std::string known_options(const std::vector<core::OptionOffer>& offered) {
  std::string known;
  for (const core::OptionOffer& o : offered) known += (known.empty() ? "" : ", ") + o.id;
  return words(known);
}

void choose(Incident& i, const Step& s, const core::Act& act, const Holder& holder, bool priced) {
  const std::string option = words(act.option);
  if (const std::optional<Choice>& proposed = i.resolution.proposed) {
    if (proposed->option == option) return approve_as(i, s, act, holder);
    const std::optional<Holder> proposer = holder_of(i, s, proposed->by);
    if (proposer && proposer->rung > holder.rung)
      return refuse(i, s, act, reasons::already_proposed(proposed->by, proposed->option));
  }
  const Choice choice = {
      option, act.by, act.door, words(act.because), s.at, cost_now(i, s, option)};
  if (!priced) return settle(i, s, choice, holder);
  if (covers(holder.authority_cny, choice.cost_cny))
    return settle_or_ask_second(i, s, act, choice, holder);
  if (i.state == IncidentState::Decided)  // what stands is not weakened by a mere proposal
    return refuse(i, s, act, reasons::may_not(act.by, option, holder.authority_cny));
  propose_up(i, s, act, choice, holder);
}

}  // namespace

std::optional<Holder> holder_of(const Incident& i, const Step& s, std::string_view person) {
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  uint32_t highest = 0;
  for (uint32_t rung = 1; rung <= rungs_of(ladder); ++rung) {
    const std::vector<std::string> people = people_on(i, s, rung);
    if (std::ranges::find(people, person) != people.end()) highest = rung;
  }
  const auto& asked = i.consultation.asked;  // peers give advice, they hold no rung
  if (std::ranges::find(asked, person) == asked.end())
    for (const Told& told : i.told)
      if (told.person == person) highest = std::max(highest, told.rung);
  if (highest == 0) return std::nullopt;
  highest = std::min(highest, rungs_of(ladder));
  return Holder{highest, rung_of(ladder, highest).authority_cny};
}

void decide(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (act.option.empty()) return refuse(i, s, act, reasons::no_option(act.by));
  const std::vector<core::OptionOffer> offered = offers(i, s, 0);
  const std::string option = words(act.option);
  const bool priced = !offered.empty();
  if (priced && std::ranges::find(offered, option, &core::OptionOffer::id) == offered.end())
    return refuse(i, s, act, reasons::unknown_option(act.by, option, known_options(offered)));
  const std::optional<Holder> holder = holder_of(i, s, act.by);
  if (!holder) return refuse(i, s, act, reasons::no_authority_at_all(act.by));
  if (i.state == IncidentState::Decided) {
    const std::optional<Choice>& by = i.resolution.decided;
    if (!by) return refuse(i, s, act, reasons::already(i.state, i.state_by));
    if (!may_overrule(i, s, *holder, option))
      return refuse(i, s, act, reasons::already_decided(by->by, by->option, s.at - by->at));
  }
  if (question_changed(i, s, act.revision))
    return refuse(i, s, act, reasons::question_changed(act.by, act.revision, i.revision));
  choose(i, s, act, *holder, priced);
}

void approve(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  const std::optional<Choice>& proposed = i.resolution.proposed;
  if (!proposed) {
    if (const std::optional<Choice>& by = i.resolution.decided)
      return refuse(i, s, act, reasons::already_decided(by->by, by->option, s.at - by->at));
    return refuse(i, s, act, reasons::nothing_proposed(act.by));
  }
  if (!act.option.empty() && words(act.option) != proposed->option) return decide(i, s, act);
  const std::optional<Holder> holder = holder_of(i, s, act.by);
  if (!holder) return refuse(i, s, act, reasons::no_authority_at_all(act.by));
  if (question_changed(i, s, act.revision))
    return refuse(i, s, act, reasons::question_changed(act.by, act.revision, i.revision));
  approve_as(i, s, act, *holder);
}

void reject(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (!i.resolution.proposed) return refuse(i, s, act, reasons::nothing_proposed(act.by));
  if (act.because.empty()) return refuse(i, s, act, reasons::no_reason(act.by));
  const Choice proposal = *i.resolution.proposed;
  const std::optional<Holder> holder = holder_of(i, s, act.by);
  if (!holder) return refuse(i, s, act, reasons::no_authority_at_all(act.by));
  const std::optional<Holder> proposer = holder_of(i, s, proposal.by);
  const std::vector<Told> seconds =
      proposer ? seconds_for(i, s, proposal, proposer->rung) : std::vector<Told>{};
  const bool may = act.by == proposal.by || covers(holder->authority_cny, proposal.cost_cny) ||
                   std::ranges::find(seconds, act.by, &Told::person) != seconds.end();
  if (!may)
    return refuse(i, s, act, reasons::may_not(act.by, proposal.option, holder->authority_cny));
  i.resolution.proposed.reset();
  Choice no = proposal;
  no.by = act.by;
  no.door = act.door;
  no.because = words(act.because);
  const core::Because because = reasons::rejected(no.by, no.option, no.because);
  revise(i, s, because);
  log_decision(i, s, logged("rejected", no, holder->authority_cny));
  if (!s.tells || act.by == proposal.by || i.rung == 0) return;
  const uint32_t rung = proposer ? std::min(proposer->rung, i.rung) : 1;
  tell(i, s, core::Cause::Updated, {rung, proposal.by}, because);
}

}  // namespace alerting
