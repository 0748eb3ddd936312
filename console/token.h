#pragma once
// The token of an action link: 53 characters that prove "this message", never "this person".
//   head  = 0x01 · kid · expiry in seconds (4 bytes, big-endian) · jti (16 bytes)
//   mac   = the first 16 bytes of HMAC-SHA256(key, "yq-act-v1\0" · head · sha256(bound as JSON))
//   token = base64url(head) "." base64url(mac)
// What it is bound to is not in it, but in the grant that its jti names (grants.h). Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "console/keys.h"

namespace console {

inline constexpr size_t kJtiBytes = 16;
inline constexpr size_t kTokenSize = 53;

// What a link is good for.
struct Bound {
  std::string act, aud, ch, inc;  // action, audience, channel, incident
  uint32_t rev = 0;
  std::string tenant;
};

// With its keys in order and nothing between them: the same bytes for the same values.
std::string canonical_json(const Bound& bound);

struct Head {
  uint8_t kid = 0;
  uint32_t expires = 0;  // seconds since 1970 UTC
  std::string jti;       // 16 bytes
};

std::string make_token(const Keys& keys, const Head& head, const Bound& bound);

// The head that a token claims; nullopt unless its length and letters are those of a token. To be
// trusted only after token_is_genuine().
std::optional<Head> head_of(std::string_view token);
// Takes the same time wherever the first difference is.
bool token_is_genuine(const Keys& keys, std::string_view token, const Bound& bound);

}  // namespace console
