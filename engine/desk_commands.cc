#include "engine/desk_commands.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "alerting/courier_note.h"
#include "alerting/message.h"
#include "core/text/mask.h"
#include "engine/command_lane.h"
#include "engine/incident_list.h"
#include "engine/settings.h"
#include "engine/system_clock.h"
#include "store/daemon_lock.h"

namespace engine {

namespace {

using core::Error;

constexpr int kZoneOffsetMinutes = 480;
constexpr std::chrono::milliseconds kLookAgain{100};
constexpr int kLooksMax = 60;

int failed(const Error& error, int code) {
  std::cerr << "qingyu: " << error.message << '\n';
  return code;
}

core::Result<std::unique_ptr<core::Store>> open(const StoreChoice& choice) {
  const auto spec = chosen_store(choice);
  if (!spec) return spec.error();
  return store::open_store(*spec);
}

void print(const core::IncidentChange& c) {
  std::cout << c.incident << "  【" << core::chinese_of(c.level) << "】 "
            << alerting::chinese_of(c.state) << " " << core::name_of(c.state) << "  " << c.subject
            << "  " << c.issue << "  " << c.groups << " 个群 groups, 约 " << c.people
            << " 人 people";
  if (c.loss_cny > 0) std::cout << ", CNY " << c.loss_cny;
  std::cout << "  第 " << c.rung << " 级 rung " << c.rung_name << "  "
            << core::format_time(c.at, kZoneOffsetMinutes) << '\n';
}

void print_deliveries(core::Store& store, const std::string& incident) {
  const auto outbox = store.outbox(incident);
  if (!outbox || outbox->empty()) return;
  std::cout << "送达 deliveries:\n";
  for (const auto& [item, state] : *outbox) {
    std::cout << "  " << item.id << "  " << delivery_text(state.delivery) << "  " << state.attempts
              << " 次 attempts  " << alerting::answer_of(state.vendor_answer) << '\n';
  }
}

// Waits until the running system has taken the request and the ledger says what became of it.
constexpr int kNotYet = -1;
int await_answer(core::Store& store, const std::string& request, const core::Act& act,
                 const std::vector<std::string>& lines_before) {
  for (int i = 0; i < kLooksMax; ++i) {
    std::this_thread::sleep_for(kLookAgain);
    const auto waiting = store.requests(1000);
    if (!waiting) return failed(waiting.error(), 1);
    if (std::ranges::any_of(*waiting, [&](const auto& r) { return r.first == request; })) continue;
    const auto now = list_incidents(store, act.incident);
    if (!now) return failed(now.error(), 1);
    std::vector<std::string> fresh = now->empty() ? lines_before : now->front().lines;
    std::erase_if(fresh, [&](const std::string& line) {  // a refusal sorts before older lines
      return std::ranges::find(lines_before, line) != lines_before.end();
    });
    const auto answer = std::ranges::find_if(
        fresh, [&](const std::string& line) { return answer_to(act, line) != Answer::None; });
    if (answer == fresh.end()) continue;
    for (const std::string& line : fresh)
      std::cout << line_in_words(line, kZoneOffsetMinutes) << '\n';
    return answer_to(act, *answer) == Answer::Refused ? 1 : 0;
  }
  std::cout << "已登记，系统尚未回应 noted; the system has not answered yet: see `qingyu show`\n";
  return kNotYet;
}

}  // namespace

std::string delivery_text(core::Delivery delivery) {
  static constexpr const char* kStates[] = {
      "待发 pending",         "重试 retrying",   "已送达 delivered",        "不确定 unknown",
      "未送达 not delivered", "已受理 accepted", "未发 not sent on purpose"};
  const auto s = static_cast<size_t>(delivery);
  return s < std::size(kStates) ? kStates[s] : "?";
}

core::Result<store::StoreSpec> chosen_store(const StoreChoice& choice) {
  if (!choice.store.empty()) {
    store::StoreSpec spec;
    spec.path = choice.store;
    if (access(spec.path.c_str(), F_OK) == 0) return spec;
    return Error{core::Code::BadSettings, "there is no store " + spec.path};
  }
  const std::string file = find_settings(choice.config);
  if (file.empty())
    return Error{core::Code::BadSettings, "which store? give --store FILE or --config FILE"};
  const auto settings = load_settings(file);
  if (!settings) return settings.error();
  if (settings->store.kind == "memory")
    return Error{core::Code::BadSettings,
                 "a memory store is only known to the process that has it"};
  return settings->store;
}

int list(const StoreChoice& choice, bool all, bool json) {
  const auto store = open(choice);
  if (!store) return failed(store.error(), 2);
  const auto incidents = list_incidents(**store, "");
  if (!incidents) return failed(incidents.error(), 1);
  size_t shown = 0;
  for (const ListedIncident& one : *incidents) {
    if (!all && one.last.state == core::IncidentState::Closed) continue;
    ++shown;
    if (json) {
      std::cout << one.last_line << '\n';
    } else {
      print(one.last);
    }
  }
  if (shown == 0 && !json) std::cout << "没有未关闭的事件 no open incidents\n";
  return 0;
}

int show(const StoreChoice& choice, const std::string& incident, bool json) {
  const auto store = open(choice);
  if (!store) return failed(store.error(), 2);
  const auto found = list_incidents(**store, incident);
  if (!found) return failed(found.error(), 1);
  if (found->empty()) return failed({core::Code::NotFound, "no incident " + incident}, 1);
  for (const std::string& line : found->front().lines)
    std::cout << (json ? line : line_in_words(line, kZoneOffsetMinutes)) << '\n';
  if (json) return 0;
  print(found->front().last);
  print_deliveries(**store, incident);
  return 0;
}

int act(const ActOptions& options) {
  const int answer = act_and_wait(options);
  return answer == kNotYet ? 0 : answer;
}

int act_and_wait(const ActOptions& options) {
  const auto spec = chosen_store(options.store);
  if (!spec) return failed(spec.error(), 2);
  const auto store = store::open_store(*spec);
  if (!store) return failed(store.error(), 2);
  const auto known = list_incidents(**store, options.incident);
  if (!known) return failed(known.error(), 1);
  const bool silences = options.what == "silence" || options.what == "unsilence";
  const bool by_family = silences && options.incident.starts_with("family:");
  if (known->empty() && !by_family)
    return failed({core::Code::NotFound, "no incident " + options.incident}, 1);
  core::Act act;
  act.what = options.what;
  act.incident = options.incident;
  act.by = options.by;
  act.option = options.option;
  act.value = options.value;
  act.because = options.because;
  core::text::mask(act.because);
  core::text::mask(act.option);
  act.door = "cli";
  const std::string bytes = encode(act);
  const std::string id =
      "cli-" + std::to_string(core::to_ms(SystemClock().wall())) + "-" + std::to_string(getpid());
  const auto requested = (*store)->request(id, bytes);
  if (!requested) return failed(requested.error(), 1);
  if (spec->kind == "sqlite" && !store::daemon_of(*spec)) {
    std::cout << "系统未运行，下次启动时生效 not running: takes effect at the next start\n";
    return kNotYet;
  }
  if (known->empty()) {
    std::cout << "已登记 noted\n";
    return kNotYet;
  }
  return await_answer(**store, id, act, known->front().lines);
}

}  // namespace engine
