// The terminal: the plain message, printed by the courier's owner. Nothing is sent, so nothing can
// be refused; a message is delivered when it has been printed.
#include "alerting/channels/kinds.h"
#include "alerting/message.h"
#include "core/check.h"

namespace alerting {

namespace {

class Terminal final : public Channel {
 public:
  Caps caps(const Destination&) const override {
    Caps caps;
    caps.idempotent = true;
    caps.local = true;
    return caps;
  }

  core::Result<core::Unit> check(const Destination&) const override { return core::Unit{}; }

  Rendered render(const core::Notification& n, const Extras& extras, const Destination&,
                  const Rendering& how) const override {
    const std::string text =
        plain_text(blocks_of(n, extras, {how.zone_offset_minutes, how.level, how.resend}));
    return {text, text, how.level, {}};
  }

  // REQUIRES: never called; caps() says local.
  HttpRequest prepare(const Rendered&, const Destination&, const core::Notification&, core::Time,
                      const Session&) const override {
    INVARIANT(!"a terminal message is printed, not sent");
    return {};
  }

  SendResult classify(const TransportResult&) const override {
    INVARIANT(!"a terminal message has no answer");
    return {};
  }
};

}  // namespace

std::unique_ptr<Channel> make_terminal() { return std::make_unique<Terminal>(); }

}  // namespace alerting
