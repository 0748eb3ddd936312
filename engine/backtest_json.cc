#include <nlohmann/json.hpp>

#include "core/level.h"
#include "engine/backtest_report.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const SideResult& side) {
  return {{"rules", side.rules},
          {"rule_count", side.rule_count},
          {"book", side.book},
          {"dead_letters", side.dead_letters},
          {"families_dropped", side.families_dropped}};
}

Json to_json(const std::optional<PastIncident>& one) {
  if (!one) return nullptr;
  Json json = {{"incident", one->id},
               {"opened_at", core::to_ms(one->opened)},
               {"first_at", core::to_ms(one->first_at)},
               {"issue", one->issue},
               {"level", core::name_of(one->level)},
               {"rung", one->rung},
               {"rung_name", one->rung_name},
               {"groups", one->groups},
               {"messages", one->messages},
               {"pages", one->pages}};
  if (one->ended) json["ended_at"] = core::to_ms(*one->ended);
  if (one->first_page) json["first_page_at"] = core::to_ms(*one->first_page);
  json["because"] = one->because;
  json["excerpts"] = one->excerpts;
  return json;
}

Json to_json(const std::vector<HitTally::Message>& messages) {
  Json all = Json::array();
  for (const HitTally::Message& m : messages)
    all.push_back({{"event", m.event}, {"channel", m.channel}, {"excerpt", m.excerpt}});
  return all;
}

Json to_json(const IncidentPair& pair) {
  Json json = {{"fate", name_of(pair.fate)},
               {"family", pair.either().family},
               {"subject", pair.either().subject}};
  if (const auto minutes = pair.page_minutes()) json["first_page_minutes_later"] = *minutes;
  json["before"] = to_json(pair.before);
  json["after"] = to_json(pair.after);
  return json;
}

}  // namespace

std::string backtest_json(const Comparison& c) {
  Json json = {{"events", c.after.events}};
  if (c.after.events > 0) {
    json["first_at"] = core::to_ms(c.after.first);
    json["last_at"] = core::to_ms(c.after.last);
  }
  json["weeks"] = c.weeks();
  json["difference"] = c.differs();
  json["before"] = to_json(c.before);
  json["after"] = to_json(c.after);
  for (const Fate fate : {Fate::New, Fate::Gone, Fate::Earlier, Fate::Later, Fate::Same})
    json["incidents_by_fate"][std::string(name_of(fate))] = c.count(fate);
  json["incidents"] = Json::array();
  for (const IncidentPair& pair : c.incidents) json["incidents"].push_back(to_json(pair));
  json["pages"] = Json::array();
  for (const PageLoad& p : c.pages)
    json["pages"].push_back(
        {{"person", p.person}, {"rung", p.rung}, {"before", p.before}, {"after", p.after}});
  json["messages_hit"] = {{"before", c.any.before}, {"after", c.any.after}};
  json["rules"] = Json::array();
  for (const RuleChange& r : c.rules)
    json["rules"].push_back({{"rule", r.rule},
                             {"name", r.name},
                             {"before", r.before},
                             {"after", r.after},
                             {"new", to_json(r.appeared)},
                             {"gone", to_json(r.vanished)}});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace engine
