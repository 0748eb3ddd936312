#include <algorithm>
#include <array>

#include "alerting/channels/kinds.h"

namespace alerting {

namespace {

struct Row {
  std::string_view kind;
  std::unique_ptr<Channel> (*make)();
};

constexpr std::array<Row, 3> kChannels = {{
    {"terminal", make_terminal},  // a line for whoever watches the program
    {"webhook", make_webhook},    // any HTTP receiver, signed by Standard Webhooks 1.0.0
    {"wecom", make_wecom},        // 企业微信群机器人
}};

}  // namespace

std::unique_ptr<Channel> make_channel(std::string_view kind) {
  const auto it = std::ranges::find(kChannels, kind, &Row::kind);
  return it != kChannels.end() ? it->make() : nullptr;
}

std::vector<std::string_view> channel_kinds() {
  std::vector<std::string_view> kinds;
  for (const Row& row : kChannels) kinds.push_back(row.kind);
  return kinds;
}

}  // namespace alerting
