#pragma once
// The signature of Slack's callbacks.
#include <string>
#include <string_view>

namespace alerting {

// "v0=" and hex HMAC-SHA256(secret, "v0:<timestamp>:<raw body>")
std::string slack_signature(std::string_view secret, std::string_view timestamp,
                            std::string_view body);

}  // namespace alerting
