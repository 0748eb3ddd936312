#pragma once
// Outlook: what the detectors have counted of a message's families beside what would open an
// incident, as the store has it; for `qingyu explain --event`: why nobody was told.
#include <memory>
#include <string>
#include <vector>

#include "core/ladder.h"
#include "core/policy.h"
#include "core/signal.h"
#include "core/store.h"
#include "detectors/watch.h"
#include "engine/marked_text.h"

namespace engine {

struct FamilyOutlook {
  std::string family;
  bool kept = false;  // false: never read, or quiet for 96 hours and forgotten; nothing else is set
  bool open = false;  // it has an open incident
  int64_t rule_groups_needed = 0;
  core::OpenBounds bounds;
  detectors::Figures figures;
};

// Of the families of `signals`, in their order.
core::Result<std::vector<FamilyOutlook>> outlooks_of(core::Store& store,
                                                     std::shared_ptr<const core::Policy> policy,
                                                     const std::vector<core::Signal>& signals);

std::string outlook_text(const std::vector<FamilyOutlook>& outlooks, Paint paint);
std::string outlook_json(const std::vector<FamilyOutlook>& outlooks);  // an array

}  // namespace engine
