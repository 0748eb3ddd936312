#include "alerting/courier.h"

#include <algorithm>
#include <map>
#include <optional>

#include "alerting/channel_secrets.h"
#include "alerting/channels/answer.h"
#include "alerting/courier_state.h"
#include "alerting/http.h"
#include "core/check.h"
#include "core/hash.h"
#include "core/log.h"

namespace alerting {

namespace {

using core::Code;

constexpr size_t kPendingMax = 4'096;  // notifications looked at in one pass
constexpr size_t kRoundsMax = 32;      // rounds of one pass, so that news is read in between
constexpr size_t kCrowd = 1'024;       // so many that wait are not read again for kCrowdPause
constexpr core::Millis kCrowdPause{1'000};

}  // namespace

Courier::Courier(core::Store& store, core::Clock& clock, Transport& transport, CourierSpec spec)
    : state_(std::make_unique<State>(store, clock, transport, std::move(spec))) {
  INVARIANT(state_->spec.print && state_->spec.conclude);
  INVARIANT(!state_->spec.policy || state_->spec.hold);
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
  if (const auto done = state_->tidy(*queue); !done) return done.error();
  size_t attempts = 0;
  for (size_t i = 0; i < kRoundsMax; ++i) {
    bool progress = false;
    const core::Result<size_t> made = state_->round(*queue, progress);
    if (!made) return made.error();
    attempts += *made;
    if (!progress) break;
  }
  state_->raise_alarms();
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
    target.caps = target.channel->caps(destination);
    if (const auto checked = target.channel->check(destination); !checked)
      target.broken = checked.error().message;
    if (!target.caps.local) {
      const std::string credential = destination.kind + '\n' + destination.url;
      std::vector<Bucket> buckets = target.caps.further_buckets;
      buckets.insert(buckets.begin(), target.caps.bucket);
      target.road = &roads.try_emplace(credential, buckets, clock.wall()).first->second;
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
  // A full page may hide an escalation, and a storm is seen only when it is seen whole.
  if (pending->size() >= limit && limit < kPendingMax) {
    limit = kPendingMax;
    pending = store.pending(limit);
    if (!pending) return pending.error();
  }
  if (pending->size() < spec.batch) limit = std::max<size_t>(spec.batch, 1);
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
    if (may_wait(*w, *target, now)) continue;
    if (target->caps.local) {
      trouble = print(*w, *target);
      ++made;
    } else {
      const bool used = std::ranges::any_of(
          attempts, [target](const Attempt& a) { return a.target->road == target->road; });
      if (used || attempts.size() == kParallelMax || !target->road->open(now, w->lane)) continue;
      if (target->caps.sessions && target->session.until <= now + kSessionMargin) {
        begin_log_in(*target, attempts);
        continue;
      }
      Road* person = person_road(*target, w->notification);
      if (person != nullptr && !person->open(now, w->lane)) continue;
      const auto card = card_for(*w, *target);
      if (!card) trouble = card.error();
      if (!trouble) break;
      const bool hurry = w->lane < Lane::Updated;  // something urgent waits behind it
      if (*card && !hurry && now < (*card)->changed_at + kCardPause) continue;
      trouble = begin(*w, *target, *card, attempts);
      if (trouble && person != nullptr) person->spend(now);
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

// The way to one person by this credential, where the vendor counts by person.
Road* Courier::State::person_road(Target& target, const core::Notification& n) {
  if (target.caps.person_buckets.empty()) return nullptr;
  const std::string key = target.destination.kind + '\n' + target.destination.url + '\n' + n.person;
  return &person_roads.try_emplace(key, target.caps.person_buckets, started).first->second;
}

// A change of figures waits for a better one.
bool Courier::State::may_wait(const Waiting& w, const Target& target, Time now) const {
  if (target.caps.local || w.state.attempts > 0) return false;
  if (w.notification.cause != core::Cause::Updated) return false;
  const auto first = seen.find(w.item.id);
  return first != seen.end() && now - first->second < kDebounce;
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
  } else if (w.lane == Lane::Urgent &&  // itself, or what waits behind it
             target->road->rest_until() > now + kPatience && spec.has_other_way &&
             spec.has_other_way(w.notification)) {
    why = "the destination rests, another way is quicker";
  } else if (!target->caps.idempotent && w.note.maybe_posted >= maybe_posted_max(w)) {
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

core::Result<core::Unit> Courier::State::print(Waiting& w, Target& target) {
  const Rendered r =
      target.channel->render(w.notification, extras_of(w, target), target.destination,
                             {spec.zone_offset_minutes, Degrade::Full,
                              /*resend=*/false});
  spec.print(w.notification, r.text);
  ++w.state.attempts;
  return conclude(w, Delivery::Delivered, "delivered", "printed");
}

Extras Courier::State::extras_of(const Waiting& w, const Target& target) const {
  Extras extras;
  if (spec.extras) extras = spec.extras(w.notification, target.destination);
  const auto digest = digests.find(w.item.id);
  if (digest != digests.end())
    for (const Waiting* member : digest->second) extras.digest.push_back(member->notification);
  return extras;
}

void Courier::State::begin_log_in(Target& target, std::vector<Attempt>& out) {
  Attempt a;
  a.target = &target;
  a.request = target.channel->log_in(target.destination);
  out.push_back(std::move(a));
}

core::Result<core::Unit> Courier::State::begin(Waiting& w, Target& target, std::optional<Card> card,
                                               std::vector<Attempt>& out) {
  const Time now = clock.wall();
  Attempt a;
  a.waiting = &w;
  a.target = &target;
  a.rendered =
      target.channel->render(w.notification, extras_of(w, target), target.destination,
                             {spec.zone_offset_minutes, w.note.level, w.note.maybe_posted > 0});
  if (a.rendered.level != Degrade::Full) ++counters.degraded;
  std::optional<HttpRequest> change;
  if (card)
    change = target.channel->prepare_update(card->handle, a.rendered, target.destination,
                                            w.notification, now, target.session);
  if (change) {
    a.request = std::move(*change);
    a.card = std::move(card);
  } else {
    a.request = target.channel->prepare(a.rendered, target.destination, w.notification, now,
                                        target.session);
  }
  const core::Millis pause = target.caps.idempotent ? core::Millis(0) : resend_after(w);
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
    if (attempts[i].waiting == nullptr) {
      learn_session(*attempts[i].target, answers[i]);
      continue;
    }
    const auto learnt = learn(attempts[i], std::move(answers[i]));
    if (!learnt && first_trouble) first_trouble = learnt;
  }
  return first_trouble;
}

std::vector<TransportResult> Transport::send_all(const std::vector<Parcel>& parcels) {
  std::vector<TransportResult> results;
  for (const Parcel& parcel : parcels) results.push_back(send(*parcel.request, *parcel.to));
  return results;
}

bool has_other_way(const core::Policy& policy, const core::Notification& n) {
  const auto person = policy.people.find(n.person);
  if (person == policy.people.end() || n.cause == core::Cause::Action) return false;
  const std::vector<std::string>& channels = person->second.channels;
  const auto here = std::ranges::find(channels, n.channel);
  return here != channels.end() && here + 1 != channels.end();
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
