#pragma once
// Reception: what the console may see of the house, and how what people press reaches it. It reads
// the store as another process would, and hands acts over as requests: nothing here waits for a
// shard.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "console/hooks.h"
#include "core/clock.h"
#include "core/store.h"
#include "engine/book_in_use.h"
#include "engine/incident_list.h"

namespace engine {

// All on the console's thread.
class Reception {
 public:
  // Presses whose result is still waited for; of more the oldest is forgotten, and its page says
  // that it was accepted.
  static constexpr size_t kWaitingMax = 1024;

  // Everything given outlives it.
  Reception(core::Store& store, core::Clock& clock, const BookInUse& book);

  // Without callback, health and metrics, which are others'.
  console::Hooks hooks();

  std::optional<console::IncidentView> incident(const std::string& id, const std::string& person);
  core::Result<core::Unit> act(const core::Act& act, const std::string& id);
  std::optional<console::Outcome> outcome(const std::string& id);

 private:
  struct Waiting {
    core::Act act;
    std::vector<std::string> lines_before;  // of the incident's ledger
    uint64_t ordinal = 0;
  };

  std::optional<ListedIncident> listed(const std::string& id);
  void note(const console::Note& note);

  core::Store& store_;
  core::Clock& clock_;
  const BookInUse& book_;
  std::map<std::string, Waiting> waiting_;  // by the request's id
  uint64_t ordinals_ = 0;
};

// Since which revision a question to decide has been the one it is: since the incident last opened,
// changed its subject or issue, or a decision was made. A rung more does not change the question.
uint32_t question_since(const std::vector<std::string>& ledger_lines);

}  // namespace engine
