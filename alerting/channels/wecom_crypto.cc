#include "alerting/channels/wecom_crypto.h"

#include <algorithm>
#include <array>

#include "alerting/channels/callback_crypto.h"

namespace alerting {

namespace {

constexpr size_t kRandomBytes = 16, kLengthBytes = 4, kPaddingBlock = 32;

}  // namespace

std::string wecom_signature(std::string_view token, std::string_view timestamp,
                            std::string_view nonce, std::string_view encrypt) {
  std::array<std::string_view, 4> parts = {token, timestamp, nonce, encrypt};
  std::ranges::sort(parts);
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  return sha1_hex(joined);
}

std::optional<std::string> wecom_decrypted(std::string_view key, std::string_view encrypt,
                                           std::string_view receiver) {
  const auto raw_key = from_base64(std::string(key) + "=");
  const auto bytes = from_base64(encrypt);
  if (!raw_key || raw_key->size() != 32 || !bytes) return std::nullopt;
  const auto padded = aes_decrypted(*raw_key, std::string_view(*raw_key).substr(0, 16), *bytes);
  if (!padded) return std::nullopt;
  const auto plain = without_padding(*padded, kPaddingBlock);
  if (!plain || plain->size() < kRandomBytes + kLengthBytes) return std::nullopt;
  size_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i)
    length = length << 8 | static_cast<unsigned char>((*plain)[kRandomBytes + i]);
  const std::string_view rest = std::string_view(*plain).substr(kRandomBytes + kLengthBytes);
  if (length > rest.size() || rest.substr(length) != receiver) return std::nullopt;
  return std::string(rest.substr(0, length));
}

std::optional<std::string> xml_field(std::string_view xml, std::string_view name) {
  constexpr std::string_view kOpen = "<![CDATA[", kClose = "]]>";
  const std::string begin = "<" + std::string(name) + ">", end = "</" + std::string(name) + ">";
  const size_t at = xml.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = xml.substr(at + begin.size());
  if (rest.starts_with(kOpen)) {
    rest.remove_prefix(kOpen.size());
    const size_t close = rest.find(kClose);
    if (close == std::string_view::npos || !rest.substr(close + kClose.size()).starts_with(end))
      return std::nullopt;
    return std::string(rest.substr(0, close));
  }
  const size_t close = rest.find('<');
  if (close == std::string_view::npos || !rest.substr(close).starts_with(end)) return std::nullopt;
  const std::string_view text = rest.substr(0, close);
  if (text.find('&') != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

}  // namespace alerting
