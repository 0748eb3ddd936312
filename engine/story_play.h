#pragma once
// Plays a story (rules/story.h) through the real pipeline - decoder, lane, shard, ladder - in one
// thread, on event time and a store in memory, and tells all that happened. The same story and
// Book give the same every time. Nobody is told anything; delivery is assumed, as in a replay.
#include <string>
#include <vector>

#include "core/incident.h"
#include "core/result.h"
#include "engine/lane.h"
#include "rules/story.h"

namespace engine {

// A change of an incident, or a message to a person (`told`).
struct Happening {
  core::Time at{};
  bool told = false;
  core::IncidentChange incident;  // as it stood then
  std::string rung;               // that the incident has reached; told: that the person holds
  std::string because;            // code of the reason
  std::string cause, person, channel, text;  // told: `text` as the terminal shows it
};

struct StoryPlayed {
  std::vector<Happening> happenings;  // in order of time
  // Messages and acts that the pipeline refused; 0 of a story that was read well.
  uint64_t refused = 0;
};

core::Result<StoryPlayed> play(const rules::Story& story, const BookShelf& shelf);

}  // namespace engine
