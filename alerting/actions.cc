#include "alerting/actions.h"

#include <algorithm>

#include "alerting/acts.h"
#include "alerting/briefing.h"
#include "alerting/deadlines.h"
#include "alerting/decision_log.h"
#include "alerting/decision_reasons.h"
#include "alerting/decisions.h"
#include "alerting/ladder.h"
#include "alerting/reasons.h"
#include "alerting/telling.h"
#include "core/rota.h"

namespace alerting {

namespace {

using Stage = ActionState::Stage;

const core::ResponseAction* known_action(const core::Policy& policy, const std::string& id) {
  const auto action = policy.actions.find(id);
  return action != policy.actions.end() ? &action->second : nullptr;
}

std::string name_of(const core::Policy& policy, const std::string& id) {
  const core::ResponseAction* action = known_action(policy, id);
  return action != nullptr ? action->name : id;
}

bool resends(const ActionState& before) { return before.stage == Stage::Failed; }

void log_action(const Incident& i, const Step& s, const char* what, const ActionState& a,
                const char* value) {
  std::vector<core::Figure> figures = {{"value", 0, value}};
  log_decision(i, s, {what, a.by, "", a.action, a.because, std::move(figures)});
}

// To the decider and to the rung that is on duty, each once.
void tell_trouble(Incident& i, const Step& s, const ActionState& a, const core::Because& because) {
  if (!s.tells || i.rung == 0 || !i.resolution.decided) return;
  const std::string decider = i.resolution.decided->by;
  const std::string action = a.action;
  const std::optional<Holder> holder = holder_of(i, s, decider);
  const uint32_t rung = holder ? std::min(holder->rung, i.rung) : 1;
  tell_action(i, s, core::Cause::ActionLate, {rung, decider}, because, action);
  const core::Ladder& ladder = s.policy.ladder(i.ladder);
  for (const std::string& person : core::resolve(s.policy, rung_of(ladder, 1).who, s.at).now)
    if (person != decider) tell_action(i, s, core::Cause::ActionLate, {1, person}, because, action);
}

// REQUIRES: the state has been set.
void trouble(Incident& i, const Step& s, const ActionState& a, const core::Because& because,
             const char* value) {
  const ActionState now = a;
  revise(i, s, because);
  log_action(i, s, "action_result", now, value);
  tell_trouble(i, s, now, because);
}

std::string sent_ids(const Incident& i) {
  std::string ids;
  for (const ActionState& a : i.resolution.actions) ids += (ids.empty() ? "" : ", ") + a.action;
  return ids;
}

}  // namespace

void send_actions(Incident& i, const Step& s, uint32_t rung) {
  const Choice decided = *i.resolution.decided;
  const core::ResponseOption* option = s.policy.option(decided.option);
  std::vector<ActionState> now;
  std::vector<std::string> to_send;
  for (const std::string& id : option != nullptr ? option->actions : std::vector<std::string>{}) {
    const core::ResponseAction* action = known_action(s.policy, id);
    if (action == nullptr || now.size() == Resolution::kActionsMax) continue;
    if (std::ranges::find(now, id, &ActionState::action) != now.end()) continue;
    const auto before = std::ranges::find(i.resolution.actions, id, &ActionState::action);
    if (before != i.resolution.actions.end() && !resends(*before)) {
      now.push_back(*before);
      continue;
    }
    now.push_back({id, 0, Stage::Sent, s.at + bounded(action->confirm), s.at, decided.by, ""});
    to_send.push_back(id);
  }
  i.resolution.actions = std::move(now);
  for (const std::string& id : to_send) {
    const auto a = std::ranges::find(i.resolution.actions, id, &ActionState::action);
    a->delivery = tell_action(
        i, s, core::Cause::Action, {std::clamp(rung, 1u, std::max(i.rung, 1u)), decided.by},
        reasons::action(name_of(s.policy, id), decided.option, decided.by), id);
    log_action(i, s, "action_sent", *a, "sent");
  }
}

void result(Incident& i, const Step& s, const core::Act& act) {
  if (!i.is_open()) return refuse(i, s, act, reasons::already(i.state, i.state_by));
  const auto a = std::ranges::find(i.resolution.actions, act.option, &ActionState::action);
  if (a == i.resolution.actions.end())
    return refuse(i, s, act,
                  reasons::unknown_action(act.by, words(act.option), words(sent_ids(i))));
  const bool done = act.value == "done";
  if (!done && act.value != "failed")
    return refuse(i, s, act, reasons::bad_result(act.by, words(act.value)));
  if (a->stage == Stage::Done || (a->stage == Stage::Failed && !done))
    return refuse(i, s, act, reasons::result_known(a->action, a->by));
  a->stage = done ? Stage::Done : Stage::Failed;
  a->due.reset();
  a->at = s.at;
  a->by = act.by;
  a->because = words(act.because);
  const std::string name = name_of(s.policy, a->action);
  if (!done) return trouble(i, s, *a, reasons::action_failed(name, act.by, a->because), "failed");
  const int64_t open = std::ranges::count_if(
      i.resolution.actions, [](const ActionState& one) { return one.stage != Stage::Done; });
  revise(i, s, reasons::action_done(name, act.by, open));
  log_action(i, s, "action_result", *a, "done");
}

void action_undelivered(Incident& i, const Step& s, uint64_t delivery) {
  const auto a = std::ranges::find(i.resolution.actions, delivery, &ActionState::delivery);
  if (!i.is_open() || a == i.resolution.actions.end()) return;
  if (a->stage != Stage::Sent && a->stage != Stage::Late) return;  // a result is there
  const core::ResponseAction* action = known_action(s.policy, a->action);
  a->stage = Stage::Failed;
  a->due.reset();
  a->at = s.at;
  a->because = "undeliverable";
  const core::Because because = reasons::action_not_delivered(
      name_of(s.policy, a->action), action != nullptr ? action->channel : "");
  trouble(i, s, *a, because, "undeliverable");
}

std::string undo_notes(const Incident& i, const Step& s, const std::string& option) {
  const core::ResponseOption* next = s.policy.option(option);
  std::string notes;
  for (const ActionState& a : i.resolution.actions) {
    if (next != nullptr && std::ranges::find(next->actions, a.action) != next->actions.end())
      continue;
    const core::ResponseAction* action = known_action(s.policy, a.action);
    if (a.stage == Stage::Failed || action == nullptr) continue;
    notes += (notes.empty() ? "" : "；") + action->name + "：" +
             (action->undo.empty() ? "—" : action->undo);
  }
  return words(notes);
}

ActionFigures action_figures(const Incident& i) {
  ActionFigures f;
  for (const ActionState& a : i.resolution.actions)
    ++(a.stage == Stage::Done     ? f.done
       : a.stage == Stage::Failed ? f.failed
       : a.stage == Stage::Late   ? f.late
                                  : f.sent);
  return f;
}

std::vector<core::Time> response_dues(const Incident& i) {
  std::vector<core::Time> dues;
  if (!i.is_open()) return dues;
  for (const ActionState& a : i.resolution.actions)
    if (a.due) dues.push_back(*a.due);
  if (i.deadlines.briefing) dues.push_back(*i.deadlines.briefing);
  return dues;
}

void run_response(Incident& i, const Step& s) {
  if (!i.is_open()) return;
  for (size_t k = 0; k < i.resolution.actions.size(); ++k) {
    ActionState& a = i.resolution.actions[k];
    if (!a.due || *a.due > s.at) continue;
    const core::ResponseAction* action = known_action(s.policy, a.action);
    a.due.reset();
    if (a.stage != Stage::Sent) continue;
    a.stage = Stage::Late;
    const core::Millis within = s.at - a.at;
    a.at = s.at;
    trouble(i, s, a, reasons::action_late(action != nullptr ? action->name : a.action, within),
            "late");
  }
  if (i.deadlines.briefing && *i.deadlines.briefing <= s.at) brief(i, s);
}

void restart_response(Incident& i, const core::Policy& policy, core::Time at) {
  if (!i.is_open()) return;
  for (ActionState& a : i.resolution.actions) {
    if (!a.due) continue;
    const core::ResponseAction* action = known_action(policy, a.action);
    a.due = at + bounded(action != nullptr ? action->confirm : core::ResponseAction{}.confirm);
  }
  plan_briefing_again(i, policy, at);
}

}  // namespace alerting
