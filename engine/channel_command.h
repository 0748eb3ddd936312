#pragma once
// `qingyu channel test`: a message that is no incident, by a running system, to one person by one
// of their channels or by all; and what the vendors said to it.
#include <string>

#include "engine/desk_commands.h"

namespace engine {

struct ChannelTestOptions {
  std::string config;  // settings; "" = see find_settings()
  std::string person;
  std::string channel;  // "" = all of the person's
};

// 0: delivered, or accepted by a vendor who never says more; 1: not, or not known in time; 2: wrong
// use, or the system is not running.
int channel_test(const ChannelTestOptions& options);

}  // namespace engine
