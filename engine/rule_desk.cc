#include "engine/rule_desk.h"

#include <algorithm>
#include <iostream>
#include <map>

#include "engine/book_shelf.h"
#include "rules/keyed_hash.h"

namespace engine {

namespace {

using core::Error;
using core::Time;

// Whether the rule hit messages of `family` between `from` and `to` on that day.
bool hit_between(const TallyRow& row, const std::string& family, Time from, Time to) {
  return std::ranges::any_of(row.stretches, [&](const Stretch& s) {
    return s.family == family && s.first <= to && s.last >= from;
  });
}

Time end_of(const core::IncidentChange& last) {
  return last.state == core::IncidentState::Closed ? last.at : core::kTimeMax;
}

}  // namespace

const rules::RuleFacts* RuleDesk::fact(std::string_view rule) const {
  const auto it = std::ranges::lower_bound(facts, rule, {}, &rules::RuleFacts::id);
  return it == facts.end() || it->id != rule ? nullptr : &*it;
}

core::Result<RuleDesk> open_rule_desk(const StoreChoice& choice, Needs needs) {
  const std::string file = find_settings(choice.config);
  if (file.empty()) return Error{core::Code::BadSettings, "which settings? give --config FILE"};
  auto settings = load_settings(file);
  if (!settings) return settings.error();
  if (settings->book.hash_key.empty()) settings->book.hash_key = rules::kPublicHashKey;
  auto book = load_book(settings->book);
  if (!book) return book.error();
  RuleDesk desk{std::move(*settings), std::move(*book), nullptr, {}};
  desk.facts = rules::facts_of(*desk.book);
  if (needs == Needs::RulesOnly) return desk;
  StoreChoice from = choice;
  if (from.store.empty()) from.config = desk.settings.file;
  const auto spec = chosen_store(from);
  if (!spec) return spec.error();
  auto store = store::open_store(*spec);
  if (!store) return store.error();
  desk.store = std::move(*store);
  return desk;
}

std::vector<Participant> participants(const ListedIncident& incident,
                                      const std::vector<RuleDay>& days) {
  const std::string& family = incident.last.family;
  const Time from = incident.last.first_at, to = end_of(incident.last);
  std::map<std::string, Participant> found;
  for (const RuleDay& day : days) {
    if (!hit_between(day.row, family, from, to)) continue;
    Participant& one = found[day.rule];
    one.rule = day.rule;
    one.shadow = one.shadow && day.row.hits == 0;
    std::vector<Caught> kept = day.row.samples;
    if (!day.row.last.event.empty()) kept.push_back(day.row.last);
    for (const Caught& c : kept) {
      const bool ours = c.family == family && from <= c.at && c.at <= to;
      if (ours && std::ranges::find(one.caught, c.event, &Caught::event) == one.caught.end())
        one.caught.push_back(c);
    }
  }
  std::vector<Participant> all;
  for (auto& [rule, one] : found) {
    std::ranges::sort(one.caught, {}, [](const Caught& c) { return std::tie(c.at, c.event); });
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::string> openers(const ListedIncident& incident, const std::vector<RuleDay>& days) {
  std::vector<std::string> rules;
  for (const RuleDay& day : days)
    if (day.row.hits > 0 &&
        hit_between(day.row, incident.first.family, incident.first.first_at, incident.first.at))
      if (rules.empty() || rules.back() != day.rule) rules.push_back(day.rule);
  return rules;
}

int say_error(const Error& error, int code) {
  std::cerr << "qingyu: " << error.message << '\n';
  return code;
}

}  // namespace engine
