#pragma once
// Standard Webhooks 1.0.0: the signature by which a receiver knows that a message is ours, fresh
// and unchanged. The signed bytes are "<id>.<timestamp>.<body>".
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace alerting {

inline constexpr size_t kSecretBytesMin = 24, kSecretBytesMax = 64;

// The key in "whsec_<base64>"; BadSettings when it is no base64 or has the wrong length. The error
// does not repeat the secret.
core::Result<std::string> webhook_key(std::string_view secret);

// "v1,<base64 of HMAC-SHA256>" for each secret, with spaces between: while a secret is replaced,
// receivers that know the old or the new one both accept. Secrets that are none are left out.
std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id,
                              int64_t timestamp_s, std::string_view body);

}  // namespace alerting
