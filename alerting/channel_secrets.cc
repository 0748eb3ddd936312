#include "alerting/channel_secrets.h"

#include <algorithm>

namespace alerting {

namespace {

constexpr size_t kSegmentBytesMin = 12;   // shorter path segments are words, not tokens
constexpr size_t kBlackenedBytesMin = 4;  // shorter ones would blacken ordinary text

struct UrlParts {
  std::string_view scheme, user, host, path, query;
};

UrlParts split(std::string_view url) {
  UrlParts parts;
  if (const size_t end = url.find("://"); end != std::string_view::npos) {
    parts.scheme = url.substr(0, end);
    url.remove_prefix(end + 3);
  }
  const size_t authority_end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view authority = url.substr(0, authority_end);
  url.remove_prefix(authority_end);
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    parts.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  // An IPv6 address stands in brackets; its colons are no port.
  const size_t port = authority.starts_with('[') ? authority.find("]:") : authority.find(':');
  parts.host = authority.substr(0, port);
  if (authority.starts_with('[')) parts.host = authority.substr(1, authority.find(']') - 1);
  const size_t query = std::min(url.find('?'), url.size());
  parts.path = url.substr(0, query);
  parts.query = url.substr(std::min(query + 1, url.size()));
  return parts;
}

template <typename Take>
void each_piece(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

std::vector<std::string> secrets_of(const Destination& to) {
  std::vector<std::string> found;
  const auto keep = [&found](std::string_view secret) {
    if (secret.size() >= kBlackenedBytesMin) found.emplace_back(secret);
  };
  keep(to.url);
  const UrlParts parts = split(to.url);
  keep(parts.user);
  each_piece(parts.user, ':', keep);
  each_piece(parts.query, '&',
             [&keep](std::string_view pair) { keep(pair.substr(pair.find('=') + 1)); });
  each_piece(parts.path, '/', [&keep](std::string_view segment) {
    if (segment.size() >= kSegmentBytesMin) keep(segment);
  });
  for (const std::string& secret : to.secrets) {
    keep(secret);
    if (secret.starts_with("whsec_")) keep(std::string_view(secret).substr(6));
  }
  std::ranges::sort(found, [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  return found;
}

std::string redacted(std::string text, const Destination& to) {
  for (const std::string& secret : secrets_of(to))
    for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
      text.replace(at, secret.size(), "***");
  return text;
}

std::string host_of(std::string_view url) { return lower(split(url).host); }
std::string scheme_of(std::string_view url) { return lower(split(url).scheme); }

}  // namespace alerting
