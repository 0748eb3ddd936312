#pragma once
// What the courier is made of. Private to courier*.cc.
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "alerting/courier.h"
#include "alerting/courier_cards.h"
#include "alerting/courier_hold.h"
#include "alerting/courier_note.h"
#include "alerting/courier_queue.h"
#include "alerting/courier_road.h"

namespace alerting {

using core::Delivery;
using core::Time;

inline constexpr core::Millis kRetryBase{1'000};
// What may have been posted is sent again, marked, where nobody dedupes: so long after (CHANNELS
// 7.6), unless it can wait until the next day's; and so often in all.
inline core::Millis resend_after(const Waiting& w) {
  return core::Millis(w.lane == Lane::Urgent ? 15'000 : 60'000);
}
inline uint32_t maybe_posted_max(const Waiting& w) {
  return lane_of(w.notification.cause) == Lane::Digest ? 1 : 2;
}
// A session is taken anew so long before it ends.
inline constexpr core::Millis kSessionMargin{60'000};
// An urgent message does not wait for a road that rests longer, when the person has another way.
inline constexpr core::Millis kPatience{30'000};
// A change of figures waits so long for the next one, which says the same better.
inline constexpr core::Millis kDebounce{10'000};
// More messages to one person by one channel than its pace lets through in a minute, and more than
// these, become one digest: nobody reads a storm, and what asks for an answer must not wait for it.
inline constexpr size_t kGatherOver = 5, kDigestMax = 1'000;

struct Target {
  Destination destination;
  std::unique_ptr<Channel> channel;
  Caps caps;
  Road* road = nullptr;  // null for local ones
  std::string broken;    // what is wrong with its settings
  Session session;       // of channels that log in
  std::string trouble;   // the last answer, redacted
  Time alarmed_at{};     // Time{}: not since it was fine
};

// Nobody has tried it, and nothing stands for it.
inline bool untouched(const Waiting& w) {
  return w.readable && !w.done && !w.parked && w.state.delivery == Delivery::Pending &&
         w.state.attempts == 0;
}

struct Attempt {
  Waiting* waiting = nullptr;  // null: a log-in
  Target* target = nullptr;
  Rendered rendered;
  HttpRequest request;
  std::optional<Card> card;  // is changed; else a new message is sent
};

struct Conclusion {
  std::string id;
  core::OutboxState state;
  core::Act act;
};

struct Courier::State {
  State(core::Store& s, core::Clock& c, Transport& t, CourierSpec sp)
      : store(s),
        clock(c),
        transport(t),
        spec(std::move(sp)),
        limit(std::max<size_t>(spec.batch, 1)),
        started(c.wall()) {}

  core::Store& store;
  core::Clock& clock;
  Transport& transport;
  CourierSpec spec;
  std::map<std::string, Road> roads;         // by kind and URL: the credential
  std::map<std::string, Road> person_roads;  // by credential and the person's id there
  std::map<std::string, std::vector<Waiting*>>
      digests;                                    // of this pass: leader -> what it stands for
  std::map<std::string, Target> targets;          // by channel id
  std::map<std::string, Time, std::less<>> seen;  // pending notifications: when first seen
  std::vector<Conclusion> unfinished;             // known to us and not yet to the store
  KnownIncidents incidents;
  bool incidents_recalled = false;
  CourierCounters counters;
  size_t limit;
  Time started;       // nothing was sent by this process before
  Time read_again{};  // when nothing of a crowd could go

  void open(Destination destination);
  core::Result<core::Unit> finish();
  core::Result<Queue> read();
  core::Result<size_t> round(Queue& queue, bool& progress);
  Target* target_of(const Waiting& w);
  Road* person_road(Target& target, const core::Notification& n);
  core::Result<bool> conclude_hopeless(Waiting& w, Target* target, Time now);
  core::Result<core::Unit> conclude(Waiting& w, Delivery delivery, std::string_view what,
                                    std::string_view answer);
  core::Result<core::Unit> print(Waiting& w, Target& target);
  core::Result<core::Unit> begin(Waiting& w, Target& target, std::optional<Card> card,
                                 std::vector<Attempt>& out);
  void begin_log_in(Target& target, std::vector<Attempt>& out);
  void learn_session(Target& target, const TransportResult& answer);
  Extras extras_of(const Waiting& w, const Target& target) const;
  core::Result<core::Unit> send(std::vector<Attempt>& attempts);
  core::Result<core::Unit> learn(Attempt& attempt, TransportResult answer);
  core::Result<core::Unit> try_again(Attempt& attempt, const SendResult& result, bool sent);
  bool may_wait(const Waiting& w, const Target& target, Time now) const;
  void raise_alarms();  // courier_alarm.cc
  // courier_cards.cc
  core::Result<std::optional<Card>> card_for(const Waiting& w, const Target& target);
  core::Result<core::Unit> remember_card(const Attempt& attempt, const SendResult& result);
  core::Result<bool> learn_change(Attempt& attempt, const SendResult& result, bool answered);
  // courier_hold.cc
  core::Result<core::Unit> hold(Queue& queue);
  core::Result<core::Unit> recall_incidents();
  core::Result<core::Unit> keep_held(Waiting& w, const std::string& why,
                                     const core::Policy& policy);
  core::Result<core::Unit> release(Waiting& w);
  // courier_gather.cc
  core::Result<core::Unit> tidy(Queue& queue);  // before anything of it is sent
  core::Result<core::Unit> rejoin(Queue& queue);
  core::Result<core::Unit> supersede(Queue& queue);
  core::Result<core::Unit> gather(Queue& queue);
  core::Result<core::Unit> gather(std::span<Waiting*> crowd);
  core::Result<core::Unit> share(const Waiting& leader, Delivery delivery, std::string_view what,
                                 std::string_view answer);
  core::Result<core::Unit> wait(Waiting& w, std::string_view answer, Time next_try);
};

}  // namespace alerting
