#include "engine/case.h"

#include <algorithm>

#include "core/bytes.h"

namespace engine {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kAnswersMax = 256;

alerting::Sighting sighting_of(const detectors::Finding& f) {
  return {f.counts, f.mention, f.evidence, f.copy, f.rule_groups, f.mention_groups, f.opens};
}

void write(core::ByteWriter& out, const core::Act& act) {
  for (const std::string* s :
       {&act.what, &act.incident, &act.by, &act.option, &act.because, &act.door, &act.value})
    out.str(*s);
}

core::Act read_act(core::ByteReader& in) {
  core::Act act;
  for (std::string* s :
       {&act.what, &act.incident, &act.by, &act.option, &act.because, &act.door, &act.value})
    *s = in.str();
  return act;
}

}  // namespace

Case::Case(const std::string& family, const core::PolicyTimeline& policies, CaseSpec spec)
    : watch_(family, policies), desk_(family, policies, spec.proof), spec_(spec) {}

bool Case::observe(const core::Signal& signal, alerting::Decisions& out) {
  const detectors::Finding finding = watch_.observe(signal, desk_.bounds(signal));
  if (finding.duplicate) return false;
  const size_t told_from = out.notifications.size();
  desk_.observe(signal, sighting_of(finding), out);
  settle(out, told_from);
  return true;
}

void Case::act(const core::ActRecord& record, alerting::Decisions& out) {
  const size_t told_from = out.notifications.size();
  desk_.act(record.act, record.at, out);
  settle(out, told_from);
}

std::optional<core::Time> Case::due() const {
  const std::optional<core::Time> due = desk_.due();
  if (answers_.empty()) return due;
  return due ? std::min(*due, answers_.front().at) : answers_.front().at;
}

// At the same moment people come before deadlines, as everywhere.
void Case::advance(core::Time due, alerting::Decisions& out) {
  const size_t told_from = out.notifications.size();
  while (!answers_.empty() && answers_.front().at == due) {
    const Answer next = std::move(answers_.front());
    answers_.pop_front();
    answer(next, out);
  }
  while (desk_.due() == due) desk_.advance(due, out);
  settle(out, told_from);
}

void Case::settle(alerting::Decisions& out, size_t told_from) {
  watch_.set_open(desk_.on_ladder());
  if (!spec_.answer_after) return;
  for (size_t i = told_from; i < out.notifications.size(); ++i) ask(out.notifications[i]);
}

// Only the person of the rung that the incident stands on is asked for something.
void Case::ask(const core::Notification& n) {
  const bool asked = n.ack_by != core::Time{} || n.decide_by != core::Time{};
  if (!asked || n.rung != n.incident.rung) return;
  core::Act act;
  act.what = "ack";
  act.incident = n.incident.incident;
  act.by = n.person;
  act.door = "answer";
  const core::Time at = n.at + *spec_.answer_after;
  schedule({at, act});
  if (n.decide_by == core::Time{}) return;
  act.what = "decide";
  act.option = n.options.empty() ? "standard plan" : n.options.front().id;
  schedule({at, act});
}

void Case::schedule(Answer answer) {
  if (answers_.size() == kAnswersMax) answers_.pop_front();
  const auto place = std::ranges::upper_bound(answers_, answer.at, {}, &Answer::at);
  answers_.insert(place, std::move(answer));
}

// What these people try in vain (somebody was quicker) is not worth a line.
void Case::answer(const Answer& answer, alerting::Decisions& out) {
  const size_t changes = out.changes.size(), refusals = out.refusals.size();
  desk_.act(answer.act, answer.at, out);
  out.refusals.resize(refusals);
  if (answer.act.what != "decide" || out.changes.size() == changes) return;
  Answer close = answer;
  close.act.what = "close";
  close.at += kCloseAfter;
  schedule(std::move(close));
}

bool Case::knows(const core::Act& act) const {
  return act.notification.empty() ? desk_.knows(act.incident)
                                  : desk_.knows_notification(act.notification);
}

bool Case::forgotten_at(core::Time at) const {
  return watch_.last() + detectors::Watch::kForget < at && answers_.empty() &&
         desk_.known().empty();
}

std::string Case::save() const {
  core::ByteWriter out, watch, desk;
  watch_.save(watch);
  desk_.save(desk);
  out.u64(kVersion);
  out.str(watch.bytes());
  out.str(desk.bytes());
  out.u64(answers_.size());
  for (const Answer& a : answers_) {
    out.time(a.at);
    write(out, a.act);
  }
  return out.take();
}

bool Case::load(std::string_view bytes) {
  core::ByteReader in(bytes);
  if (in.u64() != kVersion) return false;
  core::ByteReader watch(in.view());
  core::ByteReader desk(in.view());
  if (!in.ok() || !watch_.load(watch) || !desk_.load(desk)) return false;
  answers_.resize(in.count());
  for (Answer& a : answers_) {
    a.at = in.time();
    a.act = read_act(in);
  }
  return in.ok() && in.at_end();
}

}  // namespace engine
