#pragma once
// What became of a message: the incidents of its families at its time as the ledger tells of them,
// with what was sent and what the vendors answered; for `qingyu explain --event`.
#include <string>
#include <vector>

#include "core/event.h"
#include "core/store.h"
#include "engine/incident_list.h"
#include "engine/marked_text.h"

namespace engine {

struct ChainDelivery {
  std::string id, cause, person, channel;
  uint32_t rung = 0, attempts = 0;
  core::Time at{};
  core::Delivery delivery = core::Delivery::Pending;
  std::string answer;  // the vendor's, in words
};

struct ChainIncident {
  ListedIncident listed;
  std::vector<ChainDelivery> deliveries;  // in order of time
};

struct EventChain {
  std::vector<std::string> families;
  std::vector<ChainIncident> incidents;
};

// Of these families, what was open at `at` or took evidence from then.
core::Result<EventChain> event_chain(core::Store& store, std::vector<std::string> families,
                                     core::Time at);

std::string chain_text(const EventChain& chain, Paint paint);
std::string chain_json(const EventChain& chain);  // an array

}  // namespace engine
