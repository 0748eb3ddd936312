#pragma once
// Entry: what the desk keeps of one signal for four hours: who saw it, what it names, which rules
// hit, and to which incident it belongs.
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/desk.h"
#include "core/bytes.h"
#include "core/policy.h"
#include "core/signal.h"

namespace alerting {

struct Hit {  // one that counts
  std::string rule, issue, ladder;
  core::Level level = core::Level::Blue;
};

struct Entry {
  static constexpr size_t kHitsMax = 16, kVotesMax = 8, kCategoriesMax = 4, kThreatensMax = 2;

  core::Time at{};
  uint64_t event = 0;             // hash64 of the event id
  uint64_t group = 0;             // Signal::group()
  int64_t exposure_permille = 0;  // people x 1000 whom the group shows it to
  bool counts = false, mention = false, evidence = false, copy = false, recalled = false;
  core::Level level = core::Level::Blue;  // highest of its hits and of what was reported
  std::string level_by;                   // the rule, or the kind of a report; "" when blue
  std::vector<Hit> hits;
  std::vector<core::Vote> votes;
  std::vector<std::string> categories;
  std::string channel_name, excerpt;
  uint64_t author = 0;        // Signal::author
  std::string author_sealed;  // only while it has an excerpt
  core::Role role = core::Role::None;
  std::vector<uint64_t> threatens;  // hash64 of the customer and the order that threaten, at most 2
  uint32_t owner = 0;               // Incident::ordinal, 0: none

  bool names(std::string_view category) const;
};

Entry entry_of(const core::Signal& signal, const Sighting& sighting, const core::Policy& policy);

void write(core::ByteWriter& out, const Entry& entry);
bool read(core::ByteReader& in, Entry& entry, uint64_t version);  // of the desk it is saved in

}  // namespace alerting
