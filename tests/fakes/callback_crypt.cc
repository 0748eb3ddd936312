#include "tests/fakes/callback_crypt.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

#include "core/check.h"

namespace fakes {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  INVARIANT(EVP_Digest(bytes.data(), bytes.size(), out, &size, kind, nullptr) == 1);
  return {reinterpret_cast<const char*>(out), size};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string padded(std::string text, size_t block) {
  const size_t count = block - text.size() % block;
  return text.append(count, static_cast<char>(count));
}

// `text` is whole blocks.
std::string aes(std::string_view key, std::string_view vector, std::string_view text) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher(EVP_CIPHER_CTX_new(),
                                                                          EVP_CIPHER_CTX_free);
  std::string out(text.size() + 16, '\0');
  int size = 0, last = 0;
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  INVARIANT(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key),
                               bytes_of(vector)) == 1);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  INVARIANT(EVP_EncryptUpdate(cipher.get(), to, &size, bytes_of(text),
                              static_cast<int>(text.size())) == 1);
  INVARIANT(EVP_EncryptFinal_ex(cipher.get(), to + size, &last) == 1);
  out.resize(static_cast<size_t>(size + last));
  return out;
}

}  // namespace

std::string sha1_hex(std::string_view bytes) { return hex(digest(EVP_sha1(), bytes)); }
std::string sha256_hex(std::string_view bytes) { return hex(digest(EVP_sha256(), bytes)); }

std::string hmac_hex(std::string_view key, std::string_view message) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(),
       out, &size);
  return hex({reinterpret_cast<const char*>(out), size});
}

std::string base64(std::string_view bytes) {
  std::string out(bytes.size() * 4 / 3 + 8, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(length));
  return out;
}

std::string wecom_encrypted(std::string_view key, std::string_view random, std::string_view message,
                            std::string_view receiver) {
  INVARIANT(key.size() == 43 && random.size() == 16);
  const std::string coded = std::string(key) + "=";
  std::string raw(33, '\0');  // the padding is decoded as a byte more
  INVARIANT(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(raw.data()), bytes_of(coded),
                            static_cast<int>(coded.size())) == 33);
  raw.resize(32);
  std::string text(random);
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(message.size() >> shift & 0xff);
  text.append(message).append(receiver);
  return base64(aes(raw, std::string_view(raw).substr(0, 16), padded(std::move(text), 32)));
}

std::string feishu_encrypted(std::string_view key, std::string_view random,
                             std::string_view message) {
  INVARIANT(random.size() == 16);
  const std::string text = padded(std::string(message), 16);
  return base64(std::string(random) + aes(digest(EVP_sha256(), key), random, text));
}

}  // namespace fakes
