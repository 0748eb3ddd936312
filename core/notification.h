#pragma once
// Notification: one message to one person by one channel. It carries everything that its text is
// made of, so that rendering needs no look-up; its id makes sending it twice recognisable.
#include <cstdint>
#include <string>
#include <vector>

#include "core/incident.h"

namespace core {

enum class Cause : uint8_t {
  Opened,     // the incident opened and this rung is told
  Escalated,  // a rung was entered; lower rungs are informed with the same cause
  Updated,    // told again: level, issue or subject changed while on this rung
  Reminder,   // acknowledged late or not decided: asked again at the top rung
  Decided,    // a decision was made
  AllClear,   // closed by a person or by itself after people had been told
  Reopened,
};
std::string_view name_of(Cause cause);

struct Evidence {
  Time at{};
  std::string channel_name, excerpt;  // masked
};

struct Notification {
  std::string id;  // 16 hex digits of hash(incident, revision, cause, rung, person, channel)
  Time at{};
  Cause cause = Cause::Opened;
  uint32_t rung = 0;           // the rung this person holds, from 1
  std::string person;          // person id
  std::string channel;         // "terminal", "wecom:qa": kind, or kind:destination
  Time ack_by{}, decide_by{};  // Time{} when there is no deadline
  Because because;
  IncidentChange incident;                            // the revision this speaks of
  std::vector<Evidence> evidence;                     // at most 3
  std::string person_name, subject_name, issue_name;  // in words, as the Book has them
  int64_t authority_cny = 0;                          // -1: unlimited
};

std::string notification_id(const Notification& n);
std::string encode(const Notification& n);
bool decode(std::string_view bytes, Notification& n);

}  // namespace core
