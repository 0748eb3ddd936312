#pragma once
// Alarms: what the system itself has to tell people, of no incident: put into the outbox beside the
// desk's messages, and sent like them. Not in the ledger: it decides nothing.
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/incident.h"
#include "core/store.h"
#include "engine/book_in_use.h"

namespace engine {

// Methods may be called from any thread.
class Alarms {
 public:
  // All outlive it.
  Alarms(core::Store& store, core::Clock& clock, const BookInUse& book)
      : store_(store), clock_(clock), book_(book) {}

  // By every channel of the person but `except`. Unknown people, and what the store refuses, are
  // lines of the log.
  void tell(const std::string& person, const core::Because& why, std::string_view except = "");
  // Whoever keeps the system: the ladders' `fallback` person, else whoever is on duty first.
  void tell_keeper(const core::Because& why, std::string_view except = "");

 private:
  core::Store& store_;
  core::Clock& clock_;
  const BookInUse& book_;
};

}  // namespace engine
