#pragma once
// What all HTTP channels make of an answer before the vendor's own codes are looked at
// (CHANNELS 7.4: transport, then HTTP class, then body shape, then code).
#include <optional>
#include <string>
#include <string_view>

#include "alerting/channel.h"
#include "core/time.h"

namespace alerting {

// Decided by the transport or the HTTP status alone; nullopt: a 2xx whose body must be read.
// 5xx is left to the channel too: whether it proves anything depends on who answers there.
// `busy_pause`: how long a 429 stops the destination at least.
std::optional<SendResult> classify_http(const TransportResult& result, core::Millis busy_pause);

// Retry-After, or 飞书's x-ogw-ratelimit-reset, in seconds (dates are not read), at most
// kRetryAfterMax; 0 when absent.
inline constexpr core::Millis kRetryAfterMax{3600'000};
core::Millis retry_after_of(const TransportResult& result);

bool looks_like_html(const TransportResult& result);

// A vendor's words for logs and people: one line, at most kAnswerBytesMax bytes, no square brackets
// (courier_note.h puts its own behind), without the vendor's hint and our address.
std::string answer_line(std::string_view words);

// https, or http where private addresses are allowed; with a host. The error names no part of it.
core::Result<core::Unit> check_url(const Destination& to);

}  // namespace alerting
