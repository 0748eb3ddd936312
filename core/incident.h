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
  int64_t messages = 0, copies = 0;  // evidence messages; of them exact or near copies
  Time first_at{};                   // first evidence
  std::string previous;              // the incident before this one, "" if none
  Because because;
};

void write(ByteWriter& out, const Because& because);
Because read_because(ByteReader& in);
void write(ByteWriter& out, const IncidentChange& change);
IncidentChange read_incident_change(ByteReader& in);

}  // namespace core
