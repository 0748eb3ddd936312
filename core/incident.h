#pragma once
// What is decided about an incident, and why: the lines of the ledger.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/level.h"
#include "core/time.h"

namespace core {

// A number or a text that a reason rests on; sentences are rendered from it elsewhere.
struct Figure {
  std::string name;
  int64_t number = 0;
  std::string text;  // when not empty it stands instead of the number
};

// Why something happened: a stable code and the figures seen at that moment.
struct Because {
  std::string code;
  std::vector<Figure> figures;  // in a fixed order for each code
};

// A figure that is estimated: eight of ten outcomes lie from `low` to `high`.
struct Interval {
  int64_t low = 0, middle = 0, high = 0;
};

struct ProductVotes {
  std::string sku;
  int64_t votes_permille = 0;  // sum over the last 4 h
};

// One revision of one incident.
struct IncidentChange {
  Time at{};
  std::string incident;                // "INC-20260310-7K3M9Q2A"
  uint32_t revision = 0;               // from 1, +1 a change
  std::string family;                  // "brand:汀白"
  std::string subject;                 // "product:TB103", or the family when no SKU has votes
  std::vector<ProductVotes> products;  // at most 5, most votes first
  std::string issue;                   // taxonomy id, or "mention"
  Level level = Level::Blue;
  IncidentState state = IncidentState::Open;
  uint32_t rung = 0;  // 0: nobody was told (unknown: families); 1 = the ladder's first rung
  std::string rung_name;
  int64_t groups = 0;                // distinct groups with evidence
  int64_t people = 0;                // exposed, by the 250 law
  int64_t loss_cny = 0;              // expected, units sold x price x assumed share
  int64_t doubling_minutes = 0;      // 0: not growing or not enough to tell
  Interval loss_range_cny;           // of loss_cny; all 0 when nothing is estimated
  Interval people_in_6h;             // forecast of `people` six hours ahead
  int64_t threats = 0;               // exposure threats by the same customer or order, the most
  int64_t messages = 0, copies = 0;  // evidence messages; of them exact or near copies
  Time first_at{};                   // first evidence
  std::string previous;              // the incident before this one, "" if none
  Because because;
};

// A decision, or a step towards one, as the append-only log keeps it. Each entry's hash covers the
// one before it of the same family, so nothing can be changed or taken out unseen
// (`qingyu audit verify`).
struct DecisionEntry {
  Time at{};
  std::string incident, family;
  uint32_t revision = 0;
  uint64_t number = 0;   // within the family, from 1
  std::string what;      // decided proposed approved rejected action_sent action_result closed
  std::string by, door;  // person id; cli link story wecom feishu slack
  std::string option;    // of decided, proposed, approved, rejected; the action's id of actions
  std::string because;   // a person's words
  // What was known at that moment; frozen.
  std::vector<Figure> figures;
  std::string previous, hash;  // 64 hex digits of SHA-256; previous of number 1 is 64 zeros
};

void write(ByteWriter& out, const Because& because);
Because read_because(ByteReader& in);
void write(ByteWriter& out, const IncidentChange& change);
IncidentChange read_incident_change(ByteReader& in);
void write(ByteWriter& out, const DecisionEntry& entry);
DecisionEntry read_decision_entry(ByteReader& in);

}  // namespace core
