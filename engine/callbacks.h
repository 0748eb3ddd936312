#pragma once
// Callbacks: what vendors tell of pressed buttons, read for the console (console/hooks.h:
// Hooks::callback). The channel verifies and reads, the grant whose token the button carries says
// what is pressed, the vendor's id says who presses: a token alone does nothing, and neither does a
// person to whom the message was not sent. Called on the console's thread; nothing here waits.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerting/channel.h"
#include "console/grants.h"
#include "console/hooks.h"
#include "core/policy.h"

namespace engine {

struct CallbackDoors {
  std::function<core::Time()> wall;
  std::function<std::shared_ptr<const core::Policy>()> policy;  // who is who, now
  // Hands an act over under an id of its own; one known already is a no-op.
  std::function<core::Result<core::Unit>(const core::Act& act, const std::string& id)> act;
  // With what the pressed message can be changed now; newer than any before it. May be empty.
  std::function<void(const console::Grant& grant, const alerting::MessageHandle& handle)> handle;
};

// Whether a button may do it. A decision needs its option, the second confirmation and the PIN:
// those are on the page of its link, so that its button must be a link.
bool pressable(std::string_view action);

class Callbacks {
 public:
  // `grants` outlives it. Destinations without callbacks are left out.
  Callbacks(const std::vector<alerting::Destination>& destinations, console::Grants& grants,
            CallbackDoors doors);

  // nullopt: there is no such channel, or it receives no callbacks.
  std::optional<console::CallbackReading> read(const std::string& channel,
                                               const console::Request& request);

  uint64_t refused() const { return refused_; }  // not from the vendor, or damaged

 private:
  struct Listener {
    alerting::Destination destination;
    std::unique_ptr<alerting::Channel> channel;
  };
  struct Press {
    const Listener& listener;
    const alerting::Callback& callback;
    const core::Policy& policy;
    core::Time wall;
  };

  // What the person is told; with `reading.take` when there is something to take.
  core::Result<std::string> take_up(const Press& press, console::CallbackReading& reading);
  core::Result<core::Unit> carry_out(const console::Grant& before, const std::string& person,
                                     const std::string& door) const;

  std::map<std::string, Listener> listeners_;  // by channel id
  console::Grants& grants_;
  CallbackDoors doors_;
  std::atomic<uint64_t> refused_ = 0;
};

}  // namespace engine
