#pragma once
// What all stores share about their rows: the orders they are given in, which outbox items are
// still to be sent, and which incident an item belongs to. Private to store/.
#include <string>
#include <utility>

#include "core/store.h"

namespace store {

using OutboxRow = std::pair<core::OutboxItem, core::OutboxState>;

// at, incident, revision, kind, id; strings byte by byte.
bool in_ledger_order(const core::LedgerLine& a, const core::LedgerLine& b);
// at, id: the order of sending.
bool in_outbox_order(const OutboxRow& a, const OutboxRow& b);

// Pending, Retry and Unknown are not final: pending() gives them.
bool is_final(core::Delivery delivery);

// The incident that the notification in `item` speaks of. "" when its bytes are not a notification:
// such an item is sent and settled like any other but found by outbox("") only.
std::string incident_of(const core::OutboxItem& item);

core::Error unknown_notification(const std::string& id);
core::Error slot_has_changed(const core::Slot& slot);
core::Error stale_fence(uint32_t shard);

}  // namespace store
