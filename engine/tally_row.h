#pragma once
// TallyRow: how one rule fared on one day of event time: how often it hit, in how many groups, on
// which families, and what it caught. Plain values, bounded; rows of several shards add up. Kept on
// a shelf of the store; written by shards (rule_tally.h), read by commands.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/store.h"
#include "core/time.h"

namespace engine {

inline constexpr std::string_view kTallyShelf = "tally";
inline constexpr core::Millis kTallyKept{int64_t{60} * 24 * 3'600'000};

// A message that the rule hit, as evidence shows it: masked, at most 240 bytes.
struct Caught {
  core::Time at{};
  std::string event, family, excerpt;
};

// Counting hits of one family within one hour of the day.
struct Stretch {
  std::string family;
  core::Time first{}, last{};
  int64_t messages = 0;
};

struct TallyRow {
  // Up to kGroupsMax the distinct groups are exact; above it is about 6 % off.
  static constexpr size_t kGroupsMax = 256, kSamplesMax = 16, kStretchesMax = 64;

  int64_t hits = 0, shadow_hits = 0;  // messages
  std::vector<uint64_t> groups;       // the smallest hashes, ascending, each one once
  Caught last;                        // of all hits
  std::vector<Caught> samples;        // those with the smallest hashes of their event ids, by hash
  std::vector<Stretch> stretches;     // by family, then time
  int64_t dropped = 0;                // hits that found no room among the stretches
};

void add_group(TallyRow& row, uint64_t group);
void add_caught(TallyRow& row, const Caught& caught);
void add_stretch(TallyRow& row, const Stretch& stretch);
// Of another shard or day: the stretches may become more than kStretchesMax.
void add(TallyRow& row, const TallyRow& other);
int64_t distinct_groups(const TallyRow& row);

std::string encode(const TallyRow& row);
bool decode(std::string_view bytes, TallyRow& row);

// A rule on a day; the day counts from 1970 in the zone of the limits.
struct RuleDay {
  std::string rule;
  int64_t day = 0;
  TallyRow row;
};
int64_t day_of(core::Time at, int zone_offset_minutes);
std::string tally_key(uint32_t shard, int64_t day, std::string_view rule);
bool read_tally_key(std::string_view key, uint32_t& shard, RuleDay& out);

// All that a store keeps, of all shards, by rule and day; `rule` "" = all.
core::Result<std::vector<RuleDay>> read_tally(core::Store& store, std::string_view rule = {});

}  // namespace engine
