#pragma once
// PINs: six to twelve digits by which a person proves on a link's page who they are. Kept as
// argon2id in its encoded form only. Any thread; one call needs 64 MiB for as long as it runs.
#include <string>
#include <string_view>

#include "core/result.h"

namespace console {

inline constexpr size_t kPinDigitsMin = 6, kPinDigitsMax = 12;

bool is_pin(std::string_view text);

// "$argon2id$v=19$m=65536,t=3,p=1$..." with a random salt. BadInput: not a PIN.
core::Result<std::string> hash_pin(std::string_view pin);

// Compares in constant time. False also for a hash that is not argon2id, or would need more memory
// or rounds than ours: the file is trusted, but a slip in it must not stop the server.
bool verify_pin(const std::string& encoded, std::string_view pin);

}  // namespace console
