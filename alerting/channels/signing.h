#pragma once
// Signatures and keys that vendors ask for, by OpenSSL. Pure. Standard Webhooks has a file of its
// own.
#include <cstdint>
#include <string>
#include <string_view>

namespace alerting {

std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 raw bytes
std::string base64(std::string_view bytes);                               // with padding
std::string hex(std::string_view bytes);                                  // lower case
std::string sha256_hex(std::string_view bytes);
// Everything but the unreserved characters of RFC 3986 as %XX.
std::string percent_encoded(std::string_view text);
// Equal in content; takes as long whatever the texts hold.
bool same_secret(std::string_view a, std::string_view b);

// 钉钉: base64 of HMAC(secret, "<ms>\n<secret>"); goes into the URL, percent-encoded once.
std::string dingtalk_sign(int64_t timestamp_ms, std::string_view secret);
// "&timestamp=<ms>&sign=<percent-encoded once>"
std::string dingtalk_query(int64_t timestamp_ms, std::string_view secret);

// 飞书: the other way round, base64 of HMAC("<seconds>\n<secret>", ""); goes into the body.
std::string feishu_sign(int64_t timestamp_s, std::string_view secret);

// X-Hub-Signature-256. It covers no time, so whoever saw one message can send it again.
std::string github_signature(std::string_view secret, std::string_view body);

// The id under which a vendor knows an incident: hex SHA-256 of "<tenant>\n<incident>", or of the
// incident alone where there are no tenants.
std::string dedup_key(std::string_view tenant, std::string_view incident);
std::string dedup_key(std::string_view incident);

}  // namespace alerting
