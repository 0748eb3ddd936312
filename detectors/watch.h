#pragma once
// Watch: what is usual and what is not for one family (DESIGN 11.12, ALGORITHMS 1, 3.1, 4). Its
// owner is the family's shard thread. A deterministic function of the signals observed: no clock,
// integers and core/math only.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/incident.h"
#include "core/policy.h"
#include "core/signal.h"
#include "detectors/scan.h"

namespace detectors {

// What one signal means for its family.
struct Finding {
  bool duplicate = false;  // this event was seen before: nothing else is set, nothing was counted
  bool counts = false;     // a rule hit with weight above 500 permille
  bool mention = false;    // names the family and is no advertising
  bool evidence = false;   // counts, or a mention while p <= OpenBounds::evidence_p
  bool copy = false;  // an exact or near copy, or a forward, of an earlier message of the family
  int64_t rule_groups = 0;     // distinct groups with a counting hit within OpenBounds::within
  int64_t mention_groups = 0;  // distinct groups with a mention within it
  double p = 1;                // smallest scan p of the mentions now
  // A bound of DESIGN 11.12 is crossed by this signal (whether or not an incident is open): codes
  // "rule_groups" {groups, within_minutes, rule}, "mention_scan" {groups, within_minutes, p_e9,
  // usual_per_day_milli}, "first_message" {kind, level, rule}.
  std::optional<core::Because> opens;
};

// What a Watch has counted when it last observed something, for people who ask why nothing opened.
struct Figures {
  core::Time at{};
  int64_t rule_groups = 0, mention_groups = 0;  // as in Finding
  double p = 1;
  double usual_per_day = 0;          // counted mentions
  std::vector<WindowCount> windows;  // none of an unknown:* family, which no text names
};

class Watch {
 public:
  // `policies` outlives the Watch.
  Watch(std::string family, const core::PolicyTimeline& policies);
  ~Watch();
  Watch(Watch&&) noexcept;
  Watch& operator=(Watch&&) noexcept;

  // REQUIRES: signal.at is not older than any observed before.
  Finding observe(const core::Signal& signal, const core::OpenBounds& bounds);

  // While an incident is open the baseline learns ten times slower.
  void set_open(bool open);

  Figures figures() const;

  // What the limits of its containers have dropped so far.
  uint64_t evicted() const;

  // Event time of the last observation; with nothing for kForget and no open incident the family
  // may be erased.
  core::Time last() const;
  static constexpr core::Millis kForget{96 * 3600'000};

  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);  // false: not our bytes

  // The learned prior (a, b hours) that `qingyu learn` writes.
  std::pair<double, double> prior() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace detectors
