#include "engine/families.h"

#include <algorithm>

namespace engine {

namespace {

using core::Time;

constexpr core::Millis kSweepEvery{3'600'000};
constexpr core::Millis kEvidenceKept{72 * 3'600'000};  // a closed incident can be reopened so long
constexpr std::string_view kErase = "erase";
constexpr std::string_view kByFamily =
    "family:";  // acts may name "family:<family>" instead of an incident

}  // namespace

Families::Families(const core::PolicyTimeline& policies, CaseSpec spec, size_t families_max)
    : policies_(policies), spec_(spec), families_max_(families_max) {}

core::Result<core::Unit> Families::load(
    const std::vector<std::pair<std::string, std::string>>& families) {
  for (const auto& [family, bytes] : families) {
    auto loaded = std::make_unique<Case>(family, policies_, spec_);
    if (!loaded->load(bytes))
      return core::Error{core::Code::BadSettings,
                         "the stored state of " + family +
                             " has an unknown layout: another version of qingyu wrote it"};
    // A hold does not rewrite the families without an incident: theirs is the shard's.
    if (loaded->known().empty()) loaded->hold(held_, core::kTimeMin);
    for (const std::string& incident : loaded->known()) family_of_[incident] = family;
    schedule(family, *loaded);
    cases_[family] = std::move(loaded);
  }
  return core::Unit{};
}

Case& Families::case_of(const std::string& family, Time at) {
  auto it = cases_.find(family);
  if (it != cases_.end() && it->second->forgotten_at(at)) {
    forget(family);
    it = cases_.end();
  }
  if (it == cases_.end()) {
    if (cases_.size() >= families_max_) forget_quiet();
    it = cases_.emplace(family, std::make_unique<Case>(family, policies_, spec_)).first;
    if (held_) it->second->hold(true, at);
  }
  return *it->second;
}

bool Families::observe(const core::Signal& signal, alerting::Decisions& out) {
  Case& c = case_of(signal.family, signal.at);
  const size_t changes_from = out.changes.size();
  const uint64_t dropped = c.dropped();
  const bool fresh = c.observe(signal, out);
  evidence_dropped_ += c.dropped() - dropped;
  touched(signal.family, c, out, changes_from);
  return fresh;
}

bool Families::act(const core::ActRecord& record, alerting::Decisions& out) {
  if (record.act.what == kErase) return erase(record, out);
  const auto [family, found] = find(record.act);
  if (found == nullptr) return false;
  const size_t changes_from = out.changes.size();
  found->act(record, out);
  touched(family, *found, out, changes_from);
  return true;
}

std::pair<std::string, Case*> Families::find(const core::Act& act) {
  const auto at = [&](std::string_view family) -> std::pair<std::string, Case*> {
    const auto it = cases_.find(family);
    return it == cases_.end() ? std::pair<std::string, Case*>{}
                              : std::pair(it->first, it->second.get());
  };
  if (act.incident.starts_with(kByFamily))
    return at(std::string_view(act.incident).substr(kByFamily.size()));
  if (!act.incident.empty()) {
    const auto it = family_of_.find(act.incident);
    return it == family_of_.end() ? std::pair<std::string, Case*>{} : at(it->second);
  }
  std::string seen;
  for (const auto& [incident, family] : family_of_) {
    if (family == seen) continue;
    seen = family;
    const auto found = at(family);
    if (found.second != nullptr && found.second->knows(act)) return found;
  }
  return {};
}

// A member's words may be evidence of any family.
bool Families::erase(const core::ActRecord& record, alerting::Decisions& out) {
  bool any = false;
  for (auto& [family, c] : cases_)
    if (c->erase(record, out)) changed_.insert(family), any = true;
  return any;
}

// A family that has been quiet for longer than evidence is kept without an incident need not be
// asked.
void Families::recall(const core::Recall& recall) {
  for (auto& [family, c] : cases_) {
    const bool may_know = c->open() || c->last() + kEvidenceKept >= recall.at;
    if (may_know && c->recall(recall.event)) changed_.insert(family);
  }
}

void Families::hold(bool held, Time at) {
  held_ = held;
  for (auto& [family, c] : cases_) {
    c->hold(held, at);
    schedule(family, *c);
    if (!c->known().empty()) changed_.insert(family);
  }
}

void Families::run_deadlines(Time before, alerting::Decisions& out) {
  while (!deadlines_.empty() && deadlines_.begin()->first < before) {
    const auto [due, family] = *deadlines_.begin();
    Case& c = *cases_.find(family)->second;
    const size_t changes_from = out.changes.size();
    c.advance(due, out);
    touched(family, c, out, changes_from);
  }
}

void Families::touched(const std::string& family, Case& c, const alerting::Decisions& out,
                       size_t changes_from) {
  changed_.insert(family);
  for (size_t i = changes_from; i < out.changes.size(); ++i) {
    const core::IncidentChange& change = out.changes[i];
    if (change.revision == 1) family_of_[change.incident] = family;
  }
  schedule(family, c);
}

void Families::schedule(const std::string& family, const Case& c) {
  const std::optional<Time> due = c.due();
  const auto known = due_of_.find(family);
  if (known != due_of_.end()) {
    if (due && *due == known->second) return;
    deadlines_.erase({known->second, family});
    due_of_.erase(known);
  }
  if (!due) return;
  deadlines_.emplace(*due, family);
  due_of_[family] = *due;
}

void Families::forget(const std::string& family) {
  const auto it = cases_.find(family);
  for (const std::string& incident : it->second->known()) family_of_.erase(incident);
  const auto due = due_of_.find(family);
  if (due != due_of_.end()) {
    deadlines_.erase({due->second, family});
    due_of_.erase(due);
  }
  cases_.erase(it);
  changed_.insert(family);
}

// For want of room: a tenth, those longest quiet first, so that this is not done again at once.
void Families::forget_quiet() {
  std::vector<std::pair<Time, std::string>> quiet;
  for (const auto& [family, c] : cases_)
    if (!c->open()) quiet.emplace_back(c->last(), family);
  std::ranges::sort(quiet);
  quiet.resize(std::min(quiet.size(), families_max_ / 10 + 1));
  for (const auto& [last, family] : quiet) forget(family);
  dropped_ += quiet.size();
}

std::vector<std::pair<std::string, std::string>> Families::changed(Time now) {
  if (now >= swept_ + kSweepEvery || swept_ == core::kTimeMin) {
    swept_ = now;
    std::vector<std::string> gone;
    for (const auto& [family, c] : cases_)
      if (c->forgotten_at(now)) gone.push_back(family);
    for (const std::string& family : gone) forget(family);
  }
  std::vector<std::pair<std::string, std::string>> all;
  all.reserve(changed_.size());
  for (const std::string& family : changed_) {
    const auto it = cases_.find(family);
    all.emplace_back(family, it == cases_.end() ? std::string() : it->second->save());
  }
  changed_.clear();
  return all;
}

}  // namespace engine
