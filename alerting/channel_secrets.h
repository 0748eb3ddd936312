#pragma once
// Secrets out of texts: what a vendor or a library tells us may repeat our URL, and the URL is the
// credential of most channels.
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"

namespace alerting {

// Every part of `to` that must never be seen: the URL, each value of its query, its long path
// segments, user and password, and the signing secrets with and without their prefix. Longest
// first.
std::vector<std::string> secrets_of(const Destination& to);

// `text` with each secret of `to` replaced by "***".
std::string redacted(std::string text, const Destination& to);

// The host of a URL in lower case without port, "" when it has none; a scheme in lower case.
std::string host_of(std::string_view url);
std::string scheme_of(std::string_view url);

}  // namespace alerting
