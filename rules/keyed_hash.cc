#include "rules/keyed_hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>

#include "core/check.h"
#include "core/hash.h"

namespace rules {

namespace {

constexpr size_t kHandle = 8, kBlock = 16;
constexpr size_t kMac = 32;  // SHA-256
constexpr std::string_view kMember = "member", kSealKey = "seal key";

const unsigned char* bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data());
}
unsigned char* mutable_bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

// HMAC-SHA256(key, kind, 0, id): 32 bytes.
std::string mac_of(std::string_view key, std::string_view kind, std::string_view id) {
  std::string message(kind);
  message.push_back('\0');
  message.append(id);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  const unsigned char* done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                   bytes(message), message.size(), mac, &length);
  INVARIANT(done != nullptr && length == kMac);
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
  return first + aes(mac_of(key, kSealKey, ""), first, id);
}

// The same as mac_of() and aes(): to look up the algorithms and to key them takes longer than the
// work itself on an id.
struct Members::Keyed {
  explicit Keyed(std::string_view key) {
    EVP_MAC* hmac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
    INVARIANT(hmac != nullptr);
    mac = EVP_MAC_CTX_new(hmac);
    EVP_MAC_free(hmac);
    char digest[] = "SHA256";
    const OSSL_PARAM choice[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                 OSSL_PARAM_construct_end()};
    INVARIANT(mac != nullptr && EVP_MAC_init(mac, bytes(key), key.size(), choice) == 1);
    cipher = EVP_CIPHER_CTX_new();
    const std::string seal_key = mac_of(key, kSealKey, "");
    INVARIANT(cipher != nullptr && EVP_EncryptInit_ex(cipher, EVP_aes_256_ctr(), nullptr,
                                                      bytes(seal_key), nullptr) == 1);
  }
  ~Keyed() {
    EVP_MAC_CTX_free(mac);
    EVP_CIPHER_CTX_free(cipher);
  }
  Keyed(const Keyed&) = delete;
  Keyed& operator=(const Keyed&) = delete;

  std::string mac_of_member(std::string_view id) {
    std::string out(kMac, '\0');
    size_t length = 0;
    const bool done = EVP_MAC_init(mac, nullptr, 0, nullptr) == 1 &&
                      EVP_MAC_update(mac, bytes(kMember), kMember.size()) == 1 &&
                      EVP_MAC_update(mac, bytes(std::string_view("", 1)), 1) == 1 &&
                      EVP_MAC_update(mac, bytes(id), id.size()) == 1 &&
                      EVP_MAC_final(mac, mutable_bytes(out), &length, out.size()) == 1;
    INVARIANT(done && length == kMac);
    return out;
  }

  std::string sealed_behind(std::string first_block, std::string_view id) {
    const size_t begin = first_block.size();
    int length = 0;
    INVARIANT(EVP_EncryptInit_ex(cipher, nullptr, nullptr, nullptr, bytes(first_block)) == 1);
    first_block.resize(begin + id.size());
    INVARIANT(EVP_EncryptUpdate(cipher, mutable_bytes(first_block) + begin, &length, bytes(id),
                                static_cast<int>(id.size())) == 1);
    INVARIANT(static_cast<size_t>(length) == id.size());
    return first_block;
  }

  EVP_MAC_CTX* mac = nullptr;
  EVP_CIPHER_CTX* cipher = nullptr;
};

Members::Members(std::string_view key)
    : keyed_(std::make_unique<Keyed>(key)), known_(kRemembered) {}
Members::~Members() = default;

const Members::Member& Members::of(const std::string& id) {
  Member& member = known_[core::hash64(id) % kRemembered];
  if (member.id == id && !member.sealed.empty()) return member;
  member.id = id;
  const std::string mac = keyed_->mac_of_member(id);
  member.author = handle_in(mac);
  member.sealed = keyed_->sealed_behind(first_block(mac), id);
  return member;
}

std::optional<std::string> unsealed(std::string_view key, std::string_view text) {
  if (text.size() < kBlock) return std::nullopt;
  const std::string first(text.substr(0, kBlock));
  std::string id = aes(mac_of(key, kSealKey, ""), first, text.substr(kBlock));
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
