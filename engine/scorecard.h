#pragma once
// Scorecard: how every rule fares over some weeks, and what to do about it. Pure: from what the
// store keeps to one card a rule.
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "engine/incident_list.h"
#include "engine/tally_row.h"
#include "engine/verdict_shelf.h"
#include "rules/inspector.h"

namespace engine {

// The bounds of the advice.
inline constexpr int64_t kJudgedMin = 5;         // verdicts, below them precision says nothing
inline constexpr double kKeepPrecision = 0.8;    // below: tune
inline constexpr double kRetirePrecision = 0.3;  // below: retire
inline constexpr int64_t kSilentDays = 14;       // a shorter time without a hit is no silence
inline constexpr double kNoisyShare = 0.3;       // of the hits of all rules
inline constexpr int64_t kNoisyHitsMin = 50;     // ... when it has so many
inline constexpr double kOverlapShare = 0.5;     // of its samples another rule hit too
inline constexpr size_t kOverlapSamplesMin = 4;
inline constexpr size_t kOverlapsShown = 3;

struct CardSources {
  const std::vector<rules::RuleFacts>& facts;
  const std::vector<RuleDay>& days;         // as read_tally()
  const std::vector<VerdictRow>& verdicts;  // standing
  const std::vector<ListedIncident>& incidents;
  core::Time now;  // event time up to which the store knows
  int zone_offset_minutes = 480;
  int64_t weeks = 4;
};

enum class Advice : uint8_t { Keep, Tune, Retire };
const char* name_of(Advice advice);

struct Card {
  std::string rule, name, mode, owner;
  size_t examples = 0;
  int64_t days = 0;  // of the period that the store knows, at most 7 x weeks
  int64_t hits = 0, shadow_hits = 0, groups = 0, dropped = 0;
  double per_week = 0;  // hits, in shadow too
  Precision precision;
  int64_t incidents = 0, pages = 0;  // that it took part in opening; messages about them
  bool silent = false, noisy = false;
  std::vector<std::string> overlaps;  // rules that hit at least half of what it hits
  Caught last;                        // event "": nothing
  Advice advice = Advice::Keep;
  std::string reason;  // Chinese and English
};

std::vector<Card> scorecard(const CardSources& from);  // by rule

}  // namespace engine
