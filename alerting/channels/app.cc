#include "alerting/channels/app.h"

#include <algorithm>
#include <charconv>

#include "alerting/channels/robot.h"

namespace alerting {

namespace {

constexpr size_t kButtonsMax = 3;
constexpr int64_t kTokenSeconds = 7'200;
// The floor is above the courier's own margin.
constexpr core::Millis kTokenSpare{300'000}, kTokenFloor{120'000};

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && nibble(text[i + 1]) >= 0 &&
                        nibble(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(nibble(text[i + 1]) * 16 + nibble(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string header_of(const CallbackRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (lower(key) == lower(name)) return value;
  return "";
}

// '+' stays: base64 in a query comes percent-encoded or bare, and never holds a space.
std::string query_of(std::string_view target, std::string_view name) {
  const size_t mark = target.find('?');
  std::string_view rest = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name)
      return decoded(pair.substr(equals + 1), false);
  }
  return "";
}

std::string form_decoded(std::string_view text) { return decoded(text, true); }

bool timely(std::string_view seconds, core::Time wall, core::Millis skew) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), value);
  constexpr int64_t kSecondsMax = 100'000'000'000;
  if (error != std::errc{} || end != seconds.data() + seconds.size() || value < 0 ||
      value > kSecondsMax)
    return false;
  const core::Millis off = wall - core::from_ms(value * 1000);
  return off <= skew && off >= -skew;
}

Callback refused_callback(std::string why) {
  Callback callback;
  callback.why = std::move(why);
  return callback;
}

std::vector<ActionLink> press_links(const Extras& extras) {
  std::vector<ActionLink> links;
  for (const ActionLink& link : extras.links)
    if (!link.value.empty() && link.value.size() <= kPressBytesMax && links.size() < kButtonsMax)
      links.push_back(link);
  return links;
}

bool pressed(const std::vector<ActionLink>& presses, std::string_view action) {
  return std::ranges::find(presses, action, &ActionLink::action) != presses.end();
}

core::Time token_until(core::Time wall, std::optional<int64_t> seconds) {
  const core::Millis life(1'000 *
                          std::clamp<int64_t>(seconds.value_or(kTokenSeconds), 0, kTokenSeconds));
  return wall + std::max(life - kTokenSpare, kTokenFloor);
}

std::string endpoint(const Destination& to, std::string_view path) {
  std::string url = to.url;
  while (url.ends_with('/')) url.pop_back();
  return url + std::string(path);
}

}  // namespace alerting
