#pragma once
// Ladders of the Policy: when an incident opens, who is told at which bound, and by when somebody
// must act (DESIGN 9).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/level.h"
#include "core/people.h"
#include "core/time.h"

namespace core {

// When an incident opens (DESIGN 11.12).
struct OpenBounds {
  int64_t rule_groups = 3;      // (R) distinct groups with a counting rule hit
  int64_t category_groups = 6;  // the same where only a product category is named: a weak name
  int64_t mention_groups = 6;   // (M) distinct groups that name the family, and
  Millis within{3600'000};      //     both within this time, and
  double p = 1.0e-6;            //     the smallest scan p of the mentions at most this
  double evidence_p = 1.0e-3;   // a mention is evidence while its p is at most this
  Millis quiet{4 * 3600'000};   // no evidence for this long while only open: closes by itself
  Millis reopen{72 * 3600'000};
};

// "More than `over`, with at least this chance, within this time": what is estimated is a
// distribution (alerting/forecast.h), and a bound says which part of it counts.
struct Over {
  int64_t over = 0;
  int64_t chance_permille = 500;  // 1..999; 500 is the median, which is what messages show
  Millis within{0};               // 0: now; else the forecast so far ahead
};

// A rung is entered when any one of its bounds is crossed.
struct Bounds {
  bool always = false;
  std::optional<Level> level;
  std::optional<int64_t> groups;            // at least so many
  std::optional<Over> people, loss_cny;     // crossed when the figure is greater
  std::optional<int64_t> groups_per_hour;   // new groups of the last hour, more than
  std::optional<int64_t> exposure_threats;  // of one customer or order, at least so many
};

// Whom a rung tells: resolved at event time (core/rota.h).
struct Who {
  enum class Kind : uint8_t { Person, Role, Rota } kind = Kind::Person;
  std::string id;
};

struct Rung {
  std::string name;
  Who who;
  Bounds enter;
  std::optional<Millis> ack, decide;  // deadlines counted from entering the rung
  int64_t authority_cny = 0;          // -1: unlimited
  std::optional<QuietHours> quiet_hours;
};

// Peers of an agent who reports are asked side by side before the ladder is climbed (P1).
struct Consult {
  Who who;
  Millis within{15 * 60'000};  // then the ladder takes over, whoever has answered
  int sensitivity_max = 3;     // reports above it go to the ladder at once, peers are informed
};

struct Ladder {
  std::string id;
  OpenBounds open;
  Millis remind{15 * 60'000};
  Millis golden{3600'000};  // a first response is expected within (黄金1小时), shown on messages
  std::vector<Rung> rungs;  // at least one; rung 1 is rungs[0] and is entered at opening
  std::optional<Consult> consult;
  std::optional<int> briefing_minute = 9 * 60 + 30;  // daily while open (P14)
};

}  // namespace core
