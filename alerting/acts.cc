#include "alerting/acts.h"

#include <algorithm>

#include "alerting/climbing.h"
#include "alerting/deadlines.h"
#include "alerting/reasons.h"
#include "alerting/telling.h"
#include "core/text/utf8.h"

namespace alerting {

namespace {

using core::IncidentState;

constexpr size_t kWordsMax = 480;  // bytes of what a person wrote

std::string words(const std::string& text) {
  return std::string(core::text::prefix_of(text, kWordsMax));
}

void refuse(const Incident& i, const Step& s, const core::Act& act, core::Because because) {
  s.out.refusals.push_back({s.at, i.id, act.what, words(act.by), std::move(because)});
}

void acknowledge(Incident& i, const Step& s, const core::Act& act) {
  if (i.state != IncidentState::Open)
    return refuse(i, s, act, reasons::already(i.state, i.state_by));
  i.state = IncidentState::Acknowledged;
  i.state_by = act.by;
  drop_ack_deadline(i, s.policy.ladder(i.ladder), s.at);
  revise(i, s, reasons::acknowledged(act.by));
}

void decide(Incident& i, const Step& s, const core::Act& act) {
  if (!i.waits()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (act.option.empty()) return refuse(i, s, act, reasons::no_option(act.by));
  i.state = IncidentState::Decided;
  i.state_by = act.by;
  drop_deadlines(i);
  const core::Because because = reasons::decided(act.by, words(act.option), words(act.because));
  revise(i, s, because);
  for (const Told& whom : all_told(i)) tell(i, s, core::Cause::Decided, whom, because);
}

void end(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  close_incident(i, s, act.by, reasons::closed_by(act.by, words(act.because)));
}

}  // namespace

void run_command(Incident& i, const Step& s, const core::Act& act) {
  const bool known = act.what == "ack" || act.what == "decide" || act.what == "close";
  if (!known) return;
  if (!s.policy.people.contains(act.by))
    return refuse(i, s, act, reasons::unknown_person(words(act.by)));
  if (act.what == "ack") return acknowledge(i, s, act);
  if (act.what == "decide") return decide(i, s, act);
  end(i, s, act);
}

void note_outcome(Incident& i, const Step& s, uint64_t id, std::string_view what) {
  if (what == "refused" || what == "unknown") return fail_over(i, s, id);
  if (what != "delivered") return;
  const auto delivery = std::ranges::find(i.deliveries, id, &Delivery::id);
  if (delivery == i.deliveries.end()) return;
  delivery->state = Delivery::State::Delivered;  // a late proof counts: the person was reached
  delivery->due.reset();
}

}  // namespace alerting
