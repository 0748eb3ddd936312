#pragma once
// Verdict: which rules fire on a message, from the matches in it. Pure: the same event and matches
// give the same answer.
#include <cstdint>
#include <span>
#include <vector>

#include "core/event.h"
#include "rules/matcher.h"
#include "rules/program.h"

namespace rules {

// A rule that fired, already weighed.
struct Fired {
  uint32_t rule = 0;
  int32_t weight_permille = 0;  // 0..2000
  uint32_t begin = 0;           // of the match that made it fire: characters of the folded text
};

// A catalogue name in the message that would make `rules` fire by itself (Program::name_masks).
struct MaskedName {
  uint32_t begin = 0, end = 0;
  const std::vector<uint32_t>* rules = nullptr;
};

// Whether the rule looks at this event at all: kind, platform, channel, and when it is valid.
struct Looks {
  bool mode = false, from = false, to = false, kind = false, platform = false, channel = false;
  bool all() const { return mode && from && to && kind && platform && channel; }
};
Looks looks(const Rule& rule, const core::Event& event);
inline bool looks_at(const Rule& rule, const core::Event& event) {
  return looks(rule, event).all();
}

// Whether `rule` fires on `matches`, and on which one first. Matches inside `names` that mask the
// rule (its number is `index`) do not count.
struct Firing {
  bool fires = false;
  uint32_t begin = 0;
};
Firing judge_rule(const Rule& rule, uint32_t index, std::span<const Match> matches,
                  std::span<const MaskedName> names);

// The matches that count for its `any`, `all`, `near` and `count`: those that are not masked.
std::vector<Match> counting_matches(const Rule& rule, uint32_t index,
                                    std::span<const Match> matches,
                                    std::span<const MaskedName> names);

// What of `weigh` applies to the event; the rest is 0.
Weigh applied(const Weigh& weigh, const core::Event& event);
// 1000 permille plus what `weigh` says of the event, in 0..2000.
int32_t weight_of(const Weigh& weigh, const core::Event& event);

// The rules that a match may make fire, each one once, not judged yet. `seen` as below.
void triggered_rules(const Program& program, std::span<const Match> matches,
                     std::vector<uint8_t>& seen, std::vector<Fired>& out);

// Every rule that fires, in order of rules. `seen` is scratch: one flag a rule, all 0 before and
// after. REQUIRES: at most kMatchesMax matches.
void judge_rules(const Program& program, const core::Event& event, std::span<const Match> matches,
                 std::span<const MaskedName> names, std::vector<uint8_t>& seen,
                 std::vector<Fired>& out);

}  // namespace rules
