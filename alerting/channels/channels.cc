#include <algorithm>
#include <array>

#include "alerting/channels/kinds.h"

namespace alerting {

namespace {

struct Row {
  std::string_view kind;
  std::unique_ptr<Channel> (*make)();
};

constexpr std::array<Row, 13> kChannels = {{
    {"alertmanager", make_alertmanager},  // receivers of Alertmanager's webhook, version 4
    {"dingtalk", make_dingtalk},          // 钉钉自定义机器人
    {"email", make_email},                // a letter by SMTP
    {"feishu", make_feishu},              // 飞书自定义机器人
    {"feishu_app", make_feishu_app},      // 飞书应用机器人, with buttons
    {"pagerduty", make_pagerduty},        // Events API v2
    {"slack", make_slack},                // incoming webhook
    {"slack_app", make_slack_app},        // a bot, with buttons
    {"teams", make_teams},                // a Workflows webhook
    {"terminal", make_terminal},          // a line for whoever watches the program
    {"webhook", make_webhook},            // any HTTP receiver, signed by Standard Webhooks 1.0.0
    {"wecom", make_wecom},                // 企业微信群机器人
    {"wecom_app", make_wecom_app},        // 企业微信应用消息, with buttons
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
