#include "rules/keyed_hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "core/check.h"
#include "core/hash.h"

namespace rules {

namespace {

constexpr size_t kHandle = 8, kBlock = 16;
constexpr std::string_view kMember = "member";

// HMAC-SHA256(key, kind, 0, id): 32 bytes.
std::string mac_of(std::string_view key, std::string_view kind, std::string_view id) {
  std::string message(kind);
  message.push_back('\0');
  message.append(id);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  const unsigned char* done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac, &length);
  INVARIANT(done != nullptr && length == 32);
  return {reinterpret_cast<const char*>(mac), length};
}

// A mac's first 64 bits are the handle, the 128 behind them the first block of a seal.
uint64_t handle_in(const std::string& mac) {
  uint64_t first = 0;
  for (size_t i = 0; i < kHandle; ++i) first = first << 8 | static_cast<unsigned char>(mac[i]);
  return first;
}
std::string first_block(const std::string& mac) { return mac.substr(kHandle, kBlock); }

// Counter mode: the same call seals and unseals.
std::string aes(const std::string& key, std::string_view first_block, std::string_view text) {
  std::string out(text.size(), '\0');
  const auto bytes = [](std::string_view s) {
    return reinterpret_cast<const unsigned char*>(s.data());
  };
  EVP_CIPHER_CTX* cipher = EVP_CIPHER_CTX_new();
  INVARIANT(cipher != nullptr);
  int length = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher, EVP_aes_256_ctr(), nullptr, bytes(key), bytes(first_block)) == 1 &&
      EVP_EncryptUpdate(cipher, reinterpret_cast<unsigned char*>(out.data()), &length, bytes(text),
                        static_cast<int>(text.size())) == 1;
  EVP_CIPHER_CTX_free(cipher);
  INVARIANT(done && static_cast<size_t>(length) == text.size());
  return out;
}

}  // namespace

std::string sealed(std::string_view key, std::string_view id) {
  const std::string first = first_block(mac_of(key, kMember, id));
  return first + aes(mac_of(key, "seal key", ""), first, id);
}

Members::Members(std::string_view key)
    : key_(key), seal_key_(mac_of(key, "seal key", "")), known_(kRemembered) {}

const Members::Member& Members::of(const std::string& id) {
  Member& member = known_[core::hash64(id) % kRemembered];
  if (member.id == id && !member.sealed.empty()) return member;
  member.id = id;
  const std::string mac = mac_of(key_, kMember, id), first = first_block(mac);
  member.author = handle_in(mac);
  member.sealed = first + aes(seal_key_, first, id);
  return member;
}

std::optional<std::string> unsealed(std::string_view key, std::string_view bytes) {
  if (bytes.size() < kBlock) return std::nullopt;
  const std::string first(bytes.substr(0, kBlock));
  std::string id = aes(mac_of(key, "seal key", ""), first, bytes.substr(kBlock));
  if (first_block(mac_of(key, kMember, id)) != first) return std::nullopt;
  return id;
}

uint64_t keyed_hash64(std::string_view key, std::string_view kind, std::string_view id) {
  return handle_in(mac_of(key, kind, id));
}

uint64_t hash_from(std::string_view text) {
  uint64_t hash = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hash, 16);
  return error == std::errc{} && core::hex16(hash) == text ? hash : 0;
}

std::string keyed_hash(std::string_view key, std::string_view kind, std::string_view id) {
  return core::hex16(keyed_hash64(key, kind, id));
}

}  // namespace rules
