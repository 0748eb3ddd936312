#include "console/token.h"

#include <nlohmann/json.hpp>

#include "console/crypt.h"
#include "core/check.h"

namespace console {

namespace {

constexpr size_t kHeadBytes = 22, kMacBytes = 16;
constexpr size_t kDot = 30;  // base64url of the head
constexpr char kVersion = 1;

std::string mac_of(const std::string& key, const std::string& head, const Bound& bound) {
  const std::string purpose("yq-act-v1\0", 10);
  return hmac_sha256(key, purpose + head + sha256(canonical_json(bound))).substr(0, kMacBytes);
}

std::string bytes_of(const Head& head) {
  INVARIANT(head.jti.size() == kJtiBytes);
  std::string out = {kVersion, static_cast<char>(head.kid)};
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(head.expires >> shift & 0xff);
  return out + head.jti;
}

}  // namespace

std::string canonical_json(const Bound& bound) {
  const nlohmann::json json = {{"act", bound.act}, {"aud", bound.aud}, {"ch", bound.ch},
                               {"inc", bound.inc}, {"rev", bound.rev}, {"tenant", bound.tenant}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string make_token(const Keys& keys, const Head& head, const Bound& bound) {
  const std::string* key = keys.key(head.kid);
  INVARIANT(key != nullptr);
  const std::string bytes = bytes_of(head);
  return to_base64url(bytes) + "." + to_base64url(mac_of(*key, bytes, bound));
}

std::optional<Head> head_of(std::string_view token) {
  if (token.size() != kTokenSize || token[kDot] != '.') return std::nullopt;
  const auto bytes = from_base64url(token.substr(0, kDot));
  const auto mac = from_base64url(token.substr(kDot + 1));
  if (!bytes || !mac || bytes->size() != kHeadBytes || (*bytes)[0] != kVersion) return std::nullopt;
  Head head{static_cast<uint8_t>((*bytes)[1]), 0, bytes->substr(6)};
  for (size_t i = 2; i < 6; ++i)
    head.expires = head.expires << 8 | static_cast<uint8_t>((*bytes)[i]);
  return head;
}

bool token_is_genuine(const Keys& keys, std::string_view token, const Bound& bound) {
  const auto head = head_of(token);
  if (!head) return false;
  const std::string* key = keys.key(head->kid);
  const auto mac = from_base64url(token.substr(kDot + 1));
  return key != nullptr && mac && equal_secretly(*mac, mac_of(*key, bytes_of(*head), bound));
}

}  // namespace console
