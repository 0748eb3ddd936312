#pragma once
// The body of the generic webhook: {type, timestamp, data}. docs/formats.md holds the shape.
#include <string>

#include "alerting/message.h"

namespace alerting {

// `text` is the message in words. Neutral holds ids and numbers alone. An Action is an order to a
// system, not a message: {action, option, subject, sku, incident, decided_by, idempotency, ...}.
// Links of persons are not in it: whoever reads the body is not the person they are bound to.
std::string webhook_body(const core::Notification& n, const Extras& extras, const std::string& text,
                         Degrade level);

}  // namespace alerting
