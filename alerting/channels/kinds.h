#pragma once
// The channels there are. One line here, one row in channels.cc, one file: that is a channel.
#include <memory>

#include "alerting/channel.h"

namespace alerting {

std::unique_ptr<Channel> make_terminal();
std::unique_ptr<Channel> make_webhook();
std::unique_ptr<Channel> make_wecom();

}  // namespace alerting
