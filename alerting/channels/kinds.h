#pragma once
// The channels there are. One line here, one row in channels.cc, one file: that is a channel.
#include <memory>

#include "alerting/channel.h"

namespace alerting {

std::unique_ptr<Channel> make_alertmanager();
std::unique_ptr<Channel> make_dingtalk();
std::unique_ptr<Channel> make_email();
std::unique_ptr<Channel> make_feishu();
std::unique_ptr<Channel> make_feishu_app();
std::unique_ptr<Channel> make_pagerduty();
std::unique_ptr<Channel> make_slack();
std::unique_ptr<Channel> make_slack_app();
std::unique_ptr<Channel> make_teams();
std::unique_ptr<Channel> make_terminal();
std::unique_ptr<Channel> make_webhook();
std::unique_ptr<Channel> make_wecom();
std::unique_ptr<Channel> make_wecom_app();

}  // namespace alerting
