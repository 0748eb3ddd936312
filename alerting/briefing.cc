#include "alerting/briefing.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/deadlines.h"
#include "alerting/decision_reasons.h"
#include "alerting/estimate.h"
#include "alerting/ladder.h"
#include "alerting/review.h"
#include "alerting/telling.h"
#include "core/rota.h"

namespace alerting {

namespace {

constexpr core::Millis kDay{24 * 3600'000};

std::optional<core::Time> planned(const Incident& i, const core::Policy& policy, core::Time after) {
  const std::optional<int> minute = policy.ladder(i.ladder).briefing_minute;
  if (!minute) return std::nullopt;
  return next_daily(after, *minute, policy.limits.zone_offset_minutes);
}

// By the calendar: the day of the opening is the first.
int64_t day_of(const Incident& i, const Step& s) {
  const core::Millis offset{int64_t{60'000} * s.policy.limits.zone_offset_minutes};
  const auto midnight = [&](core::Time at) { return core::floor_to(at + offset, kDay); };
  return (midnight(s.at) - midnight(i.chronicle.since)) / kDay + 1;
}

// Who is waited for now; "" when nobody is.
std::string who_decides(const Incident& i, const Step& s) {
  if (!i.waits() || i.rung == 0) return "";
  std::string names;
  const core::Rung& rung = rung_of(s.policy.ladder(i.ladder), i.rung);
  for (const std::string& person : core::resolve(s.policy, rung.who, s.at).now)
    names += (names.empty() ? "" : "、") + s.policy.person_name(person);
  return names;
}

std::vector<core::Figure> briefing_facts(const Incident& i, const Step& s) {
  const Chronicle::Standing& before = i.chronicle.yesterday;
  const ActionFigures actions = action_figures(i);
  std::vector<core::Figure> facts = {
      {"day", day_of(i, s), ""},
      {"groups", i.tally.groups(), ""},
      {"groups_more", std::max<int64_t>(i.tally.groups() - before.groups, 0), ""},
      {"people", i.tally.people(), ""},
      {"people_more", std::max<int64_t>(i.tally.people() - before.people, 0), ""},
      {"loss_cny", expected_loss(i.subject, s.policy).cny, ""},
      {"actions_done", actions.done, ""},
      {"actions_open", actions.sent + actions.late, ""},
      {"actions_failed", actions.failed, ""}};
  const std::string decides = who_decides(i, s);
  if (!decides.empty()) facts.push_back({"who_decides", 0, decides});
  return facts;
}

}  // namespace

core::Time next_daily(core::Time after, int minute, int offset_minutes) {
  const core::Millis offset{int64_t{60'000} * offset_minutes};
  const core::Time midnight = core::floor_to(after + offset, kDay);
  const core::Time then = midnight + core::Millis{int64_t{60'000} * minute} - offset;
  return then > after ? then : then + kDay;
}

void plan_first_briefing(Incident& i, const Step& s) {
  i.deadlines.briefing = planned(i, s.policy, s.at + bounded(s.policy.ladder(i.ladder).golden));
}

void plan_briefing_again(Incident& i, const core::Policy& policy, core::Time at) {
  if (i.deadlines.briefing && *i.deadlines.briefing <= at)
    i.deadlines.briefing = planned(i, policy, at);
}

void brief(Incident& i, const Step& s) {
  i.deadlines.briefing = planned(i, s.policy, s.at);
  Chronicle& c = i.chronicle;
  c.yesterday = c.today;
  c.today = {s.at, i.tally.groups(), i.tally.people()};
  const core::Because because = reasons::briefing(day_of(i, s));
  revise(i, s, because);
  for (const Told& whom : all_told(i)) tell(i, s, core::Cause::Briefing, whom, because);
}

void fill_facts(core::Notification& n, const Incident& i, const Step& s) {
  if (n.cause == core::Cause::Briefing) n.facts = briefing_facts(i, s);
  if (n.cause == core::Cause::Review) n.facts = review_facts(i, s);
}

}  // namespace alerting
