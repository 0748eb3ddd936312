#pragma once
// The decision log outside the desk: its lines of the ledger, and `qingyu audit`, which verifies
// every family's chain.
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/incident.h"
#include "core/store.h"
#include "engine/desk_commands.h"

namespace engine {

// One entry as a JSON object without a newline, and back; nothing when it is no such object or
// holds anything else besides.
std::string decision_line(const core::DecisionEntry& entry);
std::optional<core::DecisionEntry> decision_of(std::string_view line);

struct Audit {
  size_t decisions = 0;
  std::string broken;  // "" : every chain is whole; else the first broken place, in words
};
// Of ledger lines; those of other kinds are left out.
Audit audit_of(const std::vector<core::LedgerLine>& lines);

// "12 条决定，链完整 12 decisions, chains whole", or the broken place; the exit code, 0 or 1.
int audit_verify(core::Store& store, bool json, std::ostream& out);
// `incident` "" = all. As sentences, or as the lines themselves (export).
int audit_list(core::Store& store, const std::string& incident, bool json, std::ostream& out);

// The sub-command: `what` is verify, list or export. 2: the store cannot be opened.
int audit(const StoreChoice& choice, const std::string& what, const std::string& incident,
          bool json);

}  // namespace engine
