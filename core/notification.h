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
  Consulted,   // a peer is asked side by side before the ladder is climbed
  Approval,    // a decision waits for a second person (four eyes)
  Action,      // a response action, to the system that carries it out
  ActionLate,  // an action has no result, or failed: to the decider
  Briefing,    // the daily one while it is open
  Review,      // the after-action report, to those who were told
  Test,        // `qingyu channel test`: sent by hand, of no incident
  Alarm,       // of no incident either: the system itself, or somebody's PIN, needs a person
};
std::string_view name_of(Cause cause);

struct Evidence {
  Time at{};
  std::string channel_name, excerpt;  // masked
};

// A response option as it stands for this incident now.
struct OptionOffer {
  std::string id, name;
  Interval cost_cny;                 // -1 in all three: not known
  bool within_authority = false;     // of the person it is told to
  std::vector<std::string> actions;  // names
};

struct PersonContact {
  std::string kind, id;  // "dingtalk", "13800001111"
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
  std::vector<OptionOffer> options;                   // at most 6; when a decision is asked
  int64_t wait_cost_cny = 0;            // what waiting one more hour is expected to cost
  Time golden_until{};                  // the end of the golden hour
  std::vector<PersonContact> contacts;  // the person's ids, so that a channel can mention them
  std::string option, option_name;      // Decided, Approval, Action: what was chosen
  std::string action, action_name, action_undo;  // Action
  std::vector<Figure> facts;                     // Briefing, Review: figures in their order
};

std::string notification_id(const Notification& n);
std::string encode(const Notification& n);
bool decode(std::string_view bytes, Notification& n);

}  // namespace core
