// What came of an attempt, and what follows from it.
#include <algorithm>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"
#include "alerting/courier_state.h"
#include "core/hash.h"
#include "core/log.h"

namespace alerting {

namespace {

constexpr uint32_t kSessionTriesMax = 2;

}  // namespace

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
  } else if (delivery == Delivery::Accepted) {
    ++counters.accepted;
  } else if (delivery == Delivery::Suppressed) {
    ++counters.superseded;
  } else {
    ++counters.dead;
    core::log(core::LogLevel::Warning,
              "courier: notification " + c.id + " " + c.act.what + ": " + c.state.vendor_answer);
  }
  const auto kept = spec.conclude(c.id, c.state, c.act);
  if (!kept) unfinished.push_back(std::move(c));
  if (!kept) return kept;
  return share(w, delivery, what, answer);
}

core::Result<core::Unit> Courier::State::learn(Attempt& attempt, TransportResult answer) {
  Waiting& w = *attempt.waiting;
  Target& target = *attempt.target;
  // Redacted with the session's token too: some vendors repeat the URL in their words.
  if (!target.session.token.empty())
    for (std::string* text : {&answer.body, &answer.error})
      for (size_t at = text->find(target.session.token); at != std::string::npos;
           at = text->find(target.session.token))
        text->replace(at, target.session.token.size(), "***");
  answer.body = redacted(std::move(answer.body), target.destination);
  answer.error = redacted(std::move(answer.error), target.destination);
  const SendResult result = target.channel->classify(answer);
  if (result.alarm) {
    ++counters.alarms;
    core::log(core::LogLevel::Error, "courier: channel " + target.destination.id +
                                         ", a person must look: " + result.vendor_answer);
  }
  const Time now = clock.wall();
  target.trouble = result.vendor_answer;
  const bool answered = answer.how == TransportResult::How::Answered;
  if (attempt.card) {
    const auto learnt = learn_change(attempt, result, answered);
    if (!learnt) return learnt.error();
    if (*learnt) return core::Unit{};
  }
  if (result.outcome == Outcome::Unknown) {
    ++counters.unknown;
    ++w.note.maybe_posted;
  }
  switch (result.outcome) {
    case Outcome::Accepted:
      target.road->fine();
      return conclude(w, Delivery::Accepted, "accepted", result.vendor_answer);
    case Outcome::Delivered: {
      target.road->fine();
      if (!result.unreached.empty())
        return conclude(w, Delivery::Dead, "refused", "left out by the vendor");
      const int level = static_cast<int>(attempt.rendered.level);
      const auto kept = conclude(
          w, Delivery::Delivered, "delivered",
          result.vendor_answer + (level > 0 ? ", shortened to L" + std::to_string(level) : ""));
      return kept ? remember_card(attempt, result) : kept;
    }
    case Outcome::DeadDestination:
      target.road->strike(now, result.strikes);
      if (!target.road->dead(now)) break;
      [[fallthrough]];
    case Outcome::DeadMessage:
      return conclude(w, Delivery::Dead, w.note.maybe_posted > 0 ? "unknown" : "refused",
                      result.vendor_answer);
    case Outcome::RetryMessage:
    case Outcome::RetryDestination:
    case Outcome::FixContent:
    case Outcome::RefreshSession:
    case Outcome::Unknown:
      break;
  }
  return try_again(attempt, result, answered);
}

void Courier::State::learn_session(Target& target, const TransportResult& answer) {
  const Time now = clock.wall();
  SendResult why;
  if (const auto session = target.channel->logged_in(answer, now, why)) {
    target.session = *session;
    target.road->fine();
    return;
  }
  const std::string words = redacted(why.vendor_answer, target.destination);
  target.trouble = words;
  core::log(core::LogLevel::Warning,
            "courier: channel " + target.destination.id + " cannot log in: " + words);
  if (why.outcome == Outcome::DeadDestination)
    target.road->strike(now, why.strikes);
  else if (why.retry_after.count() > 0)
    target.road->rest(now, now + why.retry_after);
  if (!target.road->resting(now)) target.road->trouble(now, core::hash64(target.destination.id));
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
    if (result.sanitise) w.note.level = std::max(w.note.level, Degrade::NoQuotes);
    next = now;
  } else if (result.outcome == Outcome::RetryDestination) {
    if (result.retry_after.count() > 0)
      road.rest(
          now, now + result.retry_after + back_off(seed, w.state.attempts, kRetryBase, kRetryBase));
    else
      road.trouble(now, seed);
    next = road.rest_until();
  } else if (result.outcome == Outcome::Unknown && !caps.idempotent) {
    next = now + resend_after(w);
  } else if (result.outcome == Outcome::RefreshSession) {
    attempt.target->session = {};
    if (++w.note.busy > kSessionTriesMax) return refuse();
    next = now;
  } else if (result.prepare_again) {
    if (++w.note.busy > 1) return refuse();
    next = now;
  } else if (result.retries_max > 0 && ++w.note.busy > result.retries_max) {
    return refuse();
  }
  return wait(w, result.vendor_answer, next);
}

core::Result<core::Unit> Courier::State::wait(Waiting& w, std::string_view answer, Time next_try) {
  w.state = waiting(w.state, w.note, answer, next_try);
  return store.settle(w.item.id, w.state);
}

}  // namespace alerting
