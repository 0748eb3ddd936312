#include "engine/housekeeping.h"

#include "engine/replies.h"
#include "engine/tally_row.h"
#include "engine/verdict_shelf.h"

namespace engine {

namespace {

// Shelves whose slots say themselves when they expire (docs/formats.md).
constexpr const char* kLinkShelves[] = {"grants", "pins", "callbacks", "handles"};

}  // namespace

Housekeeping::Housekeeping(RetentionSettings settings, core::Store& store, core::Clock& clock)
    : settings_(settings), store_(store), clock_(clock) {}

core::Result<core::Unit> Housekeeping::tick(core::Time now) {
  const core::Time wall = clock_.wall();
  if (wall < next_ || now == core::kTimeMin || now == core::kTimeMax) return core::Unit{};
  next_ = wall + kEvery;
  const auto messages = store_.forget_deliveries(now - settings_.messages);
  if (!messages) return messages.error();
  counters_.messages += *messages;
  const auto cases = store_.drop_expired("cases", now - settings_.cases);
  if (!cases) return cases.error();
  counters_.cases += *cases;
  const auto members = store_.drop_expired("members", now - settings_.members);
  if (!members) return members.error();
  counters_.members += *members;
  if (const auto days = store_.drop_expired(std::string(kTallyShelf), now - kTallyKept); !days)
    return days.error();
  const auto verdicts = store_.drop_expired(std::string(kVerdictShelf), wall - kVerdictsKept);
  if (!verdicts) return verdicts.error();
  const auto replies = store_.drop_expired(Replies::kShelf, now - Replies::kReach);
  if (!replies) return replies.error();
  for (const char* shelf : kLinkShelves) {
    const auto gone = store_.drop_expired(shelf, wall - settings_.links);
    if (!gone) return gone.error();
    counters_.links += *gone;
  }
  return core::Unit{};
}

}  // namespace engine
