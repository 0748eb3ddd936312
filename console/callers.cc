#include "console/callers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace console {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The first part found wins: an app's browser also calls itself Mozilla, and its previewer by the
// app's name.
constexpr auto kAgents = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"slackbot", "preview"},
    {"slack-imgproxy", "preview"},
    {"skypeuripreview", "preview"},
    {"microsoft office", "preview"},
    {"bingpreview", "preview"},
    {"dingtalkbot", "preview"},
    {"feishubot", "preview"},
    {"larkbot", "preview"},
    {"facebookexternalhit", "preview"},
    {"twitterbot", "preview"},
    {"telegrambot", "preview"},
    {"whatsapp", "preview"},
    {"googleimageproxy", "preview"},
    {"bot", "preview"},
    {"preview", "preview"},
    {"scanner", "preview"},
    {"crawler", "preview"},
    {"spider", "preview"},
    {"wxwork", "wecom"},
    {"micromessenger", "wecom"},
    {"dingtalk", "dingtalk"},
    {"feishu", "feishu"},
    {"lark", "feishu"},
    {"slack", "slack"},
    {"mozilla/", "browser"},
    {"curl/", "program"},
    {"python", "program"},
    {"go-http-client", "program"},
});

}  // namespace

std::string address_class(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  if (address.starts_with("127.") || address == "::1") return "loopback";
  if (address.starts_with("10.") || address.starts_with("192.168.") || address.starts_with("fc") ||
      address.starts_with("fd") || address.starts_with("fe80"))
    return "private";
  for (int second = 16; second < 32; ++second)
    if (address.starts_with("172." + std::to_string(second) + ".")) return "private";
  return address.empty() ? "unknown" : "public";
}

std::string agent_class(std::string_view user_agent) {
  const std::string agent = lower(user_agent);
  for (const auto& [part, name] : kAgents)
    if (agent.find(part) != std::string::npos) return std::string(name);
  return "other";
}

}  // namespace console
