#include "engine/comparison.h"

#include <algorithm>
#include <array>
#include <set>

namespace engine {

namespace {

constexpr size_t kExamples = 3;  // messages shown a rule
constexpr core::Millis kMinute{60'000};
constexpr std::array<std::string_view, 5> kNames = {"new", "gone", "earlier", "later", "same"};
constexpr std::array<std::string_view, 5> kChinese = {"新增", "消失", "更早", "更晚", "不变"};

core::Time end_of(const PastIncident& incident) { return incident.ended.value_or(core::kTimeMax); }

// REQUIRES: of one family.
bool overlap(const PastIncident& a, const PastIncident& b) {
  return a.first_at <= end_of(b) && b.first_at <= end_of(a);
}

Fate fate_of(const PastIncident& before, const PastIncident& after) {
  if (after.opened + kMinute <= before.opened) return Fate::Earlier;
  return after.opened >= before.opened + kMinute ? Fate::Later : Fate::Same;
}

// Each incident finds the first one of the other side that overlaps and is still alone.
std::vector<IncidentPair> pair_up(const std::vector<PastIncident>& before,
                                  const std::vector<PastIncident>& after) {
  std::map<std::string_view, std::vector<const PastIncident*>> families;
  for (const PastIncident& one : before) families[one.family].push_back(&one);
  std::vector<IncidentPair> pairs;
  std::set<std::string> taken;
  for (const PastIncident& one : after) {
    const std::vector<const PastIncident*>& candidates = families[one.family];
    const auto match = std::ranges::find_if(candidates, [&](const PastIncident* b) {
      return overlap(*b, one) && !taken.contains(b->id);
    });
    IncidentPair pair;
    pair.after = one;
    pair.fate = Fate::New;
    if (match != candidates.end()) {
      taken.insert((*match)->id);
      pair.before = **match;
      pair.fate = fate_of(**match, one);
    }
    pairs.push_back(std::move(pair));
  }
  for (const PastIncident& one : before) {
    if (taken.contains(one.id)) continue;
    IncidentPair pair;
    pair.before = one;
    pair.fate = Fate::Gone;
    pairs.push_back(std::move(pair));
  }
  std::ranges::stable_sort(pairs, {}, [](const IncidentPair& p) { return p.either().opened; });
  return pairs;
}

std::string name_in(const SideResult& before, const SideResult& after, const std::string& id) {
  for (const SideResult* side : {&after, &before})
    if (const auto it = side->names.find(id); it != side->names.end()) return it->second;
  return id;
}

std::vector<PageLoad> loads_of(const SideResult& before, const SideResult& after) {
  std::map<std::pair<std::string, std::string>, std::pair<uint64_t, uint64_t>> loads;
  for (const auto& [who, n] : before.pages) loads[who].first = n;
  for (const auto& [who, n] : after.pages) loads[who].second = n;
  std::vector<PageLoad> all;
  for (const auto& [who, n] : loads)
    all.push_back({who.first, name_in(before, after, who.first), who.second, n.first, n.second});
  return all;
}

RuleChange change_of(const std::string& rule, const SideResult& before, const SideResult& after) {
  static const HitTally::Row kNothing;
  const auto row = [&rule](const SideResult& side) -> const HitTally::Row& {
    const auto it = side.tally.rows().find(rule);
    return it == side.tally.rows().end() ? kNothing : it->second;
  };
  RuleChange change;
  change.rule = rule;
  change.name = name_in(before, after, rule);
  change.before = row(before).messages;
  change.after = row(after).messages;
  change.appeared = only_in(row(after), row(before), kExamples);
  change.vanished = only_in(row(before), row(after), kExamples);
  return change;
}

}  // namespace

std::string_view name_of(Fate fate) { return kNames.at(static_cast<size_t>(fate)); }
std::string_view chinese_of(Fate fate) { return kChinese.at(static_cast<size_t>(fate)); }

std::optional<int64_t> IncidentPair::page_minutes() const {
  if (!before || !after || !before->first_page || !after->first_page) return std::nullopt;
  return std::chrono::floor<std::chrono::minutes>(*after->first_page - *before->first_page).count();
}

bool IncidentPair::differs() const {
  if (fate != Fate::Same) return true;
  return before->level != after->level || before->rung != after->rung ||
         before->pages != after->pages || before->issue != after->issue ||
         before->first_page != after->first_page || before->ended != after->ended ||
         before->groups != after->groups || before->messages != after->messages;
}

size_t Comparison::count(Fate fate) const {
  return static_cast<size_t>(
      std::ranges::count(incidents, fate, [](const IncidentPair& p) { return p.fate; }));
}

double Comparison::weeks() const {
  if (after.last <= after.first) return 0;
  return std::chrono::duration<double>(after.last - after.first).count() / (7 * 86'400.0);
}

bool Comparison::differs() const {
  const auto changed = [](const auto& one) { return one.differs(); };
  return std::ranges::any_of(incidents, changed) || std::ranges::any_of(rules, changed) ||
         std::ranges::any_of(pages, [](const PageLoad& p) { return p.before != p.after; });
}

Comparison compare(SideResult before, SideResult after) {
  Comparison c;
  c.incidents = pair_up(before.incidents, after.incidents);
  c.pages = loads_of(before, after);
  std::set<std::string> rules;
  for (const SideResult* side : {&before, &after})
    for (const auto& [rule, row] : side->tally.rows())
      if (!rule.empty()) rules.insert(rule);
  for (const std::string& rule : rules) c.rules.push_back(change_of(rule, before, after));
  c.any = change_of("", before, after);
  for (SideResult* side : {&before, &after}) {
    side->incidents.clear();
    side->tally = {};
  }
  c.before = std::move(before);
  c.after = std::move(after);
  return c;
}

}  // namespace engine
