#pragma once
// The Lua scripts of the Redis store: one for each change that plain commands cannot make in one
// go. The server runs each all at once; all keys of one call share one hash tag. Private to store/.
#include <array>
#include <cstdint>
#include <string_view>

namespace store {

enum class RedisScript : uint8_t { Commit, Announce, Append, Request, Accept, Settle, Replace };

inline constexpr std::array kRedisScripts = {
    RedisScript::Commit, RedisScript::Announce, RedisScript::Append, RedisScript::Request,
    RedisScript::Accept, RedisScript::Settle,   RedisScript::Replace};

// Its keys and arguments are listed in its first lines.
std::string_view text_of(RedisScript script);

}  // namespace store
