#include "alerting/silence.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "alerting/acts.h"
#include "alerting/climbing.h"
#include "alerting/deadlines.h"
#include "alerting/duty.h"
#include "alerting/ladder.h"
#include "alerting/reasons.h"
#include "alerting/telling.h"
#include "alerting/waiting_reasons.h"

namespace alerting {

namespace {

constexpr int kMinutesMax = 7 * 24 * 60;

bool holds_rung(const Incident& i, const Step& s, const std::string& person) {
  if (std::ranges::find(i.told, person, &Told::person) != i.told.end()) return true;
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  for (uint32_t rung = 1; rung <= rungs_of(ladder); ++rung) {
    const std::vector<std::string> people = holders_of(ladder, rung, s).people;
    if (std::ranges::find(people, person) != people.end()) return true;
  }
  return false;
}

bool may_silence(const Incident& i, const Step& s, const std::string& person) {
  const std::vector<std::string>& may = s.policy.people.at(person).may;
  return std::ranges::find(may, "silence") != may.end() || holds_rung(i, s, person);
}

int minutes_of(const std::string& value) {
  int minutes = 0;
  const char* last = value.data() + value.size();
  const auto [end, error] = std::from_chars(value.data(), last, minutes);
  return error == std::errc{} && end == last && minutes <= kMinutesMax ? minutes : 0;
}

void speak_again(Incident& i, const Step& s, const core::Because& because) {
  end_silence(i, s.at);
  set_deadlines(i, s.policy.ladder(i.ladder), s.at);
  revise(i, s, because);
  tell_holders(i, s, core::Cause::Updated, because);
}

}  // namespace

void silence(Incident& i, const Step& s, const core::Act& act) {
  if (!i.waits()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  if (i.rung == 0) return refuse(i, s, act, reasons::no_silence(act.by));
  if (!may_silence(i, s, act.by)) return refuse(i, s, act, reasons::may_not_silence(act.by));
  const int minutes = minutes_of(act.value);
  if (minutes < 1) return refuse(i, s, act, reasons::silence_minutes(act.by));
  i.deadlines.silence = s.at + std::chrono::minutes(minutes);
  i.silenced_by = act.by;
  revise(i, s, reasons::silenced(act.by, minutes, words(act.because)));
}

void unsilence(Incident& i, const Step& s, const core::Act& act) {
  if (!is_silent(i) || !i.waits()) return refuse(i, s, act, reasons::no_silence(act.by));
  if (!may_silence(i, s, act.by)) return refuse(i, s, act, reasons::may_not_silence(act.by));
  speak_again(i, s, reasons::unsilenced(act.by, words(act.because)));
}

void run_silence(Incident& i, const Step& s) {
  if (!is_silent(i) || *i.deadlines.silence > s.at) return;
  if (!i.waits()) return end_silence(i, s.at);
  speak_again(i, s, reasons::silence_ended(i.silenced_by));
}

void end_silence(Incident& i, core::Time at) {
  if (!is_silent(i)) return;
  i.deadlines.silence.reset();
  i.silenced_by.clear();
  if (i.deadlines.wake) i.deadlines.wake = std::max(*i.deadlines.wake, at);
  for (Delivery& delivery : i.deliveries)
    if (delivery.due) delivery.due = std::max(*delivery.due, at);
}

}  // namespace alerting
