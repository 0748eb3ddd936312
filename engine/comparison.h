#pragma once
// Comparison: what two rule sets made of the same history, side by side. A pure function of the
// two results.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/backtest_side.h"

namespace engine {

// What became of an incident under the new rules. Earlier and later: by when it opened, to the
// minute.
enum class Fate : uint8_t { New, Gone, Earlier, Later, Same };
std::string_view name_of(Fate fate);     // new gone earlier later same
std::string_view chinese_of(Fate fate);  // 新增 消失 更早 更晚 不变

// The same incident before and after: of one family, at overlapping times.
struct IncidentPair {
  Fate fate = Fate::Same;
  std::optional<PastIncident> before, after;

  const PastIncident& either() const { return after ? *after : *before; }
  // Minutes by which the first page came later (below 0: earlier); nothing when one has none.
  std::optional<int64_t> page_minutes() const;
  bool differs() const;  // in anything that people notice
};

// Messages to a person as the holder of a rung.
struct PageLoad {
  std::string person, name, rung;
  uint64_t before = 0, after = 0;
};

struct RuleChange {
  std::string rule, name;
  uint64_t before = 0, after = 0;  // messages hit
  std::vector<HitTally::Message> appeared, vanished;

  bool differs() const { return before != after || !appeared.empty() || !vanished.empty(); }
};

struct Comparison {
  SideResult before, after;             // without incidents and tallies, which are below
  std::vector<IncidentPair> incidents;  // in order of time
  std::vector<PageLoad> pages;
  std::vector<RuleChange> rules;  // that hit something, before or after
  RuleChange any;                 // messages that any rule hits

  size_t count(Fate fate) const;
  double weeks() const;  // of the history, by event time
  bool differs() const;
};

Comparison compare(SideResult before, SideResult after);

}  // namespace engine
