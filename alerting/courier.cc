#include "alerting/courier.h"

#include <algorithm>
#include <map>
#include <optional>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"
#include "alerting/courier_note.h"
#include "alerting/courier_queue.h"
#include "alerting/courier_road.h"
#include "alerting/http.h"
#include "core/check.h"
#include "core/hash.h"
#include "core/log.h"

namespace alerting {

namespace {

using core::Code;
using core::Delivery;
using core::Time;

constexpr size_t kPendingMax = 4'096;    // notifications looked at in one pass
constexpr size_t kRoundsMax = 32;        // rounds of one pass, so that news is read in between
constexpr uint32_t kMaybePostedMax = 2;  // where nobody dedupes: one doubt, one （重发）
constexpr size_t kCrowd = 1'024;         // so many that wait are not read again for kCrowdPause
constexpr core::Millis kCrowdPause{1'000};
constexpr core::Millis kResendAfter{15'000};
constexpr core::Millis kRetryBase{1'000};

struct Target {
  Destination destination;
  std::unique_ptr<Channel> channel;
  Caps caps;
  Road* road = nullptr;  // null for local ones
  std::string broken;    // what is wrong with its settings
};

struct Conclusion {
  std::string id;
  core::OutboxState state;
  core::Act act;
};

struct Attempt {
  Waiting* waiting = nullptr;
  Target* target = nullptr;
  Rendered rendered;
  HttpRequest request;
};

}  // namespace

struct Courier::State {
  State(core::Store& s, core::Clock& c, Transport& t, CourierSpec sp)
      : store(s),
        clock(c),
        transport(t),
        spec(std::move(sp)),
        limit(std::max<size_t>(spec.batch, 1)) {}

  core::Store& store;
  core::Clock& clock;
  Transport& transport;
  CourierSpec spec;
  std::map<std::string, Road> roads;              // by kind and URL: the credential
  std::map<std::string, Target> targets;          // by channel id
  std::map<std::string, Time, std::less<>> seen;  // pending notifications: when first seen
  std::vector<Conclusion> unfinished;             // known to us and not yet to the store
  CourierCounters counters;
  size_t limit;
  Time read_again{};  // when nothing of a crowd could go

  void open(Destination destination);
  core::Result<core::Unit> finish();
  core::Result<Queue> read();
  core::Result<size_t> round(Queue& queue, bool& progress);
  Target* target_of(const Waiting& w);
  core::Result<bool> conclude_hopeless(Waiting& w, Target* target, Time now);
  core::Result<core::Unit> conclude(Waiting& w, Delivery delivery, std::string_view what,
                                    std::string_view answer);
  core::Result<core::Unit> print(Waiting& w, Target& target);
  core::Result<core::Unit> begin(Waiting& w, Target& target, Time now, std::vector<Attempt>& out);
  core::Result<core::Unit> send(std::vector<Attempt>& attempts);
  core::Result<core::Unit> learn(Attempt& attempt, TransportResult answer);
  core::Result<core::Unit> try_again(Attempt& attempt, const SendResult& result, bool sent);
  core::Result<core::Unit> wait(Waiting& w, std::string_view answer, Time next_try);
};

Courier::Courier(core::Store& store, core::Clock& clock, Transport& transport, CourierSpec spec)
    : state_(std::make_unique<State>(store, clock, transport, std::move(spec))) {
  INVARIANT(state_->spec.print && state_->spec.conclude);
  Destination terminal;
  terminal.id = terminal.kind = "terminal";
  state_->open(std::move(terminal));
  for (const Destination& destination : state_->spec.destinations) state_->open(destination);
}

Courier::~Courier() = default;

const CourierCounters& Courier::counters() const { return state_->counters; }

core::Result<size_t> Courier::step() {
  if (const auto finished = state_->finish(); !finished) return finished.error();
  if (state_->clock.wall() < state_->read_again) return size_t{0};
  core::Result<Queue> queue = state_->read();
  if (!queue) return queue.error();
  size_t attempts = 0;
  for (size_t i = 0; i < kRoundsMax; ++i) {
    bool progress = false;
    const core::Result<size_t> made = state_->round(*queue, progress);
    if (!made) return made.error();
    attempts += *made;
    if (!progress) break;
  }
  if (attempts == 0 && state_->seen.size() >= kCrowd)
    state_->read_again = state_->clock.wall() + kCrowdPause;
  return attempts;
}

void Courier::State::open(Destination destination) {
  Target target;
  target.channel = make_channel(destination.kind);
  if (target.channel == nullptr) {
    target.broken = "there is no channel of kind " + destination.kind;
  } else {
    target.caps = target.channel->caps();
    if (const auto checked = target.channel->check(destination); !checked)
      target.broken = checked.error().message;
    if (!target.caps.local) {
      const std::string credential = destination.kind + '\n' + destination.url;
      target.road = &roads.try_emplace(credential, target.caps.bucket, clock.wall()).first->second;
    }
  }
  const std::string id = destination.id;
  target.destination = std::move(destination);
  targets.insert_or_assign(id, std::move(target));
}

// What is already decided comes first: nothing may be sent again because the store was away.
core::Result<core::Unit> Courier::State::finish() {
  while (!unfinished.empty()) {
    const Conclusion& c = unfinished.front();
    if (const auto kept = spec.conclude(c.id, c.state, c.act); !kept) return kept.error();
    unfinished.erase(unfinished.begin());
  }
  return core::Unit{};
}

core::Result<Queue> Courier::State::read() {
  auto pending = store.pending(limit);
  if (!pending) return pending.error();
  // A full page may hide an escalation behind messages that cannot go yet: look at more next time.
  if (pending->size() >= limit)
    limit = std::min(limit * 2, kPendingMax);
  else if (pending->size() < spec.batch)
    limit = std::max<size_t>(spec.batch, 1);
  std::map<std::string, Time, std::less<>> still;
  const Time now = clock.wall();
  for (const auto& [item, state] : *pending) {
    const auto it = seen.find(item.id);
    still.emplace(item.id, it != seen.end() ? it->second : now);
  }
  seen = std::move(still);
  return Queue(std::move(*pending));
}

// Every group may make one step, and every road one attempt: a receiver that stalls holds up
// nobody but those who wait for the same round.
core::Result<size_t> Courier::State::round(Queue& queue, bool& progress) {
  size_t made = 0;
  core::Result<core::Unit> trouble = core::Unit{};
  std::vector<Attempt> attempts;
  for (Waiting* w : queue.heads()) {
    const Time now = clock.wall();
    Target* target = target_of(*w);
    const core::Result<bool> hopeless = conclude_hopeless(*w, target, now);
    if (!hopeless) trouble = hopeless.error();
    if (!trouble) break;
    if (*hopeless) progress = true;
    if (*hopeless || core::to_ms(now) < w->state.next_try_ms) continue;
    if (target->caps.local) {
      trouble = print(*w, *target);
      ++made;
    } else {
      const bool used = std::ranges::any_of(
          attempts, [target](const Attempt& a) { return a.target->road == target->road; });
      if (used || attempts.size() == kParallelMax || !target->road->open(now, w->lane)) continue;
      trouble = begin(*w, *target, now, attempts);
    }
    progress = true;
    if (!trouble) break;
  }
  // Those that are kept as begun are sent even when the store has failed since.
  made += attempts.size();
  const core::Result<core::Unit> sent = send(attempts);
  if (!trouble) return trouble.error();
  if (!sent) return sent.error();
  return made;
}

Target* Courier::State::target_of(const Waiting& w) {
  const auto it = targets.find(w.notification.channel);
  return w.readable && it != targets.end() ? &it->second : nullptr;
}

// Concludes what no attempt can help; gives whether it did.
core::Result<bool> Courier::State::conclude_hopeless(Waiting& w, Target* target, Time now) {
  std::string why;
  if (!w.readable) {
    why = "the notification cannot be read";
  } else if (target == nullptr) {
    why = "there is no channel " + answer_line(w.notification.channel);
  } else if (!target->broken.empty()) {
    why = target->broken;
  } else if (target->caps.local) {
    return false;
  } else if (target->road->dead(now)) {
    why = "the destination is dead, it is tried again later";
  } else if (!target->caps.idempotent && w.note.maybe_posted >= kMaybePostedMax) {
    why = "it may have been posted " + std::to_string(w.note.maybe_posted) + " times";
  } else {
    if (w.note.since == Time{}) w.note.since = seen.find(w.item.id)->second;
    if (now - w.note.since < target->caps.ttl) return false;
    why = "given up after " + std::to_string(target->caps.ttl.count() / 60'000) + " minutes, " +
          std::string(answer_of(w.state.vendor_answer));
  }
  const std::string_view what = w.note.maybe_posted > 0 ? "unknown" : "refused";
  const auto kept = conclude(w, Delivery::Dead, what, why);
  if (!kept) return kept.error();
  return true;
}

core::Result<core::Unit> Courier::State::conclude(Waiting& w, Delivery delivery,
                                                  std::string_view what, std::string_view answer) {
  w.done = true;
  Conclusion c;
  c.id = w.item.id;
  c.state = {delivery, w.state.attempts, 0, answer_line(answer)};
  c.act.what = what;
  c.act.notification = w.item.id;
  c.act.because = c.state.vendor_answer;
  c.act.door = "courier";
  if (delivery == Delivery::Delivered) {
    ++counters.sent;
  } else {
    ++counters.dead;
    core::log(core::LogLevel::Warning,
              "courier: notification " + c.id + " " + c.act.what + ": " + c.state.vendor_answer);
  }
  const auto kept = spec.conclude(c.id, c.state, c.act);
  if (!kept) unfinished.push_back(std::move(c));
  return kept;
}

core::Result<core::Unit> Courier::State::print(Waiting& w, Target& target) {
  const Rendered r = target.channel->render(w.notification, spec.zone_offset_minutes, Degrade::Full,
                                            /*resend=*/false);
  spec.print(w.notification, r.text);
  ++w.state.attempts;
  return conclude(w, Delivery::Delivered, "delivered", "printed");
}

core::Result<core::Unit> Courier::State::begin(Waiting& w, Target& target, Time now,
                                               std::vector<Attempt>& out) {
  Attempt a;
  a.waiting = &w;
  a.target = &target;
  a.rendered = target.channel->render(w.notification, spec.zone_offset_minutes, w.note.level,
                                      w.note.maybe_posted > 0);
  if (a.rendered.level != Degrade::Full) ++counters.degraded;
  a.request = target.channel->prepare(a.rendered, target.destination, w.notification, now);
  const core::Millis pause = target.caps.idempotent ? core::Millis(0) : kResendAfter;
  const core::OutboxState kept = begun(w.state, w.note, now + pause);
  if (const auto settled = store.settle(w.item.id, kept); !settled) return settled.error();
  if (w.state.attempts > 0) ++counters.retried;
  w.state = kept;
  target.road->spend(now);
  out.push_back(std::move(a));
  return core::Unit{};
}

core::Result<core::Unit> Courier::State::send(std::vector<Attempt>& attempts) {
  if (attempts.empty()) return core::Unit{};
  std::vector<Parcel> parcels;
  for (const Attempt& a : attempts) parcels.push_back({&a.request, &a.target->destination});
  std::vector<TransportResult> answers = transport.send_all(parcels);
  INVARIANT(answers.size() == attempts.size());
  core::Result<core::Unit> first_trouble = core::Unit{};
  for (size_t i = 0; i < attempts.size(); ++i) {
    const auto learnt = learn(attempts[i], std::move(answers[i]));
    if (!learnt && first_trouble) first_trouble = learnt;
  }
  return first_trouble;
}

core::Result<core::Unit> Courier::State::learn(Attempt& attempt, TransportResult answer) {
  Waiting& w = *attempt.waiting;
  const Target& target = *attempt.target;
  answer.body = redacted(std::move(answer.body), target.destination);
  answer.error = redacted(std::move(answer.error), target.destination);
  const SendResult result = target.channel->classify(answer);
  if (result.alarm) {
    ++counters.alarms;
    core::log(core::LogLevel::Error, "courier: channel " + target.destination.id +
                                         ", a person must look: " + result.vendor_answer);
  }
  const Time now = clock.wall();
  if (result.outcome == Outcome::Unknown) {
    ++counters.unknown;
    ++w.note.maybe_posted;
  }
  switch (result.outcome) {
    case Outcome::Delivered: {
      target.road->fine();
      const int level = static_cast<int>(attempt.rendered.level);
      return conclude(
          w, Delivery::Delivered, "delivered",
          result.vendor_answer + (level > 0 ? ", shortened to L" + std::to_string(level) : ""));
    }
    case Outcome::DeadDestination:
      target.road->strike(now, result.strikes);
      if (!target.road->dead(now)) break;
      core::log(core::LogLevel::Error,
                "courier: channel " + target.destination.id + " is dead: " + result.vendor_answer);
      [[fallthrough]];
    case Outcome::DeadMessage:
      return conclude(w, Delivery::Dead, w.note.maybe_posted > 0 ? "unknown" : "refused",
                      result.vendor_answer);
    case Outcome::RetryMessage:
    case Outcome::RetryDestination:
    case Outcome::FixContent:
    case Outcome::Unknown:
      break;
  }
  return try_again(attempt, result, answer.how == TransportResult::How::Answered);
}

core::Result<core::Unit> Courier::State::try_again(Attempt& attempt, const SendResult& result,
                                                   bool answered) {
  Waiting& w = *attempt.waiting;
  Road& road = *attempt.target->road;
  const Caps& caps = attempt.target->caps;
  const uint64_t seed = core::hash64(w.item.id);
  const Time now = clock.wall();
  if (!answered) road.trouble(now, seed);
  Time next = now + back_off(seed, w.state.attempts, kRetryBase, caps.retry_max);
  const auto refuse = [&] {
    return conclude(w, Delivery::Dead, w.note.maybe_posted > 0 ? "unknown" : "refused",
                    result.vendor_answer);
  };
  if (result.outcome == Outcome::FixContent) {
    if (attempt.rendered.level == Degrade::Neutral) return refuse();
    w.note.level = static_cast<Degrade>(static_cast<int>(attempt.rendered.level) + 1);
    next = now;
  } else if (result.outcome == Outcome::RetryDestination) {
    if (result.retry_after.count() > 0)
      road.rest(now + result.retry_after +
                back_off(seed, w.state.attempts, kRetryBase, kRetryBase));
    else
      road.trouble(now, seed);
    next = road.rest_until();
  } else if (result.outcome == Outcome::Unknown && !caps.idempotent) {
    next = now + kResendAfter;
  } else if (result.retries_max > 0 && ++w.note.busy > result.retries_max) {
    return refuse();
  }
  return wait(w, result.vendor_answer, next);
}

core::Result<core::Unit> Courier::State::wait(Waiting& w, std::string_view answer, Time next_try) {
  w.state = waiting(w.state, w.note, answer, next_try);
  return store.settle(w.item.id, w.state);
}

std::vector<TransportResult> Transport::send_all(const std::vector<Parcel>& parcels) {
  std::vector<TransportResult> results;
  for (const Parcel& parcel : parcels) results.push_back(send(*parcel.request, *parcel.to));
  return results;
}

core::Result<core::Unit> check_destinations(const std::vector<Destination>& destinations) {
  for (const Destination& d : destinations) {
    const std::unique_ptr<Channel> channel = make_channel(d.kind);
    if (channel == nullptr)
      return core::Error{Code::BadSettings, "channel " + d.id + ": there is no kind " + d.kind};
    if (const auto checked = channel->check(d); !checked) return checked.error();
  }
  return core::Unit{};
}

}  // namespace alerting
