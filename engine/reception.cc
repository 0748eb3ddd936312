#include "engine/reception.h"

#include <algorithm>
#include <set>

#include "alerting/message.h"
#include "alerting/message_text.h"
#include "core/log.h"
#include "core/notification.h"
#include "engine/command_lane.h"

namespace engine {

namespace {

constexpr int kZoneOffsetMinutes = 480;
constexpr size_t kRequestsAtOnce = 1000;

std::vector<std::string> lines_of(const core::IncidentChange& c, const core::Policy& policy) {
  std::vector<std::string> lines;
  lines.push_back("【" + std::string(core::chinese_of(c.level)) + "】" +
                  policy.subject_name(c.subject) + " · " + policy.issue_name(c.issue));
  lines.push_back(alerting::with_separators(c.groups) + " 个群 groups，约 " +
                  alerting::with_separators(c.people) + " 人看到 people");
  if (c.loss_cny > 0)
    lines.push_back("预期损失 expected loss CNY " + alerting::with_separators(c.loss_cny));
  lines.push_back(alerting::sentence(c.because, alerting::Language::Chinese));
  lines.push_back("截至 as of " + core::format_time(c.at, kZoneOffsetMinutes));
  return lines;
}

// What was offered last: to this person, or else to anybody, whose authority says nothing of
// theirs.
std::vector<console::OptionView> options_of(core::Store& store, const std::string& incident,
                                            const std::string& person) {
  const auto told = store.outbox(incident);
  if (!told) return {};
  core::Notification newest;
  bool theirs = false;
  for (const auto& [item, state] : *told) {
    core::Notification n;
    if (!core::decode(item.bytes, n) || n.options.empty()) continue;
    const bool own = n.person == person;
    if (own < theirs || (own == theirs && n.at < newest.at)) continue;
    theirs = own;
    newest = std::move(n);
  }
  std::vector<console::OptionView> options;
  for (const core::OptionOffer& o : newest.options)
    options.push_back({o.id, o.name, o.cost_cny, theirs && o.within_authority});
  return options;
}

}  // namespace

uint32_t question_since(const std::vector<std::string>& ledger_lines) {
  uint32_t since = 0;
  core::IncidentChange before;
  for (const std::string& line : ledger_lines) {
    const auto change = incident_change(line);
    if (!change) continue;
    const bool opened = since == 0 || before.state == core::IncidentState::Closed;
    const bool decided = change->state == core::IncidentState::Decided &&
                         before.state != core::IncidentState::Decided;
    if (opened || decided || change->subject != before.subject || change->issue != before.issue)
      since = change->revision;
    before = *change;
  }
  return since;
}

Reception::Reception(core::Store& store, core::Clock& clock, const BookInUse& book)
    : store_(store), clock_(clock), book_(book) {}

console::Hooks Reception::hooks() {
  console::Hooks h;
  h.wall = [this] { return clock_.wall(); };
  h.person = [this](const std::string& id) -> std::optional<console::PersonView> {
    const auto policy = book_.policy();
    const auto person = policy->people.find(id);
    if (person == policy->people.end()) return std::nullopt;
    return console::PersonView{person->second.name, person->second.pin_hash};
  };
  h.incident = [this](const std::string& id, const std::string& person) {
    return incident(id, person);
  };
  h.act = [this](const core::Act& a, const std::string& id) { return act(a, id); };
  h.outcome = [this](const std::string& id) { return outcome(id); };
  h.note = [this](const console::Note& n) { note(n); };
  return h;
}

std::optional<ListedIncident> Reception::listed(const std::string& id) {
  auto found = list_incidents(store_, id);
  if (!found) core::log(core::LogLevel::Warning, "console: " + found.error().message);
  if (!found || found->empty()) return std::nullopt;
  return std::move(found->front());
}

std::optional<console::IncidentView> Reception::incident(const std::string& id,
                                                         const std::string& person) {
  const auto one = listed(id);
  if (!one) return std::nullopt;
  console::IncidentView view;
  view.lines = lines_of(one->last, *book_.policy());
  view.state = one->last.state;
  view.revision = one->last.revision;
  view.question_since = question_since(one->lines);
  view.options = options_of(store_, id, person);
  return view;
}

core::Result<core::Unit> Reception::act(const core::Act& act, const std::string& id) {
  Waiting waiting{act, {}, ++ordinals_};
  if (const auto one = listed(act.incident)) waiting.lines_before = one->lines;
  const auto requested = store_.request(id, engine::encode(act));
  if (!requested) return requested.error();
  if (waiting_.size() >= kWaitingMax)
    waiting_.erase(std::ranges::min_element(
        waiting_, {}, [](const auto& entry) { return entry.second.ordinal; }));
  waiting_.insert_or_assign(id, std::move(waiting));
  return core::Unit{};
}

std::optional<console::Outcome> Reception::outcome(const std::string& id) {
  const auto place = waiting_.find(id);
  if (place == waiting_.end()) return std::nullopt;
  const auto requests = store_.requests(kRequestsAtOnce);
  if (!requests || std::ranges::any_of(*requests, [&](const auto& r) { return r.first == id; }))
    return std::nullopt;
  const Waiting& waiting = place->second;
  const auto one = listed(waiting.act.incident);
  if (!one) return std::nullopt;
  const std::set<std::string> before(waiting.lines_before.begin(), waiting.lines_before.end());
  for (const std::string& line : one->lines) {
    const Answer answer = before.contains(line) ? Answer::None : answer_to(waiting.act, line);
    if (answer == Answer::None) continue;
    console::Outcome outcome{answer == Answer::Refused, line_in_words(line, kZoneOffsetMinutes)};
    waiting_.erase(place);
    return outcome;
  }
  return std::nullopt;
}

// Who pressed what, from what kind of place: beside the log the audit of links for later.
void Reception::note(const console::Note& n) {
  core::log(core::LogLevel::Info, "console: " + n.kind + " incident=" + n.incident +
                                      " person=" + n.person + " door=" + n.door +
                                      " from=" + n.address_class + "/" + n.agent_class);
}

}  // namespace engine
