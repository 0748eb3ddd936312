#pragma once
// Desk: the incidents of one family, and the ladder each of them climbs (DESIGN 9, 11.7, 11.12).
// Owned by the family's shard thread; a deterministic function of what it is told, deadlines
// included: each runs at its own due time.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/incident.h"
#include "core/notification.h"
#include "core/policy.h"
#include "core/signal.h"
#include "core/store.h"

namespace alerting {

// What the detectors found of a signal (detectors/watch.h, copied by engine/case.cc: peers do not
// include each other).
struct Sighting {
  bool counts = false, mention = false, evidence = false, copy = false;
  int64_t rule_groups = 0, mention_groups = 0;
  std::optional<core::Because> opens;
};

// An act that could not take effect; a line of the ledger.
struct Refusal {
  core::Time at{};
  std::string incident, act, by;
  core::Because because;
};

// What one step decided, in order.
struct Decisions {
  std::vector<core::IncidentChange> changes;
  std::vector<core::Notification> notifications;
  std::vector<Refusal> refusals;
  std::vector<core::DecisionEntry> entries;  // of the hash-chained decision log
  std::vector<core::Slot> slots;             // closed cases, for the case library
};

// Whether a notification counts as delivered until an outcome says otherwise (a replay without
// outcomes), or a missing outcome is itself a reason to fail over and to climb (DESIGN 11.6).
enum class Proof : uint8_t { Assumed, Required };

class Desk {
 public:
  // `policies` outlives the Desk.
  Desk(std::string family, const core::PolicyTimeline& policies, Proof proof);
  ~Desk();
  Desk(Desk&&) noexcept;
  Desk& operator=(Desk&&) noexcept;

  // REQUIRES for all three: times never go back; deadlines due before `at` have been run by
  // advance().
  void observe(const core::Signal& signal, const Sighting& sighting, Decisions& out);
  // A message was taken back: it stays evidence and is marked. Whether it is evidence here.
  bool recall(std::string_view event);
  // A person asked that what they wrote goes: the author `act.value` (members.h). Whether anything
  // was theirs; false too when `act.by` may not.
  bool erase(const core::Act& act, core::Time at, Decisions& out);
  // A command (ack decide close) or outcome (delivered refused unknown) for an incident this desk
  // knows.
  void act(const core::Act& act, core::Time at, Decisions& out);
  // People's and delivery deadlines stand still while held; caught up, they begin at `at`.
  void hold(bool held, core::Time at);

  std::optional<core::Time> due() const;  // the earliest deadline
  // Runs all that is due exactly then. REQUIRES: due == *this->due()
  void advance(core::Time due, Decisions& out);

  bool open() const;  // an incident is not closed
  // The same, but for those that only peers know of: what they doubt was told to nobody, so that
  // its groups still count towards opening.
  bool on_ladder() const;
  bool knows(std::string_view incident) const;         // open, or closed less than 72 h ago
  std::vector<std::string> known() const;              // their ids, oldest first
  bool knows_notification(std::string_view id) const;  // told by an incident it knows
  // What this signal has to reach to open an incident: of the open incident's ladder, else of that
  // ladder of its hits which opens at the fewest groups, else of the default ladder.
  const core::OpenBounds& bounds(const core::Signal& signal) const;
  uint64_t dropped() const;  // what the limits of its containers have dropped so far
  // The open incident of the family, "" if none: commands may name "family:<family>" instead of an
  // id.
  std::string open_incident() const;
  // Appends the hashes of the ids of messages that its open incidents quote (excerpts.h).
  void open_evidence(std::vector<uint64_t>& out) const;

  void save(core::ByteWriter& out) const;
  bool load(core::ByteReader& in);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alerting
