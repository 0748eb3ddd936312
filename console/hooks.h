#pragma once
// What the console asks of the rest of the house. engine/ fills it in. Every hook is called on the
// server's thread and must not wait: while it runs, nobody else is served.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "console/request.h"
#include "core/event.h"
#include "core/incident.h"
#include "core/result.h"
#include "core/time.h"

namespace console {

struct PersonView {
  std::string name, pin_hash;  // pin_hash "": this person has no PIN, links refuse
};

struct OptionView {
  std::string id, name;
  core::Interval cost_cny;
  bool within_authority = false;
};

// An incident as it stands now.
struct IncidentView {
  std::vector<std::string> lines;  // what it is about, a line each, masked
  core::IncidentState state = core::IncidentState::Open;
  uint32_t revision = 0;
  // Since which revision the question has been the one it is now: links to decide that were sent
  // with an earlier one are revoked.
  uint32_t question_since = 0;
  std::vector<OptionView> options;
};

struct Outcome {
  bool conflict = false;  // refused: somebody else was first, or it is past
  std::string text;       // one line, for people
};

// One line of the audit.
struct Note {
  std::string kind;  // press_done press_refused pin_wrong pin_locked prefetch_suspected ...
  std::string incident, person, door;
  std::string address_class, agent_class;  // callers.h; never the address itself
};

// What a channel made of a vendor's call.
struct CallbackReading {
  int status = 200;
  std::string content_type, body;
  std::string event;  // an id by which a repetition is known; "" = nothing to take
  // Hands the act over so that it outlives a crash (a request in the store), and returns at once.
  // Called once for an event unless it failed or the process died: the act must bear repetition.
  std::function<core::Result<core::Unit>()> take = {};
};

struct Health {
  bool ok = true;
  std::string json;
};

struct Hooks {
  std::function<core::Time()> wall;
  std::function<std::optional<PersonView>(const std::string& id)> person;
  // As `person` sees it: what is within their authority.
  std::function<std::optional<IncidentView>(const std::string& id, const std::string& person)>
      incident;
  // Hands an act over under an id of its own; one known already is a no-op.
  std::function<core::Result<core::Unit>(const core::Act& act, const std::string& id)> act;
  // What came of it; nullopt while that is not known.
  std::function<std::optional<Outcome>(const std::string& id)> outcome;
  // Too many wrong PINs on their links: tell them.
  std::function<void(const std::string& person)> pin_locked;
  std::function<void(const Note& note)> note;
  // nullopt: there is no such channel.
  std::function<std::optional<CallbackReading>(const std::string& channel, const Request& request)>
      callback;
  std::function<Health()> health;
  std::function<std::string()> metrics;  // text exposition
};

}  // namespace console
