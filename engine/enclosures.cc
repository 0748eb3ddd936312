#include "engine/enclosures.h"

#include "core/log.h"
#include "engine/callbacks.h"

namespace engine {

namespace {

using core::Cause;
using core::IncidentState;

// Receivers that are systems, and the terminal, whose reader has the command line.
constexpr std::string_view kWithoutLinks[] = {"terminal", "webhook", "alertmanager", "pagerduty"};

bool takes_links(const std::string& kind) {
  for (const std::string_view other : kWithoutLinks)
    if (kind == other) return false;
  return true;
}

// The time by which this action was asked for; Time{}: none.
core::Time deadline_of(const core::Notification& n, const std::string& action) {
  return action == "ack" || action == "advise" ? n.ack_by : n.decide_by;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> answers_to(const core::Notification& n) {
  switch (n.cause) {
    case Cause::AllClear:
    case Cause::Action:
    case Cause::ActionLate:
    case Cause::Alarm:
    case Cause::Briefing:
    case Cause::Review:
    case Cause::Test:
      return {};
    case Cause::Decided:
      return {{"close", "结束事件"}};
    case Cause::Consulted:
      return {{"advise", "答复"}};
    case Cause::Approval:
      return {{"approve", "批准"}, {"reject", "驳回"}};
    default:
      break;
  }
  std::vector<std::pair<std::string, std::string>> answers;
  const IncidentState state = n.incident.state;
  const bool undecided = state == IncidentState::Open || state == IncidentState::Acknowledged;
  if (state == IncidentState::Open) answers.emplace_back("ack", "确认接手");
  if (undecided && n.decide_by != core::Time{} && !n.options.empty())
    answers.emplace_back("decide", "作出决定");
  return answers;
}

alerting::Extras Enclosures::of(const core::Notification& n, const alerting::Destination& to) {
  alerting::Extras extras;
  if (grants_ != nullptr && takes_links(to.kind) && can_prove(n, to)) extras.links = links_of(n);
  if (n.cause == Cause::Opened || n.cause == Cause::Reopened || n.cause == Cause::Consulted ||
      n.cause == Cause::Escalated || n.cause == Cause::Approval)
    extras.similar = alerting::similar_cases(n, cases(), *policy_());
  return extras;
}

// A link asks for a PIN; an app's button is proof of who presses it. Whoever has neither is told
// the command instead.
bool Enclosures::can_prove(const core::Notification& n, const alerting::Destination& to) const {
  const auto policy = policy_();
  const auto person = policy->people.find(n.person);
  const bool has_pin = person != policy->people.end() && !person->second.pin_hash.empty();
  return has_pin || !to.callback_key.empty() || !to.callback_token.empty();
}

const std::vector<alerting::ClosedCase>& Enclosures::cases() {
  constexpr size_t kPage = 500;
  const core::Time now = clock_.wall();
  if (cases_read_ && now - *cases_read_ < kCasesFor) return cases_;
  cases_read_ = now;
  std::vector<alerting::ClosedCase> fresh;
  std::string after;
  while (fresh.size() < kCasesMax) {
    const auto slots = store_.list(std::string(alerting::kCaseShelf), after, kPage);
    if (!slots) {  // better those of a minute ago than none
      core::log(core::LogLevel::Warning, "cases: " + slots.error().message);
      return cases_;
    }
    for (const core::Slot& slot : *slots)
      if (alerting::ClosedCase one; alerting::decode(slot.value, one))
        fresh.push_back(std::move(one));
    if (slots->size() < kPage) break;
    after = slots->back().key;
  }
  cases_ = std::move(fresh);
  return cases_;
}

std::vector<alerting::ActionLink> Enclosures::links_of(const core::Notification& n) {
  std::vector<alerting::ActionLink> links;
  for (const auto& [action, label] : answers_to(n)) {
    const console::Offer offer{
        n.incident.incident,   n.incident.revision, n.person, n.channel, n.at,
        deadline_of(n, action)};
    const auto url = grants_->mint(offer, action, clock_.wall());
    if (!url) {  // the message goes without it: it says how to answer by command
      core::log(core::LogLevel::Warning, "links: " + url.error().message);
      return {};
    }
    // A call-back button brings the token back: the same grant, the same proof.
    const std::string token = url->substr(url->rfind('/') + 1);
    links.push_back({action, label, *url, pressable(action) ? token : ""});
  }
  return links;
}

}  // namespace engine
