#pragma once
// Cards: where the last message to a person about an incident stands, for channels that can change
// what was sent (Caps::edits; CHANNELS 7.8). A change of figures alters the card instead of pinging
// again; whatever goes wrong with that, a new message follows. Kept on the store's shelf "handles".
#include <optional>

#include "alerting/channel.h"
#include "core/notification.h"
#include "core/store.h"

namespace alerting {

struct Card {
  MessageHandle handle;
  core::Time changed_at{};  // sent, or changed the last time
};

// A card is changed at most so often.
inline constexpr core::Millis kCardPause{30'000};
// After this no handle is tried any more, whatever the vendor allows.
inline constexpr core::Millis kCardLife{14 * 86'400'000LL};

// The card of n's channel, incident and person; nullopt: none, or it is too old at `at`.
core::Result<std::optional<Card>> find_card(core::Store& store, const core::Notification& n,
                                            core::Time at);
// The newest handle wins; whoever receives presses may keep one too.
core::Result<core::Unit> keep_card(core::Store& store, const core::Notification& n,
                                   const Card& card);
core::Result<core::Unit> drop_card(core::Store& store, const core::Notification& n);

}  // namespace alerting
