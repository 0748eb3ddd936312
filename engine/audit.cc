#include "engine/audit.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "alerting/decision_log.h"
#include "store/open.h"

namespace engine {

namespace {

using Json = nlohmann::ordered_json;
using core::DecisionEntry;

constexpr int kBeijingMinutes = 480;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json figures_of(const std::vector<core::Figure>& figures) {
  Json all = Json::array();
  for (const core::Figure& f : figures) all.push_back({f.name, f.number, f.text});
  return all;
}

DecisionEntry entry_of(const Json& json) {
  DecisionEntry e;
  e.at = core::from_ms(json.at("at").get<int64_t>());
  e.incident = json.at("incident").get<std::string>();
  e.family = json.at("family").get<std::string>();
  e.revision = json.at("revision").get<uint32_t>();
  e.number = json.at("number").get<uint64_t>();
  e.what = json.at("what").get<std::string>();
  e.by = json.at("by").get<std::string>();
  e.door = json.at("door").get<std::string>();
  e.option = json.at("option").get<std::string>();
  e.because = json.at("reason").get<std::string>();
  for (const Json& f : json.at("figures"))
    e.figures.push_back(
        {f.at(0).get<std::string>(), f.at(1).get<int64_t>(), f.at(2).get<std::string>()});
  e.previous = json.at("previous").get<std::string>();
  e.hash = json.at("hash").get<std::string>();
  return e;
}

std::string in_words(const DecisionEntry& e) {
  std::string text = core::format_time(e.at, kBeijingMinutes) + "  " + e.incident + " r" +
                     std::to_string(e.revision) + "  #" + std::to_string(e.number) + " " + e.what;
  for (const std::string* part : {&e.by, &e.option, &e.because})
    if (!part->empty()) text += "  " + *part;
  return text;
}

}  // namespace

std::string decision_line(const DecisionEntry& e) {
  return dump({{"kind", "decision"},
               {"at", core::to_ms(e.at)},
               {"incident", e.incident},
               {"revision", e.revision},
               {"family", e.family},
               {"number", e.number},
               {"what", e.what},
               {"by", e.by},
               {"door", e.door},
               {"option", e.option},
               {"reason", e.because},
               {"figures", figures_of(e.figures)},
               {"previous", e.previous},
               {"hash", e.hash}});
}

std::optional<DecisionEntry> decision_of(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  try {
    DecisionEntry e = entry_of(json);
    // Only what is written exactly so is what was hashed.
    if (decision_line(e) != line) return std::nullopt;
    return e;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Audit audit_of(const std::vector<core::LedgerLine>& lines) {
  Audit audit;
  std::map<std::string, std::vector<DecisionEntry>> families;
  for (const core::LedgerLine& line : lines) {
    if (line.kind != "decision") continue;
    ++audit.decisions;
    const auto entry = decision_of(line.line);
    if (!entry) {
      if (audit.broken.empty()) audit.broken = line.incident + " #" + line.id + ": changed";
      continue;
    }
    families[entry->family].push_back(*entry);
  }
  for (auto& [family, entries] : families) {
    // The ledger orders incidents of one moment by their ids, not by when they were logged.
    std::ranges::stable_sort(entries, {}, &DecisionEntry::number);
    const auto broken = alerting::verify_chain(entries);
    if (!broken || !audit.broken.empty()) continue;
    const DecisionEntry& e = entries[broken->place];
    audit.broken = family + " " + e.incident + " #" + std::to_string(e.number) + ": " +
                   std::string(alerting::name_of(broken->reason));
  }
  return audit;
}

int audit_verify(core::Store& store, bool json, std::ostream& out) {
  const auto lines = store.ledger("");
  if (!lines) {
    out << lines.error().message << '\n';
    return 1;
  }
  const Audit audit = audit_of(*lines);
  const std::string n = std::to_string(audit.decisions);
  if (json)
    out << dump({{"decisions", audit.decisions},
                 {"whole", audit.broken.empty()},
                 {"broken", audit.broken}})
        << '\n';
  else if (audit.broken.empty())
    out << n << " 条决定，链完整 " << n << " decisions, chains whole\n";
  else
    out << "链已断 chain broken: " << audit.broken << '\n';
  return audit.broken.empty() ? 0 : 1;
}

int audit_list(core::Store& store, const std::string& incident, bool json, std::ostream& out) {
  const auto lines = store.ledger(incident);
  if (!lines) {
    out << lines.error().message << '\n';
    return 1;
  }
  for (const core::LedgerLine& line : *lines) {
    if (line.kind != "decision") continue;
    const auto entry = decision_of(line.line);
    out << (json || !entry ? line.line : in_words(*entry)) << '\n';
  }
  return 0;
}

int audit(const StoreChoice& choice, const std::string& what, const std::string& incident,
          bool json) {
  const auto spec = chosen_store(choice);
  const auto store = spec ? store::open_store(*spec) : spec.error();
  if (!store) {
    std::cerr << store.error().message << '\n';
    return 2;
  }
  if (what == "verify") return audit_verify(**store, json, std::cout);
  return audit_list(**store, incident, json || what == "export", std::cout);
}

}  // namespace engine
