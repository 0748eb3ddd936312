#pragma once
// `qingyu incidents|show` and what people do to an incident (ack, decide ...): a person's hands on
// the store of a running or stopped system. What they do is put into the store as a request; the
// system takes it, stamps it and answers in the ledger.
#include <string>

#include "core/result.h"
#include "core/stored.h"
#include "store/open.h"

namespace engine {

struct StoreChoice {
  std::string store;   // a SQLite file; "" = the one of the settings
  std::string config;  // settings; "" = see find_settings()
};
core::Result<store::StoreSpec> chosen_store(const StoreChoice& choice);

std::string delivery_text(core::Delivery delivery);  // "已送达 delivered"

struct ActOptions {
  StoreChoice store;
  std::string what;      // as core::Act::what
  std::string incident;  // INC-...
  std::string by, option, value, because;
};

// Exit codes: 0 done (or noted for the next start), 1 refused or unknown, 2 wrong use.
int list(const StoreChoice& choice, bool all, bool json);
int show(const StoreChoice& choice, const std::string& incident, bool json);
int act(const ActOptions& options);
// The same, and anything but "done" is not 0: for what may only go on once it is in the ledger.
int act_and_wait(const ActOptions& options);

}  // namespace engine
