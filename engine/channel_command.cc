#include "engine/channel_command.h"

#include <algorithm>
#include <iostream>

#include "alerting/courier_note.h"
#include "core/notification.h"
#include "engine/book_shelf.h"
#include "engine/settings.h"
#include "engine/system_clock.h"
#include "store/daemon_lock.h"

namespace engine {

namespace {

constexpr core::Millis kLookAgain{200};
constexpr int kLooksMax = 150;  // 30 s: a channel may take 20

int failed(const std::string& message) {
  std::cerr << "qingyu channel test: " << message << '\n';
  return 2;
}

core::Notification test_of(const core::Person& person, const std::string& channel, core::Time now) {
  core::Notification n;
  n.at = now;
  n.cause = core::Cause::Test;
  n.person = person.id;
  n.person_name = person.name;
  n.channel = channel;
  // Each test is another message: the low bits of its millisecond tell it from the one before.
  n.incident.revision = static_cast<uint32_t>(core::to_ms(now));
  for (const auto& [kind, id] : person.contacts) n.contacts.push_back({kind, id});
  n.id = core::notification_id(n);
  return n;
}

bool is_over(core::Delivery d) {
  return d != core::Delivery::Pending && d != core::Delivery::Retry && d != core::Delivery::Unknown;
}

std::string in_words(const core::OutboxState& state) {
  switch (state.delivery) {
    case core::Delivery::Delivered:
      return "已送达 delivered";
    case core::Delivery::Accepted:
      return "已受理 accepted (this vendor proves no delivery)";
    case core::Delivery::Dead:
      return "未送达 not delivered";
    default:
      return "尚无结果 no result yet";
  }
}

// Waits for all of `ids`; what came of each is printed. Whether all arrived.
bool await_all(core::Store& store, const std::vector<core::Notification>& sent) {
  SystemClock clock;
  std::map<std::string, core::OutboxState> states;
  for (int i = 0; i < kLooksMax; ++i) {
    clock.wait(kLookAgain);
    const auto rows = store.outbox("");
    if (!rows) continue;
    for (const auto& [item, state] : *rows)
      if (std::ranges::find(sent, item.id, &core::Notification::id) != sent.end())
        states[item.id] = state;
    const bool over = std::ranges::all_of(
        sent, [&](const core::Notification& n) { return is_over(states[n.id].delivery); });
    if (over) break;
  }
  bool arrived = true;
  for (const core::Notification& n : sent) {
    const core::OutboxState& state = states[n.id];
    arrived &=
        state.delivery == core::Delivery::Delivered || state.delivery == core::Delivery::Accepted;
    std::cout << n.channel << "  " << in_words(state) << "  "
              << alerting::answer_of(state.vendor_answer) << '\n';
  }
  return arrived;
}

}  // namespace

int channel_test(const ChannelTestOptions& options) {
  const std::string file = find_settings(options.config);
  if (file.empty()) return failed("which settings? give --config FILE");
  const auto settings = load_settings(file);
  if (!settings) return failed(settings.error().message);
  const auto book = load_book(settings->book);
  if (!book) return failed(book.error().message);
  const auto& people = (*book)->policy().people;
  const auto person = people.find(options.person);
  if (person == people.end()) return failed("there is no person " + options.person);
  if (settings->store.kind == "sqlite" && !store::daemon_of(settings->store))
    return failed("the system is not running: start it with `qingyu run`");
  const auto store = store::open_store(settings->store);
  if (!store) return failed(store.error().message);
  std::vector<core::Notification> sent;
  const core::Time now = SystemClock().wall();
  for (const std::string& channel : person->second.channels)
    if (options.channel.empty() || channel == options.channel)
      sent.push_back(test_of(person->second, channel, now));
  if (sent.empty()) return failed(options.person + " has no channel " + options.channel);
  for (const core::Notification& n : sent) {
    const auto posted = (*store)->post({n.id, n.channel + " test", n.at, core::encode(n)});
    if (!posted) return failed(posted.error().message);
  }
  return await_all(**store, sent) ? 0 : 1;
}

}  // namespace engine
