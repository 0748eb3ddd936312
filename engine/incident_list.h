#pragma once
// The incidents as the ledger of a store tells of them, for `qingyu incidents|show`.
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/incident.h"
#include "core/store.h"

namespace engine {

struct ListedIncident {
  core::IncidentChange first, last;  // its first and last revision
  std::string last_line;             // the same as the ledger has it
  std::vector<std::string> lines;    // of the ledger, in order
};

// `incident` "" = all, in order of their first line. A line that is not JSON is left out.
core::Result<std::vector<ListedIncident>> list_incidents(core::Store& store,
                                                         const std::string& incident);

// The revision that a ledger line tells of; nothing when it is a line of another kind.
std::optional<core::IncidentChange> incident_change(const std::string& line);

// What a ledger line says of an act: nothing, that it took effect, or that it was refused.
enum class Answer { None, Done, Refused };
Answer answer_to(const core::Act& act, const std::string& line);

// What happened at one ledger line, in words: "14:05 ..."; "" for lines of no interest to people.
std::string line_in_words(const std::string& line, int zone_offset_minutes);

}  // namespace engine
