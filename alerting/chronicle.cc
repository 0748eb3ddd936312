#include "alerting/chronicle.h"

#include <algorithm>

#include "alerting/briefing.h"
#include "alerting/entry.h"
#include "alerting/incident.h"
#include "alerting/options.h"
#include "alerting/saved.h"

namespace alerting {

namespace {

constexpr core::Millis kBetweenForecasts{30 * 60'000};

template <typename T>
void push_bounded(std::vector<T>& list, T value, size_t limit) {
  if (list.size() == limit) list.erase(list.begin());
  list.push_back(std::move(value));
}

bool read(core::ByteReader& in, Chronicle::Standing& standing) {
  return read_time(in, standing.at) && read_amount(in, standing.groups) &&
         read_amount(in, standing.people);
}

void write(core::ByteWriter& out, const Chronicle::Standing& standing) {
  out.time(standing.at);
  out.i64(standing.groups);
  out.i64(standing.people);
}

bool read_lists(core::ByteReader& in, Chronicle& c) {
  size_t n = 0;
  if (!read_count(in, n, Chronicle::kRungsMax)) return false;
  c.rungs.resize(n);
  for (auto& r : c.rungs)
    if (!read_within(in, r.rung, 0, UINT32_MAX) || !read_time(in, r.from)) return false;
  if (!read_count(in, n, Chronicle::kQuestionsMax)) return false;
  c.questions.resize(n);
  for (auto& q : c.questions) {
    if (!read_within(in, q.revision, 0, UINT32_MAX)) return false;
    q.hash = in.u64();
  }
  if (!read_count(in, n, Chronicle::kForecastsMax)) return false;
  c.forecasts.resize(n);
  for (auto& f : c.forecasts) {
    if (!read_time(in, f.at)) return false;
    for (int64_t* people : {&f.people.low, &f.people.middle, &f.people.high})
      if (!read_amount(in, *people)) return false;
  }
  if (!read_count(in, n, Chronicle::kRulesMax)) return false;
  c.rules.resize(n);
  for (auto& [rule, hits] : c.rules) {
    rule = in.str();
    if (!read_amount(in, hits)) return false;
  }
  return in.ok();
}

}  // namespace

void begin_chronicle(Incident& i, const Step& s) {
  Chronicle& c = i.chronicle;
  if (c.opened_at == core::Time{}) c.opened_at = s.at;
  c.since = s.at;
  c.decided_at.reset();
  c.rungs.clear();
  c.forecasts.clear();
  c.yesterday = c.today = {s.at, i.tally.groups(), i.tally.people()};
  i.resolution = {};
  if (s.tells) plan_first_briefing(i, s);
}

void note_revision(Incident& i, const Step& s, const core::IncidentChange& change) {
  Chronicle& c = i.chronicle;
  if (c.rungs.empty() || c.rungs.back().rung != i.rung)
    push_bounded(c.rungs, {i.rung, s.at}, Chronicle::kRungsMax);
  if (i.state == core::IncidentState::Decided && !c.decided_at) c.decided_at = s.at;
  const uint64_t question = question_of(i, s);
  if (c.questions.empty() || c.questions.back().hash != question)
    push_bounded(c.questions, {i.revision, question}, Chronicle::kQuestionsMax);
  const bool old = c.forecasts.empty() || s.at - c.forecasts.back().at >= kBetweenForecasts;
  if (change.people_in_6h.middle > 0 && old)
    push_bounded(c.forecasts, {s.at, change.people_in_6h}, Chronicle::kForecastsMax);
}

void note_rules(Incident& i, const Entry& entry) {
  auto& rules = i.chronicle.rules;
  for (const Hit& hit : entry.hits) {
    const auto known = std::ranges::find(rules, hit.rule, &std::pair<std::string, int64_t>::first);
    if (known != rules.end())
      ++known->second;
    else if (rules.size() < Chronicle::kRulesMax)
      rules.emplace_back(hit.rule, 1);
  }
}

bool question_changed(const Incident& i, const Step& s, uint32_t seen) {
  if (seen == 0) return false;
  const auto& questions = i.chronicle.questions;
  const auto after = std::ranges::upper_bound(questions, seen, {}, &Chronicle::Question::revision);
  return after == questions.begin() || std::prev(after)->hash != question_of(i, s);
}

void write(core::ByteWriter& out, const Chronicle& c) {
  out.time(c.opened_at);
  out.time(c.since);
  write_maybe(out, c.decided_at);
  write(out, c.yesterday);
  write(out, c.today);
  out.u64(c.rungs.size());
  for (const auto& r : c.rungs) {
    out.u64(r.rung);
    out.time(r.from);
  }
  out.u64(c.questions.size());
  for (const auto& q : c.questions) {
    out.u64(q.revision);
    out.u64(q.hash);
  }
  out.u64(c.forecasts.size());
  for (const auto& f : c.forecasts) {
    out.time(f.at);
    for (const int64_t people : {f.people.low, f.people.middle, f.people.high}) out.i64(people);
  }
  out.u64(c.rules.size());
  for (const auto& [rule, hits] : c.rules) {
    out.str(rule);
    out.i64(hits);
  }
}

bool read(core::ByteReader& in, Chronicle& c) {
  return read_time(in, c.opened_at) && read_time(in, c.since) && read_maybe(in, c.decided_at) &&
         read(in, c.yesterday) && read(in, c.today) && read_lists(in, c);
}

}  // namespace alerting
