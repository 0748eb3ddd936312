#include "alerting/channels/standard_webhooks.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "core/check.h"

namespace alerting {

namespace {

constexpr std::string_view kPrefix = "whsec_";

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// False unless `text` is base64, with its padding or without.
bool from_base64(std::string_view text, std::string& out) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0) return false;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return true;
}

std::string hmac_sha256_base64(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const unsigned char* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                   reinterpret_cast<const unsigned char*>(message.data()),
                                   message.size(), digest.data(), &size);
  INVARIANT(made != nullptr && size == 32);
  std::array<unsigned char, 64> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(text.data()), static_cast<size_t>(length)};
}

}  // namespace

core::Result<std::string> webhook_key(std::string_view secret) {
  std::string key;
  if (!secret.starts_with(kPrefix) || !from_base64(secret.substr(kPrefix.size()), key))
    return core::Error{core::Code::BadSettings,
                       "a webhook secret must be whsec_ followed by base64"};
  if (key.size() < kSecretBytesMin || key.size() > kSecretBytesMax)
    return core::Error{
        core::Code::BadSettings,
        "a webhook secret must hold 24 to 64 bytes, this one holds " + std::to_string(key.size())};
  return key;
}

std::string webhook_signature(const std::vector<std::string>& secrets, std::string_view id,
                              int64_t timestamp_s, std::string_view body) {
  std::string message(id);
  message += '.';
  message += std::to_string(timestamp_s);
  message += '.';
  message += body;
  std::string signatures;
  for (const std::string& secret : secrets) {
    const core::Result<std::string> key = webhook_key(secret);
    if (!key) continue;
    if (!signatures.empty()) signatures += ' ';
    signatures += "v1," + hmac_sha256_base64(*key, message);
  }
  return signatures;
}

}  // namespace alerting
