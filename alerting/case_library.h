#pragma once
// Case library: what a closed incident leaves behind, and which of them a new one is like (P1).
// Pure; the cases themselves are on a shelf of the store.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"
#include "alerting/chronicle.h"
#include "core/level.h"
#include "core/notification.h"
#include "core/policy.h"
#include "core/time.h"

namespace alerting {

inline constexpr std::string_view kCaseShelf = "cases";  // key: the incident's id

struct ClosedCase {
  static constexpr size_t kRulesMax = 8, kFingerprintsMax = 64;

  std::string incident, family, subject, category, issue;
  core::Level level = core::Level::Blue;
  std::vector<std::string> rules;      // most hits first
  std::vector<uint64_t> fingerprints;  // of its excerpts, ascending, unique; the smallest ones
  std::string option, outcome;         // what was decided, and the words it was closed with
  core::Time opened_at{}, closed_at{};
  int64_t groups = 0, people = 0;
  int64_t minutes_to_decision = -1;  // -1: nothing was decided
};

std::string encode(const ClosedCase& one);
bool decode(std::string_view bytes, ClosedCase& one);

std::vector<std::string> top_rules(const Chronicle& chronicle);
// Those of a text into a sorted list that keeps the smallest ones.
void add_fingerprints(std::string_view text, std::vector<uint64_t>& fingerprints);

struct Likeness {
  ClosedCase found;
  int64_t permille = 0;  // 0..1000
};

// At most three, most similar first, of those closed before `before`, other than the query itself:
// 400 x Jaccard of the fingerprints + 250 for the same issue + 200 for the same subject, or 100
// for the same category + 150 x Jaccard of the rules. Below 250 nothing is said.
std::vector<Likeness> similar(const ClosedCase& query, const std::vector<ClosedCase>& cases,
                              core::Time before);

// Extras::similar of a notification: cases like its incident that were closed before it was made,
// in the words of the Policy. Only for messages by which somebody learns of an incident; whoever is
// merely informed of a climb has had them. What it is compared by is what the notification carries:
// its excerpts, issue, subject, and the rule that its revision names.
std::vector<SimilarCase> similar_cases(const core::Notification& n,
                                       const std::vector<ClosedCase>& cases,
                                       const core::Policy& policy);

}  // namespace alerting
