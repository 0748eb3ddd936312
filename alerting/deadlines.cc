#include "alerting/deadlines.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/ladder.h"
#include "alerting/quiet.h"

namespace alerting {

namespace {

constexpr core::Millis kReminderMin{60'000};

constexpr core::Millis kSpanMax{int64_t{5} * 366 * 24 * 3600'000};

std::optional<core::Time> after(core::Time from, std::optional<core::Millis> span) {
  if (!span) return std::nullopt;
  return from + bounded(*span);
}

// Below the top nobody may be waited for; the daily briefing makes up for it. Without one, a day.
void never_forget(Incident& i, const core::Ladder& ladder, core::Time from) {
  constexpr core::Millis kDay{24 * 3600'000};
  const bool waited_for = i.deadlines.ack || i.deadlines.decide || i.deadlines.remind;
  if (!waited_for && !ladder.briefing_minute) i.deadlines.remind = from + kDay;
}

void take_earlier(std::optional<core::Time>& earliest, const std::optional<core::Time>& due) {
  if (due && (!earliest || *due < *earliest)) earliest = due;
}

}  // namespace

core::Millis bounded(core::Millis span) { return std::clamp(span, core::Millis{0}, kSpanMax); }

core::Time next_reminder(const core::Ladder& ladder, core::Time at) {
  return at + std::max(bounded(ladder.remind), kReminderMin);
}

void set_deadlines(Incident& i, const core::Ladder& ladder, core::Time from) {
  i.rung_at = from;
  drop_deadlines(i);
  if (i.rung == 0 || !i.waits()) return;
  const core::Rung& rung = rung_of(ladder, i.rung);
  if (i.state == core::IncidentState::Open) i.deadlines.ack = after(from, rung.ack);
  i.deadlines.decide = after(from, rung.decide);
  const bool top = i.rung >= rungs_of(ladder);
  if (top && !i.deadlines.ack && !i.deadlines.decide)
    i.deadlines.remind = next_reminder(ladder, from);
  never_forget(i, ladder, from);
}

void drop_ack_deadline(Incident& i, const core::Ladder& ladder, core::Time at) {
  i.deadlines.ack.reset();
  i.deadlines.remind.reset();
  const bool top = i.rung >= rungs_of(ladder);
  if (i.rung > 0 && top && !i.deadlines.decide) i.deadlines.remind = next_reminder(ladder, at);
  if (i.rung > 0) never_forget(i, ladder, at);
}

void drop_deadlines(Incident& i) {
  i.deadlines.ack.reset();
  i.deadlines.decide.reset();
  i.deadlines.remind.reset();
}

void restart_deadlines(Incident& i, const core::Ladder& ladder, core::Time at) {
  if (i.rung > 0 && i.waits()) set_deadlines(i, ladder, at);
  if (rung_sleeps(i)) drop_deadlines(i);
  for (auto* due : {&i.deadlines.silence, &i.deadlines.wake})
    if (*due) *due = std::max(**due, at);
  Consultation& c = i.consultation;
  if (c.running && c.due) c.due = at + (*c.due - i.rung_at);
  if (c.running) i.rung_at = at;
  for (Delivery& delivery : i.deliveries)
    if (delivery.due) delivery.due = at + kDeliveryProof;
}

std::optional<core::Time> next_due(const Incident& i, bool held) {
  std::optional<core::Time> earliest;
  if (i.state == core::IncidentState::Open) take_earlier(earliest, i.deadlines.quiet);
  if (!i.is_open()) take_earlier(earliest, i.deadlines.forget);
  if (held) return earliest;
  take_earlier(earliest, i.deadlines.silence);
  if (i.deadlines.silence) return earliest;
  take_earlier(earliest, i.deadlines.wake);
  if (i.waits() && i.consultation.running) take_earlier(earliest, i.consultation.due);
  if (i.waits() && i.rung > 0) {
    for (const auto* due : {&i.deadlines.ack, &i.deadlines.decide, &i.deadlines.remind})
      take_earlier(earliest, *due);
  }
  for (const Delivery& delivery : i.deliveries) take_earlier(earliest, delivery.due);
  for (const core::Time due : response_dues(i)) take_earlier(earliest, due);
  return earliest;
}

bool deadlines_fit(const Incident& i, bool held, core::Time last) {
  constexpr core::Millis kOverdueMax{24 * 3600'000};
  std::optional<core::Time> latest;
  const Deadlines& d = i.deadlines;
  for (const auto* due : {&d.ack, &d.decide, &d.remind, &d.quiet, &d.forget, &d.wake, &d.silence,
                          &i.consultation.due})
    if (*due && (!latest || **due > *latest)) latest = *due;
  for (const Delivery& delivery : i.deliveries)
    if (delivery.due && (!latest || *delivery.due > *latest)) latest = delivery.due;
  for (const core::Time due : response_dues(i)) latest = std::max(latest.value_or(due), due);
  const std::optional<core::Time> next = next_due(i, held);
  return (!next || *next >= last - kOverdueMax) && (!latest || *latest <= last + 2 * kSpanMax);
}

}  // namespace alerting
