#include "engine/incident_list.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "alerting/message.h"

namespace engine {

namespace {

using Json = nlohmann::json;

core::Because because_of(const Json& json) {
  core::Because because;
  because.code = json.value("code", "");
  const auto figures = json.find("figures");
  if (figures == json.end() || !figures->is_object()) return because;
  for (const auto& [name, value] : figures->items()) {
    core::Figure figure;
    figure.name = name;
    if (value.is_string()) figure.text = value.get<std::string>();
    if (value.is_number_integer()) figure.number = value.get<int64_t>();
    because.figures.push_back(std::move(figure));
  }
  return because;
}

core::IncidentState state_of(const std::string& name) {
  for (const auto state : {core::IncidentState::Open, core::IncidentState::Acknowledged,
                           core::IncidentState::Decided, core::IncidentState::Closed})
    if (core::name_of(state) == name) return state;
  return core::IncidentState::Open;
}

core::IncidentChange change_of(const Json& json) {
  core::IncidentChange c;
  c.at = core::from_ms(json.value("at", int64_t{0}));
  c.incident = json.value("incident", "");
  c.revision = json.value("revision", 0u);
  c.family = json.value("family", "");
  c.subject = json.value("subject", "");
  c.issue = json.value("issue", "");
  c.level = core::level_from(json.value("level", "")).value_or(core::Level::Blue);
  c.state = state_of(json.value("state", ""));
  c.rung = json.value("rung", 0u);
  c.rung_name = json.value("rung_name", "");
  c.groups = json.value("groups", int64_t{0});
  c.people = json.value("people", int64_t{0});
  c.loss_cny = json.value("loss_cny", int64_t{0});
  c.doubling_minutes = json.value("doubling_minutes", int64_t{0});
  c.messages = json.value("messages", int64_t{0});
  c.copies = json.value("copies", int64_t{0});
  c.first_at = core::from_ms(json.value("first_at", int64_t{0}));
  c.because = because_of(json.value("because", Json::object()));
  return c;
}

std::string both(const core::Because& because) {
  return alerting::sentence(because, alerting::Language::Chinese) + " / " +
         alerting::sentence(because, alerting::Language::English);
}

}  // namespace

core::Result<std::vector<ListedIncident>> list_incidents(core::Store& store,
                                                         const std::string& incident) {
  const auto lines = store.ledger(incident);
  if (!lines) return lines.error();
  std::vector<ListedIncident> listed;
  std::map<std::string, size_t> place;
  for (const core::LedgerLine& line : *lines) {
    const auto [at, fresh] = place.try_emplace(line.incident, listed.size());
    if (fresh) listed.emplace_back();
    ListedIncident& one = listed[at->second];
    one.lines.push_back(line.line);
    if (line.kind != "incident") continue;
    const Json json = Json::parse(line.line, nullptr, false);
    if (json.is_discarded()) continue;
    one.last = change_of(json);
    if (one.first.revision == 0) one.first = one.last;
    one.last_line = line.line;
  }
  std::erase_if(listed, [](const ListedIncident& one) { return one.last.revision == 0; });
  return listed;
}

std::optional<core::IncidentChange> incident_change(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded() || json.value("kind", "") != "incident") return std::nullopt;
  return change_of(json);
}

Answer answer_to(const core::Act& act, const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return Answer::None;
  const std::string kind = json.value("kind", "");
  if (kind == "refusal")
    return json.value("act", "") == act.what && json.value("by", "") == act.by ? Answer::Refused
                                                                               : Answer::None;
  // Only its own entry: another step of the same person at that moment must not show who it is.
  if (act.what == "reveal") {
    const bool own = kind == "decision" && json.value("what", "") == "revealed";
    return own && json.value("by", "") == act.by && json.value("option", "") == act.value
               ? Answer::Done
               : Answer::None;
  }
  // A step that is told under somebody else's name (an approval, a result) has its own line.
  if (kind == "decision") return json.value("by", "") == act.by ? Answer::Done : Answer::None;
  if (kind != "incident") return Answer::None;
  const core::Because because = because_of(json.value("because", Json::object()));
  const bool by_them = std::ranges::any_of(
      because.figures, [&](const core::Figure& f) { return f.name == "by" && f.text == act.by; });
  return by_them ? Answer::Done : Answer::None;
}

std::string line_in_words(const std::string& line, int zone_offset_minutes) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return "";
  const std::string kind = json.value("kind", "");
  const std::string at =
      core::format_time(core::from_ms(json.value("at", int64_t{0})), zone_offset_minutes);
  const std::string why = both(because_of(json.value("because", Json::object())));
  if (kind == "notification")
    return at + "  → " + json.value("person", "") + " (" + json.value("channel", "") + ") " +
           json.value("cause", "") + "  " + json.value("id", "");
  if (kind == "decision")
    return at + "  #" + std::to_string(json.value("number", uint64_t{0})) + " " +
           json.value("what", "") + "  " + json.value("by", "") + "  " + json.value("option", "");
  if (kind == "refusal") return at + "  未接受 refused " + json.value("act", "") + ": " + why;
  const core::IncidentChange c = change_of(json);
  return at + "  r" + std::to_string(c.revision) + " 【" + std::string(core::chinese_of(c.level)) +
         "】" + std::string(alerting::chinese_of(c.state)) + " " + c.rung_name + "  " + why;
}

}  // namespace engine
