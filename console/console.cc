#include "console/console.h"

#include "console/callers.h"
#include "console/crypt.h"
#include "console/html.h"
#include "console/router.h"
#include "core/log.h"

namespace console {

Console::Console(core::Store& store, Grants& grants, Hooks hooks, Limits limits)
    : store_(store),
      grants_(grants),
      hooks_(std::move(hooks)),
      limits_(limits),
      tries_(store),
      addresses_(limits.burst, limits.refill),
      links_(limits.link_burst, limits.link_refill) {}

Response Console::answer(const Request& request) {
  if (!addresses_.allows(request.address, hooks_.wall()))
    return page(429, "请求太多", "<p>请稍后再试。</p><p>Too many requests. Try again later.</p>");
  return Router::route(*this, request);
}

core::Result<core::Unit> Console::resume() {
  constexpr size_t kPage = 256;
  std::string after;
  for (;;) {
    const auto slots = store_.list("grants", after, kPage);
    if (!slots) return slots.error();
    for (const core::Slot& slot : *slots) {
      Grant grant;
      if (decode(slot.value, grant) && grant.used() && grant.result.empty())
        if (const auto done = hooks_.act(act_of(grant), act_id(grant)); !done) return done.error();
    }
    if (slots->size() < kPage) return core::Unit{};
    after = slots->back().key;
  }
}

void Console::note(std::string kind, const Request& request, const Grant* grant) const {
  hooks_.note({std::move(kind), grant ? grant->incident : "", grant ? grant->person : "", "link",
               address_class(request.address), agent_class(request.header("User-Agent"))});
}

std::string action_in_words(const std::string& action) {
  if (action == "ack") return "确认接手 Acknowledge";
  if (action == "decide") return "作出决定 Decide";
  if (action == "approve") return "批准决定 Approve";
  if (action == "reject") return "驳回决定 Reject";
  if (action == "close") return "结束事件 Close";
  if (action == "escalate") return "升级 Escalate";
  if (action == "advise") return "答复征询 Advise";
  return action;
}

std::string state_in_words(core::IncidentState state) {
  switch (state) {
    case core::IncidentState::Open:
      return "待接手 open";
    case core::IncidentState::Acknowledged:
      return "已接手 acknowledged";
    case core::IncidentState::Decided:
      return "已决定 decided";
    case core::IncidentState::Closed:
      return "已结束 closed";
  }
  return "";
}

std::string act_id(const Grant& grant) { return "link-" + to_hex(grant.jti); }

core::Act Console::act_of(const Grant& grant) const {
  core::Act act;
  act.what = grant.action;
  act.incident = grant.incident;
  act.by = grant.used_by;
  act.option = grant.option;
  act.because = grant.because;
  act.door = "link";
  act.revision = grant.revision;
  return act;
}

}  // namespace console
