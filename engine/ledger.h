#pragma once
// The decision ledger: every change of an incident, every notification and every refused act as one
// JSON object a line (docs/formats.md "Ledger"). Lines are made by shards, kept by the store, and
// written out in one order.
#include <iosfwd>
#include <string>

#include "alerting/desk.h"
#include "core/store.h"

namespace engine {

inline constexpr int kLedgerFormat = 1;

core::LedgerLine ledger_line(const core::IncidentChange& change);
core::LedgerLine ledger_line(const core::Notification& notification);
core::LedgerLine ledger_line(const core::DecisionEntry& entry);
core::LedgerLine ledger_line(const alerting::Refusal& refusal);

// What the first line says.
struct LedgerHead {
  core::Time at{};  // smallest `at` of any accepted event
  std::string book_hash;
};
std::string ledger_head(const LedgerHead& head);

// The head and then every line of the store, each with its newline.
core::Result<core::Unit> write_ledger(core::Store& store, const LedgerHead& head,
                                      std::ostream& out);

}  // namespace engine
