#pragma once
// 企业微信 callbacks (CHANNELS 2.2): signature, encryption and the few fields of their XML.
#include <optional>
#include <string>
#include <string_view>

namespace alerting {

// hex(sha1(token, timestamp, nonce and encrypt, sorted and joined))
std::string wecom_signature(std::string_view token, std::string_view timestamp,
                            std::string_view nonce, std::string_view encrypt);

// The message in `encrypt` (base64), or nullopt: wrong key, damaged, or meant for another
// `receiver` (the corp id). key: the 43 characters of EncodingAESKey.
std::optional<std::string> wecom_decrypted(std::string_view key, std::string_view encrypt,
                                           std::string_view receiver);

// The text of <name>...</name> or of its CDATA, nullopt when there is none. No entities, no
// attributes, no nesting: the vendor sends none of them in these fields.
std::optional<std::string> xml_field(std::string_view xml, std::string_view name);

}  // namespace alerting
