#pragma once
// 飞书 callbacks (CHANNELS 2.4) and the id by which the vendor drops a repetition.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace alerting {

// hex(sha256(timestamp + nonce + encrypt key + body))
std::string feishu_event_signature(std::string_view timestamp, std::string_view nonce,
                                   std::string_view encrypt_key, std::string_view body);
// Cards of apps without an encrypt key: hex(sha1(timestamp + nonce + verification token + body))
std::string feishu_card_signature(std::string_view timestamp, std::string_view nonce,
                                  std::string_view token, std::string_view body);
// What {"encrypt": "..."} holds; nullopt: wrong key or damaged.
std::optional<std::string> feishu_decrypted(std::string_view encrypt_key, std::string_view encrypt);
// The first 40 hex digits of sha256 of the parts, joined by newlines: at most 50 are allowed.
std::string feishu_uuid(std::initializer_list<std::string_view> parts);

}  // namespace alerting
