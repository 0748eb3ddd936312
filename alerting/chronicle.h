#pragma once
// Chronicle: what one incident went through, as far as a later question needs it: which question
// stood at which revision, the time on each rung, what was forecast, which rules hit. Plain values,
// bounded; they change nothing.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/incident.h"
#include "core/time.h"

namespace alerting {

struct Entry;
struct Incident;
struct Step;

struct Chronicle {
  static constexpr size_t kRungsMax = 64, kQuestionsMax = 64, kForecastsMax = 16, kRulesMax = 16;

  struct OnRung {
    uint32_t rung = 0;
    core::Time from{};
  };
  struct Question {  // of this revision and those after it
    uint32_t revision = 0;
    uint64_t hash = 0;
  };
  struct Forecast {  // of the people six hours after `at`
    core::Time at{};
    core::Interval people;
  };
  struct Standing {  // when it was last briefed on
    core::Time at{};
    int64_t groups = 0, people = 0;
  };

  core::Time opened_at{};  // first; a return does not change it
  core::Time since{};      // of the last opening
  std::optional<core::Time> decided_at;
  std::vector<OnRung> rungs;                           // since then, in order of time
  std::vector<Question> questions;                     // oldest first, neighbours differ
  std::vector<Forecast> forecasts;                     // half an hour apart or more
  Standing yesterday, today;                           // at the briefing before the last, the last
  std::vector<std::pair<std::string, int64_t>> rules;  // hits of the first rules that hit
};

// The incident opens, or is back: the resolution of the time before is over. Sets its first
// briefing. REQUIRES: its deadlines are cleared.
void begin_chronicle(Incident& incident, const Step& step);
// A revision was made; `change` is it.
void note_revision(Incident& incident, const Step& step, const core::IncidentChange& change);
void note_rules(Incident& incident, const Entry& entry);

// Whether what a person was asked at `seen` (0: not told) is not what stands now.
bool question_changed(const Incident& incident, const Step& step, uint32_t seen);

// Layout in README.md.
void write(core::ByteWriter& out, const Chronicle& chronicle);
bool read(core::ByteReader& in, Chronicle& chronicle);

}  // namespace alerting
