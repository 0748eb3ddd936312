#pragma once
// Incident: one trouble of a family as the desk keeps it: what was counted, how it stands, who was
// told, and by when somebody must act. Plain values; climbing.h, acts.h and telling.h change them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerting/chronicle.h"
#include "alerting/consultation.h"
#include "alerting/desk.h"
#include "alerting/resolution.h"
#include "alerting/tally.h"
#include "core/incident.h"
#include "core/notification.h"

namespace alerting {

struct Told {  // who holds a rung of this incident
  uint32_t rung = 0;
  std::string person;
};

// One notification on its way, so that its outcome finds it and the next channel can take over.
struct Delivery {
  enum class State : uint8_t { Pending, Delivered, Failed, Suppressed };
  uint64_t id = 0;
  uint32_t revision = 0, rung = 0;
  core::Cause cause = core::Cause::Opened;
  std::string person, channel;
  State state = State::Pending;
  std::optional<core::Time> due;  // without an outcome by then it counts as failed
};

// Absolute, so that each runs at its own due time however late it is noticed.
struct Deadlines {
  std::optional<core::Time> ack, decide, remind, quiet, forget;
  std::optional<core::Time> wake;      // quiet hours end: whoever was left asleep is told
  std::optional<core::Time> briefing;  // the next daily one
  std::optional<core::Time> silence;   // it ends
};

struct Incident {
  static constexpr size_t kToldMax = 64, kDeliveriesMax = 256;

  uint32_t ordinal = 0;  // 1, 2, ... within the family: Entry::owner
  std::string id, previous;
  std::string category;  // a second incident's own; "" for the family's first
  uint32_t revision = 0;
  core::IncidentState state = core::IncidentState::Open;
  std::string state_by;  // the person who brought it there, "" if none
  core::Level level = core::Level::Blue;
  uint32_t rung = 0;  // the highest one entered
  std::string issue = "mention", subject, ladder;
  core::Because because;      // of the last revision
  int64_t groups_before = 0;  // at the last revision
  core::Time rung_at{}, closed_at{};
  Deadlines deadlines;
  std::vector<Told> told;
  std::vector<Delivery> deliveries;  // oldest first
  std::vector<Told> asleep;          // to be told when their quiet hours end
  // People de-escalated it from here: what is at most this does not raise it again by itself.
  core::Level calmed_level = core::Level::Blue;
  uint32_t calmed_rung = 0;    // 0: never
  int64_t threats_before = 0;  // at the last revision
  std::string silenced_by;     // "" when it is not silenced
  Consultation consultation;
  Resolution resolution;
  Chronicle chronicle;
  Tally tally;
  uint64_t dropped = 0;  // of told and deliveries

  bool is_open() const { return state != core::IncidentState::Closed; }
  bool waits() const {  // for a person
    return state == core::IncidentState::Open || state == core::IncidentState::Acknowledged;
  }
};

// Layout in README.md; `version` is that of the desk it was saved with.
void write(core::ByteWriter& out, const Incident& incident);
bool read(core::ByteReader& in, Incident& incident, uint64_t version);

}  // namespace alerting
