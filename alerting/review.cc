#include "alerting/review.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/case_library.h"
#include "alerting/decision_log.h"
#include "alerting/decision_reasons.h"
#include "alerting/estimate.h"
#include "alerting/ladder.h"
#include "alerting/telling.h"

namespace alerting {

namespace {

constexpr core::Millis kMinute{60'000};
constexpr core::Millis kForecastAhead{6 * 3600'000};
constexpr core::Millis kForecastSlack{60 * 60'000};

// What was forecast for now: made six hours ago, give or take an hour.
const Chronicle::Forecast* forecast_for(const Incident& i, core::Time now) {
  const core::Time made = now - kForecastAhead;
  for (const Chronicle::Forecast& f : i.chronicle.forecasts)
    if (f.at >= made - kForecastSlack && f.at <= made + kForecastSlack) return &f;
  return nullptr;
}

void add_rungs(std::vector<core::Figure>& facts, const Incident& i, const Step& s) {
  const auto& rungs = i.chronicle.rungs;
  for (size_t k = 0; k < rungs.size(); ++k) {
    if (rungs[k].rung == 0) continue;
    const core::Time to = k + 1 < rungs.size() ? rungs[k + 1].from : s.at;
    facts.push_back({"minutes_on:" + rung_of(s.policy.ladder(i.ladder), rungs[k].rung).name,
                     (to - rungs[k].from) / kMinute, ""});
  }
}

std::string text_in(const core::Because& because, std::string_view name) {
  for (const core::Figure& f : because.figures)
    if (f.name == name) return f.text;
  return "";
}

ClosedCase case_of(const Incident& i, const Step& s) {
  ClosedCase c;
  c.incident = i.id;
  c.family = s.family;
  c.subject = i.subject;
  const core::Product* product = s.policy.catalogue.product(sku_of(i.subject));
  c.category = product != nullptr ? product->category : i.category;
  c.issue = i.issue;
  c.level = i.level;
  c.rules = top_rules(i.chronicle);
  for (const core::Evidence& e : i.tally.excerpts(Excerpts::kMax))
    add_fingerprints(e.excerpt, c.fingerprints);
  if (i.resolution.decided) c.option = i.resolution.decided->option;
  c.outcome = text_in(i.because, "reason");
  c.opened_at = i.chronicle.opened_at;
  c.closed_at = i.closed_at;
  c.groups = i.tally.groups();
  c.people = i.tally.people();
  c.minutes_to_decision =
      i.chronicle.decided_at ? (*i.chronicle.decided_at - i.chronicle.since) / kMinute : -1;
  return c;
}

}  // namespace

void stand_down(Incident& i, const Step& s) {
  i.deadlines.briefing.reset();
  for (ActionState& a : i.resolution.actions) a.due.reset();
  const std::string option = i.resolution.decided ? i.resolution.decided->option : "";
  log_decision(i, s, {"closed", i.state_by, "", option, text_in(i.because, "reason")});
  if (s.tells) {
    const core::Because because = reasons::review(s.at - i.chronicle.since);
    if (!i.state_by.empty())  // what ended by itself needs no more than the line that it ended
      for (const Told& whom : all_told(i)) tell(i, s, core::Cause::Review, whom, because);
    s.out.slots.push_back({std::string(kCaseShelf), i.id, encode(case_of(i, s)), s.at});
  }
}

std::vector<core::Figure> review_facts(const Incident& i, const Step& s) {
  const Chronicle& c = i.chronicle;
  std::vector<core::Figure> facts = {
      {"time_to_detect_minutes", (c.opened_at - i.tally.first_at()) / kMinute, ""}};
  add_rungs(facts, i, s);
  if (c.decided_at)
    facts.push_back({"time_to_decision_minutes", (*c.decided_at - c.since) / kMinute, ""});
  if (const Chronicle::Forecast* f = forecast_for(i, s.at)) {
    facts.push_back({"people_forecast_low", f->people.low, ""});
    facts.push_back({"people_forecast", f->people.middle, ""});
    facts.push_back({"people_forecast_high", f->people.high, ""});
  }
  facts.push_back({"people", i.tally.people(), ""});
  facts.push_back({"groups", i.tally.groups(), ""});
  facts.push_back({"messages_undelivered", undelivered(i), ""});
  const ActionFigures a = action_figures(i);
  facts.push_back({"actions_done", a.done, ""});
  facts.push_back({"actions_failed", a.failed, ""});
  facts.push_back({"actions_late", a.late, ""});
  facts.push_back({"actions_open", a.sent, ""});
  const bool carried_out = i.resolution.decided && a.failed + a.late + a.sent == 0;
  facts.push_back({"carried_out", carried_out ? 1 : 0, ""});
  return facts;
}

int64_t undelivered(const Incident& i) {
  struct Message {
    uint32_t revision, rung;
    core::Cause cause;
    std::string_view person;
    bool failed = false, other = false;
  };
  std::vector<Message> messages;
  for (const Delivery& d : i.deliveries) {
    auto known = std::ranges::find_if(messages, [&](const Message& m) {
      return m.revision == d.revision && m.rung == d.rung && m.cause == d.cause &&
             m.person == d.person;
    });
    if (known == messages.end())
      known = messages.insert(known, {d.revision, d.rung, d.cause, d.person});
    (d.state == Delivery::State::Failed ? known->failed : known->other) = true;
  }
  return std::ranges::count_if(messages, [](const Message& m) { return m.failed && !m.other; });
}

}  // namespace alerting
