#pragma once
// How the vendors sign and encrypt what they tell us, apart from ours so that a mistake of ours is
// found.
#include <string>
#include <string_view>

namespace fakes {

std::string sha1_hex(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
std::string hmac_hex(std::string_view key, std::string_view message);  // HMAC-SHA256
std::string base64(std::string_view bytes);

// 企业微信: AES-256-CBC of 16 random bytes, the length, the message and the receiver, padded to 32
// bytes; `key` is the EncodingAESKey of 43 characters.
std::string wecom_encrypted(std::string_view key, std::string_view random, std::string_view message,
                            std::string_view receiver);
// 飞书: the initial vector in front of AES-256-CBC by the key's SHA-256.
std::string feishu_encrypted(std::string_view key, std::string_view random,
                             std::string_view message);

}  // namespace fakes
