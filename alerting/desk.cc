#include "alerting/desk.h"

#include <algorithm>

#include "alerting/actions.h"
#include "alerting/acts.h"
#include "alerting/climbing.h"
#include "alerting/consulting.h"
#include "alerting/deadlines.h"
#include "alerting/docket.h"
#include "alerting/members.h"
#include "alerting/saved.h"
#include "alerting/telling.h"
#include "core/check.h"
#include "core/hash.h"

namespace alerting {

namespace {

// 1: without threats, quiet hours, calming, silence, consultation, resolution, chronicle and
// decision log. Read still.
constexpr uint64_t kVersion = 2;
constexpr std::string_view kUnnamed = "unknown:", kFamily = "family:";
constexpr int kRoundsMax = 1'000;  // of deadlines that give rise to others at the same time

}  // namespace

// The Desk is the door: it finds the incident that something is about and starts one step on it.
// What a step decides is in docket.h (which incident), climbing.h and acts.h (what happens to it).
struct Desk::State {
  std::string family;
  const core::PolicyTimeline* policies;
  Proof proof;
  bool tells;
  bool held = false;
  core::Time last{};  // when the last step was
  Docket docket;
  DecisionChain chain;

  Step step(core::Time at, Decisions& out) {
    last = std::max(last, at);
    return {policies->at(at), at, family, tells, proof, held, out, chain};
  }
};

Desk::Desk(std::string family, const core::PolicyTimeline& policies, Proof proof)
    : state_(std::make_unique<State>()) {
  state_->tells = !family.starts_with(kUnnamed);
  state_->family = std::move(family);
  state_->policies = &policies;
  state_->proof = proof;
}
Desk::~Desk() = default;
Desk::Desk(Desk&&) noexcept = default;
Desk& Desk::operator=(Desk&&) noexcept = default;

void Desk::observe(const core::Signal& signal, const Sighting& sighting, Decisions& out) {
  const bool reported = signal.sensitivity > 0;
  if (!sighting.counts && !sighting.mention && !sighting.evidence && !sighting.opens && !reported)
    return;
  const Step step = state_->step(signal.at, out);
  const std::optional<Report> report = report_of(signal, step);
  Entry entry = entry_of(signal, sighting, step.policy);
  entry.evidence |= report.has_value();
  state_->docket.observe(std::move(entry), sighting.opens, report, step);
}

bool Desk::recall(std::string_view event) { return state_->docket.recall(core::hash64(event)); }

bool Desk::erase(const core::Act& act, core::Time at, Decisions& out) {
  const uint64_t author = author_of(act.value);
  if (author == 0 || !may_reveal(state_->policies->at(at), act.by)) return false;
  const Step step = state_->step(at, out);
  const size_t before = out.entries.size();
  for (Incident& i : state_->docket.incidents()) alerting::erase(i, step, act, author);
  return state_->docket.forget_author(author) || out.entries.size() > before;
}

void Desk::act(const core::Act& act, core::Time at, Decisions& out) {
  Docket& docket = state_->docket;
  const Step step = state_->step(at, out);
  if (const uint64_t id = delivery_id(act.notification); id != 0) {
    if (Incident* told = docket.by_delivery(id)) note_outcome(*told, step, id, act.what);
    return;
  }
  const bool by_family = act.incident.starts_with(kFamily) &&
                         std::string_view(act.incident).substr(kFamily.size()) == state_->family;
  if (Incident* meant = docket.by_id(by_family ? open_incident() : act.incident))
    run_command(*meant, step, act);
}

void Desk::hold(bool held, core::Time at) {
  if (state_->held && !held)
    for (Incident& i : state_->docket.incidents()) {
      restart_deadlines(i, state_->policies->at(at).ladder(i.ladder), at);
      restart_response(i, state_->policies->at(at), at);
    }
  state_->held = held;
  state_->last = std::max(state_->last, at);
}

std::optional<core::Time> Desk::due() const {
  std::optional<core::Time> earliest;
  for (const Incident& i : state_->docket.incidents()) {
    const std::optional<core::Time> due = next_due(i, state_->held);
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

void Desk::advance(core::Time due, Decisions& out) {
  INVARIANT(this->due() == due);
  const Step step = state_->step(due, out);
  for (int round = 0; round < kRoundsMax; ++round) {
    const std::optional<core::Time> next = this->due();
    if (!next || *next > due) break;
    for (Incident& i : state_->docket.incidents()) run_due(i, step);
    state_->docket.forget(due);
  }
}

bool Desk::open() const { return state_->docket.first_open() != nullptr; }

bool Desk::on_ladder() const {
  const auto& incidents = std::as_const(state_->docket).incidents();
  return std::ranges::any_of(
      incidents, [](const Incident& i) { return i.is_open() && !i.consultation.running; });
}

bool Desk::knows(std::string_view incident) const {
  return state_->docket.by_id(incident) != nullptr;
}

std::vector<std::string> Desk::known() const {
  std::vector<std::string> ids;
  for (const Incident& i : std::as_const(state_->docket).incidents()) ids.push_back(i.id);
  return ids;
}

bool Desk::knows_notification(std::string_view id) const {
  const uint64_t delivery = delivery_id(id);
  return delivery != 0 && state_->docket.by_delivery(delivery) != nullptr;
}

const core::OpenBounds& Desk::bounds(const core::Signal& signal) const {
  const core::Policy& policy = state_->policies->at(signal.at);
  if (const Incident* first = state_->docket.first_open()) return policy.ladder(first->ladder).open;
  const core::OpenBounds* lowest = nullptr;
  for (const core::RuleHit& hit : signal.hits) {
    const auto& open = policy.ladder(policy.ladder_id(hit.ladder, hit.issue)).open;
    if (lowest == nullptr || open.rule_groups < lowest->rule_groups) lowest = &open;
  }
  return lowest != nullptr ? *lowest : policy.ladder("").open;
}

uint64_t Desk::dropped() const { return state_->docket.dropped(); }

std::string Desk::open_incident() const {
  const Incident* first = state_->docket.first_open();
  return first != nullptr ? first->id : "";
}

void Desk::open_evidence(std::vector<uint64_t>& out) const {
  for (const Incident& i : std::as_const(state_->docket).incidents())
    if (i.is_open()) i.tally.add_events(out);
}

void Desk::save(core::ByteWriter& out) const {
  out.u64(kVersion);
  out.u64(state_->held ? 1 : 0);
  out.time(state_->last);
  state_->docket.save(out);
  write(out, state_->chain);
}

bool Desk::load(core::ByteReader& in) {
  const uint64_t version = in.u64();
  if (version < 1 || version > kVersion) return false;
  const bool held = in.u64() != 0;
  core::Time last;
  if (!read_time(in, last)) return false;
  auto loaded = std::make_unique<State>(
      State{state_->family, state_->policies, state_->proof, state_->tells, held, last, {}, {}});
  if (!loaded->docket.load(in, version)) return false;
  if (version >= 2 && !read(in, loaded->chain)) return false;
  for (const Incident& i : loaded->docket.incidents())
    if (!deadlines_fit(i, held, last)) return false;
  state_ = std::move(loaded);
  return true;
}

}  // namespace alerting
