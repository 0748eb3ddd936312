#include "alerting/channels/feishu_crypto.h"

#include "alerting/channels/callback_crypto.h"
#include "alerting/channels/signing.h"

namespace alerting {

namespace {

std::string joined(std::initializer_list<std::string_view> parts, std::string_view between) {
  std::string text;
  for (const std::string_view& part : parts) {
    if (&part != parts.begin()) text += between;
    text += part;
  }
  return text;
}

}  // namespace

std::string feishu_event_signature(std::string_view timestamp, std::string_view nonce,
                                   std::string_view encrypt_key, std::string_view body) {
  return sha256_hex(joined({timestamp, nonce, encrypt_key, body}, ""));
}

std::string feishu_card_signature(std::string_view timestamp, std::string_view nonce,
                                  std::string_view token, std::string_view body) {
  return sha1_hex(joined({timestamp, nonce, token, body}, ""));
}

std::optional<std::string> feishu_decrypted(std::string_view encrypt_key,
                                            std::string_view encrypt) {
  const auto bytes = from_base64(encrypt);
  if (!bytes || bytes->size() < 32) return std::nullopt;
  const std::string_view all = *bytes;
  const auto padded = aes_decrypted(sha256_raw(encrypt_key), all.substr(0, 16), all.substr(16));
  return padded ? without_padding(*padded, 16) : std::nullopt;
}

std::string feishu_uuid(std::initializer_list<std::string_view> parts) {
  return sha256_hex(joined(parts, "\n")).substr(0, 40);
}

}  // namespace alerting
