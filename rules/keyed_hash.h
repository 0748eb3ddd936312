#pragma once
// Keyed hashes of customers' and orders' ids: whoever has only the stored hash cannot try ids
// against it without the key.
#include <string>
#include <string_view>

namespace rules {

// Public: what replays and tests use, so that their ledgers are the same everywhere.
inline constexpr std::string_view kPublicHashKey = "qingyu public replay key";

// 16 hex digits: the first 64 bits of HMAC-SHA256(key, kind, 0, id).
std::string keyed_hash(std::string_view key, std::string_view kind, std::string_view id);

}  // namespace rules
