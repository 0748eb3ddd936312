#include "alerting/channel.h"

namespace alerting {

HttpRequest Channel::log_in(const Destination&) const { return {}; }

std::optional<Session> Channel::logged_in(const TransportResult&, core::Time, SendResult&) const {
  return std::nullopt;
}

std::optional<HttpRequest> Channel::prepare_update(const MessageHandle&, const Rendered&,
                                                   const Destination&, const core::Notification&,
                                                   core::Time, const Session&) const {
  return std::nullopt;
}

Callback Channel::parse_callback(const CallbackRequest&, const Destination&, core::Time) const {
  return {};
}

std::pair<std::string, std::string> Channel::callback_answer(const std::string&) const {
  return {"", ""};
}

}  // namespace alerting
