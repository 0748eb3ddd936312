#pragma once
// RuleDesk: what those who keep rules work with: the Book of the settings, and a store with what
// its rules caught and what people said of it.
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "engine/desk_commands.h"
#include "engine/incident_list.h"
#include "engine/settings.h"
#include "engine/tally_row.h"
#include "rules/inspector.h"

namespace engine {

struct RuleDesk {
  Settings settings;
  std::shared_ptr<const rules::Book> book;
  std::unique_ptr<core::Store> store;
  std::vector<rules::RuleFacts> facts;  // by id

  int zone() const { return book->policy().limits.zone_offset_minutes; }
  bool knows(const std::string& person) const { return book->policy().people.contains(person); }
  const rules::RuleFacts* fact(std::string_view rule) const;  // null: no such rule
};

// The settings are always needed: they name the rules and the people. `--store` replaces theirs.
enum class Needs : uint8_t { Store, RulesOnly };  // RulesOnly: `store` is null
core::Result<RuleDesk> open_rule_desk(const StoreChoice& choice, Needs needs = Needs::Store);

// A rule that took part in an incident: it hit messages of its family while there was evidence.
struct Participant {
  std::string rule;
  bool shadow = true;
  std::vector<Caught> caught;  // those messages, as far as they were kept; oldest first
};
// By rule. `days` as read_tally() gives them.
std::vector<Participant> participants(const ListedIncident& incident,
                                      const std::vector<RuleDay>& days);
// Those that hit before it opened.
std::vector<std::string> openers(const ListedIncident& incident, const std::vector<RuleDay>& days);

int say_error(const core::Error& error, int code);  // gives `code`

}  // namespace engine
