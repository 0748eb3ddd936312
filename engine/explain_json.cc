#include <nlohmann/json.hpp>

#include "engine/condition_text.h"
#include "engine/explain_text.h"

#include "rules/trick.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;
using rules::WordSeen;

Json to_json(const WordSeen& w) {
  Json json = {{"word", w.pattern}, {"start", w.start}, {"end", w.end}};
  if (w.tricks != 0) json["tricks"] = rules::tricks_text(w.tricks);
  return json;
}

Json to_json(const std::vector<WordSeen>& words) {
  Json all = Json::array();
  for (const WordSeen& w : words) all.push_back(to_json(w));
  return all;
}

Json to_json(const rules::ConditionExplained& c) {
  Json json = {{"condition", rules::name_of(c.part)}, {"pass", c.holds}};
  if (c.part == rules::Part::All) json["item"] = c.item + 1;
  if (!c.wanted.empty() || !c.actual.empty()) {
    json["actual"] = c.actual;
    json["wanted"] = c.wanted;
    return json;
  }
  json["words"] = to_json(c.words);
  if (c.part == rules::Part::Near) json["of"] = to_json(c.of_words);
  if (!c.pair.empty()) json["pair"] = to_json(c.pair);
  if (c.figure) json[c.part == rules::Part::Near ? "gap" : "different"] = *c.figure;
  if (c.limit) json[c.part == rules::Part::Near ? "within" : "at_least"] = *c.limit;
  Json masked = Json::array();
  for (const rules::MaskedWord& m : c.masked) {
    Json one = to_json(m.word);
    one["except"] = m.phrases;
    one["names"] = m.names;
    one["written_otherwise"] = m.written_otherwise;
    masked.push_back(std::move(one));
  }
  json["masked"] = std::move(masked);
  return json;
}

Json to_json(const rules::RuleExplained& r) {
  Json json = {{"rule", r.rule},
               {"name", r.name},
               {"mode", r.mode},
               {"fires", r.fires},
               {"weight_permille", r.weight_permille}};
  Json weighed = Json::object();
  for (const auto& [name, permille] : r.weighed) weighed[name] = permille;
  json["weighed"] = std::move(weighed);
  json["conditions"] = Json::array();
  for (const rules::ConditionExplained& c : r.conditions) json["conditions"].push_back(to_json(c));
  Json failed = Json::array(), remedies = Json::array();
  for (const size_t i : r.first_failed) {
    failed.push_back(rules::name_of(r.conditions[i].part));
    for (std::string& text : remedy_texts(r.conditions[i])) remedies.push_back(std::move(text));
  }
  json["first_failed"] = std::move(failed);
  json["remedies"] = std::move(remedies);
  return json;
}

Json words_json(const rules::Explanation& e) {
  Json all = Json::array();
  for (const rules::WordExplained& w : e.words) {
    Json one = to_json(w.word);
    one["rules"] = Json::array();
    for (const rules::WordUse& use : w.uses)
      one["rules"].push_back({{"rule", use.rule}, {"parts", use.parts}});
    one["more_rules"] = w.more_uses;
    if (!w.category.empty()) one["category"] = w.category;
    all.push_back(std::move(one));
  }
  return all;
}

Json names_json(const rules::Explanation& e) {
  Json all = Json::array();
  for (const rules::NameExplained& n : e.names) {
    Json one = to_json(n.word);
    one["families"] = n.families;
    one["products"] = n.products;
    one["weak"] = n.weak;
    one["counts"] = n.counts;
    one["evidence"] = n.evidence;
    all.push_back(std::move(one));
  }
  return all;
}

Json families_json(const rules::Explanation& e) {
  Json all = Json::array();
  for (const rules::FamilySeen& f : e.families) {
    Json votes = Json::array();
    for (const core::Vote& v : f.votes) votes.push_back({{"sku", v.sku}, {"permille", v.permille}});
    all.push_back({{"family", f.family},
                   {"named", f.named},
                   {"source", core::name_of(f.source)},
                   {"rules", f.rules},
                   {"votes", votes}});
  }
  return all;
}

Json signals_json(const rules::Explanation& e) {
  Json all = Json::array();
  for (const core::Signal& s : e.signals) {
    Json hits = Json::array();
    for (const core::RuleHit& h : s.hits)
      hits.push_back({{"rule", h.rule},
                      {"issue", h.issue},
                      {"level", core::name_of(h.level)},
                      {"weight_permille", h.weight_permille}});
    all.push_back({{"family", s.family}, {"named", s.named}, {"hits", std::move(hits)}});
  }
  return all;
}

}  // namespace

std::string explain_json(const rules::Explanation& e, const ExplainedBy& by) {
  Json json = {{"text", e.text}, {"normalised", e.folded}};
  json["changed"] = Json::array();
  for (const rules::TextPiece& p : e.pieces)
    if (p.changed)
      json["changed"].push_back(
          {{"start", p.start}, {"end", p.end}, {"original", p.original}, {"normalised", p.folded}});
  json["words"] = words_json(e);
  json["names"] = names_json(e);
  json["categories"] = e.categories;
  json["families"] = families_json(e);
  json["rules"] = Json::array();
  for (const rules::RuleExplained& r : e.rules) json["rules"].push_back(to_json(r));
  json["nearly"] = Json::array();
  for (const rules::RuleExplained& r : e.nearly) json["nearly"].push_back(to_json(r));
  json["signals"] = signals_json(e);
  json["dropped_matches"] = e.dropped_matches;
  if (!by.event.empty()) json["event"] = by.event;
  json["book"] = by.book;
  if (!by.counts.empty()) json["counts"] = Json::parse(by.counts);
  if (!by.incidents.empty()) json["incidents"] = Json::parse(by.incidents);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace engine
