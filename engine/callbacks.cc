#include "engine/callbacks.h"

#include <algorithm>

#include "console/console.h"
#include "core/log.h"

namespace engine {

namespace {

// "wecom_app" -> "wecom": so contacts and doors are named.
std::string vendor_of(std::string_view kind) { return std::string(kind.substr(0, kind.find('_'))); }

// An id that two people share names neither of them.
const core::Person* person_of(const core::Policy& policy, const std::string& vendor,
                              const std::string& user) {
  const core::Person* found = nullptr;
  for (const auto& [id, person] : policy.people) {
    const auto contact = person.contacts.find(vendor);
    if (contact == person.contacts.end() || contact->second != user) continue;
    if (found != nullptr) return nullptr;
    found = &person;
  }
  return found;
}

alerting::CallbackRequest request_of(const console::Request& request) {
  return {request.method, request.target, request.body, request.headers};
}

console::CallbackReading without_body(int status) { return {status, "text/plain", "", "", {}}; }

}  // namespace

bool pressable(std::string_view action) { return action == "ack"; }

Callbacks::Callbacks(const std::vector<alerting::Destination>& destinations,
                     console::Grants& grants, CallbackDoors doors)
    : grants_(grants), doors_(std::move(doors)) {
  for (const alerting::Destination& destination : destinations) {
    auto channel = alerting::make_channel(destination.kind);
    if (channel != nullptr && channel->caps(destination).buttons)
      listeners_.emplace(destination.id, Listener{destination, std::move(channel)});
  }
}

std::optional<console::CallbackReading> Callbacks::read(const std::string& channel,
                                                        const console::Request& request) {
  const auto listener = listeners_.find(channel);
  if (listener == listeners_.end()) return std::nullopt;
  const Listener& at = listener->second;
  const core::Time wall = doors_.wall();
  const alerting::Callback callback =
      at.channel->parse_callback(request_of(request), at.destination, wall);
  switch (callback.kind) {
    case alerting::Callback::Kind::Refused:
      ++refused_;
      core::log(core::LogLevel::Warning, "callback of " + channel + " refused: " + callback.why);
      return without_body(403);
    case alerting::Callback::Kind::Challenge:
      return console::CallbackReading{200, callback.content_type, callback.answer, "", {}};
    case alerting::Callback::Kind::Ignored:
      return without_body(200);
    case alerting::Callback::Kind::Press:
      break;
  }
  console::CallbackReading reading;
  const std::shared_ptr<const core::Policy> policy = doors_.policy();
  const auto toast = take_up({at, callback, *policy, wall}, reading);
  if (!toast) {
    core::log(core::LogLevel::Error, "callback of " + channel + ": " + toast.error().message);
    return without_body(503);  // vendors that call again will find us
  }
  std::tie(reading.body, reading.content_type) = at.channel->callback_answer(*toast);
  return reading;
}

core::Result<std::string> Callbacks::take_up(const Press& press,
                                             console::CallbackReading& reading) {
  const alerting::Destination& to = press.listener.destination;
  const core::Person* person = person_of(press.policy, vendor_of(to.kind), press.callback.user);
  if (person == nullptr)
    return std::string("未绑定账号，没有操作 Nobody here has your account; nothing was done");
  const auto found = grants_.find(press.callback.value, press.wall);
  if (!found) return found.error();
  if (!*found || (*found)->channel != to.id)
    return std::string("按钮已失效 This button is no longer good");
  const console::Grant& grant = **found;
  if (grant.person != person->id)
    return std::string("这条消息不是发给您的，没有操作 Not sent to you; nothing was done");
  if (press.callback.handle && doors_.handle) doors_.handle(grant, *press.callback.handle);
  if (grant.used()) {
    if (!grant.result.empty()) return grant.result;
    return "已由 " + press.policy.person_name(grant.used_by) + " 于 " +
           core::format_clock(grant.used_at, press.policy.limits.zone_offset_minutes) +
           " 提交 submitted already";
  }
  if (!pressable(grant.action))
    return std::string("请用消息里的链接操作 Use the link of the message");
  reading.event = press.callback.event;
  reading.take = [this, grant, by = person->id, door = vendor_of(to.kind)] {
    return carry_out(grant, by, door);
  };
  return "已收到：" + console::action_in_words(grant.action);
}

// As a press of the link does it: first the grant by compare-and-swap, then the act under the
// grant's id, so that button and link are one press. A crash between them is made good by
// Console::resume().
core::Result<core::Unit> Callbacks::carry_out(const console::Grant& before,
                                              const std::string& person,
                                              const std::string& door) const {
  console::Grant used = before;
  used.used_at = doors_.wall();
  used.used_by = person;
  const auto taken = grants_.use(before, used);
  if (!taken && taken.error().code == core::Code::Conflict) return core::Unit{};
  if (!taken) return taken;
  core::Act act;
  act.what = used.action;
  act.incident = used.incident;
  act.by = person;
  act.door = door;
  act.revision = used.revision;
  const auto handed = doors_.act(act, console::act_id(used));
  if (handed) return handed;
  if (const auto undone = grants_.use(used, before); !undone)
    core::log(core::LogLevel::Error, "callback: kept, to be handed over at the next start");
  return handed;
}

}  // namespace engine
