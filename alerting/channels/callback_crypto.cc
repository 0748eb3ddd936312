#include "alerting/channels/callback_crypto.h"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "alerting/channels/signing.h"
#include "core/check.h"

namespace alerting {

namespace {

constexpr size_t kCallbackBytesMax = 1 << 20;

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  INVARIANT(EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) == 1);
  return {reinterpret_cast<const char*>(out.data()), size};
}

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string sha1_hex(std::string_view bytes) { return hex(digest(EVP_sha1(), bytes)); }
std::string sha256_raw(std::string_view bytes) { return digest(EVP_sha256(), bytes); }

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > kCallbackBytesMax) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && text.ends_with('=')) {
    text.remove_suffix(1);
    ++padding;
  }
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = sextet(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xff);
  }
  return out;
}

std::optional<std::string> aes_decrypted(std::string_view key, std::string_view iv,
                                         std::string_view bytes) {
  if (key.size() != 32 || iv.size() != 16 || bytes.empty() || bytes.size() % 16 != 0 ||
      bytes.size() > kCallbackBytesMax)
    return std::nullopt;
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(),
                                                                           EVP_CIPHER_CTX_free);
  std::string out(bytes.size() + 16, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int size = 0, last = 0;
  INVARIANT(EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key),
                               bytes_of(iv)) == 1);
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  if (EVP_DecryptUpdate(context.get(), to, &size, bytes_of(bytes),
                        static_cast<int>(bytes.size())) != 1 ||
      EVP_DecryptFinal_ex(context.get(), to + size, &last) != 1)
    return std::nullopt;
  out.resize(static_cast<size_t>(size + last));
  return out;
}

std::optional<std::string> without_padding(std::string_view bytes, size_t block) {
  if (bytes.empty()) return std::nullopt;
  const auto count = static_cast<size_t>(static_cast<unsigned char>(bytes.back()));
  if (count == 0 || count > block || count > bytes.size()) return std::nullopt;
  for (const char c : bytes.substr(bytes.size() - count))
    if (c != bytes.back()) return std::nullopt;
  return std::string(bytes.substr(0, bytes.size() - count));
}

}  // namespace alerting
