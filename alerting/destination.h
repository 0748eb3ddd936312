#pragma once
// Where messages are sent to, and what a vendor lends us for it.
#include <map>
#include <string>
#include <vector>

#include "core/time.h"

namespace alerting {

// One configured place to send to: "wecom:qa" in settings' `channels:`.
struct Destination {
  std::string id;    // "wecom:qa"
  std::string kind;  // "wecom" "webhook" "terminal"
  std::string url;   // secret: never logged
  // The credential beside the URL: a webhook's whsec_... (more than one while rotating), a robot's
  // signing secret, an app's secret, a routing key, a mailbox's password.
  std::vector<std::string> secrets = {};
  bool allow_private = false;  // on-premise targets: loopback and private addresses
  // What is no secret, by the channel's own names: "keyword" "user" "agent" "from" "to" "format"
  // "card" ...; each channel's check() says which it knows and refuses the rest.
  std::map<std::string, std::string, std::less<>> options = {};
  std::string callback_token = {},
              callback_key = {};  // secret: an app's callbacks are verified with them
};

// What a vendor's app hands out after a log-in; the courier keeps it until it ends.
struct Session {
  std::string token;  // secret
  core::Time until{};
};

// Where a sent message can be changed afterwards; kept with the notification, opaque to all but its
// channel.
struct MessageHandle {
  std::string text;  // no secret in it that outlives `until`
  core::Time until{};
};

}  // namespace alerting
