#pragma once
// What the apps (wecom_app, feishu_app, slack_app) share.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"

namespace alerting {

// A callback larger than this is refused unread.
inline constexpr size_t kCallbackBytesMax = 256 * 1024;
inline constexpr size_t kPressBytesMax = 128;  // of ActionLink::value
// Until when a token that lives `seconds` more is used (0 to two hours; unknown: two hours): five
// minutes less, but never so little that it would be asked for again at once: vendors give the same
// token until it ends. What is used too long is refused, and then taken anew.
core::Time token_until(core::Time wall, std::optional<int64_t> seconds);

std::string header_of(const CallbackRequest& request, std::string_view name);  // any case
std::string query_of(std::string_view target, std::string_view name);          // percent-decoded
std::string form_decoded(std::string_view text);                               // '+' is a space
// Whether `seconds` (decimal) is within `skew` of `wall`.
bool timely(std::string_view seconds, core::Time wall, core::Millis skew);
Callback refused_callback(std::string why);
// Links that come back by callback: with a value that a button can hold, at most three.
std::vector<ActionLink> press_links(const Extras& extras);
// Whether one of them does it; what none does stays a link.
bool pressed(const std::vector<ActionLink>& presses, std::string_view action);
// API base without a slash at its end, and the path.
std::string endpoint(const Destination& to, std::string_view path);
// A member that is a string, "" otherwise; never throws.
template <class Json>
std::string text_at(const Json& object, std::string_view key) {
  if (!object.is_object()) return "";
  const auto it = object.find(std::string(key));
  return it != object.end() && it->is_string() ? it->template get<std::string>() : "";
}
// A member that is a whole number, nullopt otherwise; never throws.
template <class Json>
std::optional<int64_t> number_at(const Json& object, std::string_view key) {
  if (!object.is_object()) return std::nullopt;
  const auto it = object.find(std::string(key));
  if (it == object.end() || !it->is_number_integer()) return std::nullopt;
  return it->template get<int64_t>();
}

}  // namespace alerting
