#pragma once
// What the apps' callbacks need beside signing.h, by OpenSSL. Pure and total: any bytes may come
// in.
#include <optional>
#include <string>
#include <string_view>

namespace alerting {

std::string sha1_hex(std::string_view bytes);    // lower case
std::string sha256_raw(std::string_view bytes);  // 32 bytes
// Strict: alphabet, padding and length; nullopt for anything else.
std::optional<std::string> from_base64(std::string_view text);
// AES-256-CBC without padding. nullopt unless key is 32 bytes, iv 16 and the text whole blocks.
std::optional<std::string> aes_decrypted(std::string_view key, std::string_view iv,
                                         std::string_view bytes);
// PKCS7 padding of up to `block` bytes taken off; nullopt when it is none.
std::optional<std::string> without_padding(std::string_view bytes, size_t block);

}  // namespace alerting
