#include "alerting/acts.h"

#include <algorithm>
#include <array>

#include "alerting/actions.h"
#include "alerting/climbing.h"
#include "alerting/consulting.h"
#include "alerting/deadlines.h"
#include "alerting/decisions.h"
#include "alerting/handling.h"
#include "alerting/members.h"
#include "alerting/reasons.h"
#include "alerting/silence.h"
#include "alerting/telling.h"
#include "core/text/utf8.h"

namespace alerting {

std::string words(const std::string& text) {
  constexpr size_t kWordsMax = 480;  // bytes
  return std::string(core::text::prefix_of(text, kWordsMax));
}

void refuse(const Incident& i, const Step& s, const core::Act& act, core::Because because) {
  s.out.refusals.push_back({s.at, i.id, act.what, words(act.by), std::move(because)});
}

namespace {

using core::IncidentState;

// Who does what: a row an act.
struct Command {
  std::string_view what;
  void (*run)(Incident& i, const Step& s, const core::Act& act);
};
constexpr std::array kCommands = {
    Command{"ack", acknowledge},     Command{"advise", advise},
    Command{"approve", approve},     Command{"close", close_by_hand},
    Command{"decide", decide},       Command{"deescalate", deescalate},
    Command{"escalate", escalate},   Command{"handover", hand_over},
    Command{"reject", reject},       Command{"result", result},
    Command{"reveal", reveal},       Command{"silence", silence},
    Command{"unsilence", unsilence},
};

}  // namespace

void run_command(Incident& i, const Step& s, const core::Act& act) {
  const auto command = std::ranges::find(kCommands, act.what, &Command::what);
  if (command == kCommands.end()) return;
  if (!s.policy.people.contains(act.by))
    return refuse(i, s, act, reasons::unknown_person(words(act.by)));
  command->run(i, s, act);
}

void note_outcome(Incident& i, const Step& s, uint64_t id, std::string_view what) {
  if (what == "refused" || what == "unknown") return fail_over(i, s, id);
  if (what != "delivered" && what != "suppressed") return;
  const auto delivery = std::ranges::find(i.deliveries, id, &Delivery::id);
  if (delivery == i.deliveries.end()) return;
  // A late proof counts: the person was reached. What was suppressed on purpose (a mute time, an
  // inhibition) is neither a reach nor a failure: nothing climbs by it.
  delivery->state = what == "delivered" ? Delivery::State::Delivered : Delivery::State::Suppressed;
  delivery->due.reset();
}

}  // namespace alerting
