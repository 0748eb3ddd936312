#pragma once
// The vendors' own arithmetic, apart from ours so that a mistake of ours is found.
#include <string>
#include <string_view>

namespace fakes {

std::string hmac_base64(std::string_view key, std::string_view message);  // HMAC-SHA256
std::string percent_decoded(std::string_view text);

}  // namespace fakes
