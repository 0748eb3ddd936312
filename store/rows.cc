#include "store/rows.h"

#include <tuple>

#include "core/notification.h"

namespace store {

bool in_ledger_order(const core::LedgerLine& a, const core::LedgerLine& b) {
  return std::tie(a.at, a.incident, a.revision, a.kind, a.id) <
         std::tie(b.at, b.incident, b.revision, b.kind, b.id);
}

bool in_outbox_order(const OutboxRow& a, const OutboxRow& b) {
  return std::tie(a.first.at, a.first.id) < std::tie(b.first.at, b.first.id);
}

bool is_final(core::Delivery delivery) {
  return delivery != core::Delivery::Pending && delivery != core::Delivery::Retry &&
         delivery != core::Delivery::Unknown;
}

std::string incident_of(const core::OutboxItem& item) {
  core::Notification notification;
  return core::decode(item.bytes, notification) ? notification.incident.incident : "";
}

core::Error unknown_notification(const std::string& id) {
  return {core::Code::NotFound, "no notification " + id + " in the outbox"};
}

core::Error slot_has_changed(const core::Slot& slot) {
  return {core::Code::Conflict, slot.shelf + ": somebody else has changed it"};
}

core::Error stale_fence(uint32_t shard) {
  return {core::Code::Conflict, "shard " + std::to_string(shard) + " belongs to another owner now"};
}

}  // namespace store
