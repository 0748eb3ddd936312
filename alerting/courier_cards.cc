#include "alerting/courier_cards.h"

#include <algorithm>

#include "alerting/courier_state.h"
#include "core/bytes.h"
#include "core/hash.h"

namespace alerting {

namespace {

constexpr uint64_t kLayout = 1;
const char* const kShelf = "handles";

std::string key_of(const core::Notification& n) {
  return n.channel + "/" + n.incident.incident + "/" + n.person;
}

// What may be changed afterwards is about an incident and to a person.
bool has_card(const core::Notification& n) {
  return !n.incident.incident.empty() && n.cause != core::Cause::Action &&
         n.cause != core::Cause::Test;
}

}  // namespace

core::Result<std::optional<Card>> find_card(core::Store& store, const core::Notification& n,
                                            Time at) {
  const auto slot = store.find(kShelf, key_of(n));
  if (!slot) return slot.error();
  if (!*slot) return std::optional<Card>();
  core::ByteReader in((*slot)->value);
  const uint64_t layout = in.u64();
  Card card;
  card.handle.until = in.time();
  card.changed_at = in.time();
  card.handle.text = in.str();
  if (!in.ok() || layout != kLayout || at >= card.handle.until) return std::optional<Card>();
  return std::optional(card);
}

core::Result<core::Unit> keep_card(core::Store& store, const core::Notification& n,
                                   const Card& card) {
  core::ByteWriter out;
  out.u64(kLayout);
  out.time(card.handle.until);
  out.time(card.changed_at);
  out.str(card.handle.text);
  return store.keep({kShelf, key_of(n), out.take(), card.handle.until});
}

core::Result<core::Unit> drop_card(core::Store& store, const core::Notification& n) {
  return store.drop(kShelf, key_of(n));
}

// The card that `w` changes, nullopt when it is a message of its own.
core::Result<std::optional<Card>> Courier::State::card_for(const Waiting& w, const Target& target) {
  const core::Notification& n = w.notification;
  if (!target.caps.edits || n.cause != core::Cause::Updated || digests.contains(w.item.id))
    return std::optional<Card>();
  return find_card(store, n, clock.wall());
}

// A new message has its proof: what it can be changed with is kept, until all is over.
core::Result<core::Unit> Courier::State::remember_card(const Attempt& attempt,
                                                       const SendResult& result) {
  const core::Notification& n = attempt.waiting->notification;
  if (!attempt.target->caps.edits || !has_card(n)) return core::Unit{};
  if (n.cause == core::Cause::AllClear) return drop_card(store, n);
  if (!result.handle) return core::Unit{};
  const Time now = clock.wall();
  Card card{*result.handle, now};
  const core::Millis life = result.handle_life.count() > 0 ? result.handle_life : kCardLife;
  card.handle.until = std::min(card.handle.until, now + std::min(life, kCardLife));
  return keep_card(store, n, card);
}

// What came of changing a card. False: the answer says nothing about the card, and what it says is
// dealt with as for a message.
core::Result<bool> Courier::State::learn_change(Attempt& attempt, const SendResult& result,
                                                bool answered) {
  Waiting& w = *attempt.waiting;
  const core::Notification& n = w.notification;
  const Time now = clock.wall();
  if (result.outcome == Outcome::RefreshSession || result.outcome == Outcome::RetryDestination ||
      result.outcome == Outcome::DeadDestination)
    return false;
  if (result.outcome == Outcome::Delivered && result.unreached.empty()) {
    attempt.target->road->fine();
    ++counters.edited;
    const auto done =
        conclude(w, Delivery::Delivered, "delivered", "changed in place, " + result.vendor_answer);
    if (!done) return done.error();
    if (result.handle) {
      if (const auto kept = remember_card(attempt, result); !kept) return kept.error();
    } else if (attempt.target->caps.handle_once) {
      if (const auto gone = drop_card(store, n); !gone) return gone.error();
    } else {
      attempt.card->changed_at = now;
      if (const auto kept = keep_card(store, n, *attempt.card); !kept) return kept.error();
    }
    return true;
  }
  // The card is lost to us, and a new message is no copy of it.
  ++counters.edits_failed;
  if (!answered) attempt.target->road->trouble(now, core::hash64(w.item.id));
  if (const auto gone = drop_card(store, n); !gone) return gone.error();
  const auto waits = wait(w, "the card cannot be changed, " + result.vendor_answer, now);
  if (!waits) return waits.error();
  return true;
}

}  // namespace alerting
