#pragma once
// The few pieces of cryptography that links are made of. Pure but for random_bytes(); any thread.
#include <optional>
#include <string>
#include <string_view>

namespace console {

// base64url without padding (RFC 4648, 5).
std::string to_base64url(std::string_view bytes);
// nullopt unless `text` is exactly what to_base64url() gives for some bytes: one spelling each.
std::optional<std::string> from_base64url(std::string_view text);

std::string to_hex(std::string_view bytes);
// nullopt unless `text` is an even number of lower-case hexadecimal digits.
std::optional<std::string> from_hex(std::string_view text);

std::string sha256(std::string_view bytes);                            // 32 bytes
std::string hmac_sha256(std::string_view key, std::string_view text);  // 32 bytes

// Takes the same time wherever the first difference is.
bool equal_secretly(std::string_view a, std::string_view b);

// From the system's source for keys. Ends the program if there is none.
std::string random_bytes(size_t count);

}  // namespace console
