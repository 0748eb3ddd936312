#include "engine/summary.h"

#include <nlohmann/json.hpp>
#include <set>

#include "core/level.h"

namespace engine {

core::Result<LedgerSummary> summarise(core::Store& store) {
  const auto lines = store.ledger("");
  if (!lines) return lines.error();
  LedgerSummary summary;
  std::map<std::string, core::Level> highest;
  std::set<std::string> told;
  for (const core::LedgerLine& line : *lines) {
    ++summary.lines;
    if (line.kind == "refusal") ++summary.refusals;
    if (line.kind != "incident" && line.kind != "notification") continue;
    const auto json = nlohmann::json::parse(line.line, nullptr, false);
    if (json.is_discarded()) continue;
    if (line.kind == "notification") {
      ++summary.notifications;
      ++summary.told[json.value("person", "")];
      told.insert(line.incident);
      continue;
    }
    const auto level = core::level_from(json.value("level", "")).value_or(core::Level::Blue);
    auto& known = highest.try_emplace(line.incident, level).first->second;
    known = std::max(known, level);
  }
  for (const auto level :
       {core::Level::Red, core::Level::Orange, core::Level::Yellow, core::Level::Blue})
    summary.incidents_by_level[std::string(core::name_of(level))] = 0;
  for (const auto& [incident, level] : highest)
    ++summary.incidents_by_level[std::string(core::name_of(level))];
  summary.incidents = highest.size();
  summary.incidents_told = told.size();
  return summary;
}

}  // namespace engine
