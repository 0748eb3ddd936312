// What need not be told one by one: changes that a later one says better, and storms. A thousand
// incidents in a minute give a person one message that counts them, and the rest of the vendor's
// pace stays free for what asks for an answer. What was held back is told in one.
#include <algorithm>
#include <set>

#include "alerting/courier_state.h"

namespace alerting {

namespace {

constexpr std::string_view kGathered = "gathered into ";

// "gathered into <id> of <incident>": kept with each message before its digest is sent.
std::string gathered_into(const Waiting& leader) {
  return std::string(kGathered) + leader.item.id + " of " + leader.notification.incident.incident;
}

std::string leader_of(const Waiting& w) {
  const std::string& answer = w.state.vendor_answer;
  if (!answer.starts_with(kGathered)) return "";
  const size_t end = answer.find(" of ", kGathered.size());
  return answer.substr(kGathered.size(), end - kGathered.size());
}

std::string incident_of_leader(const Waiting& w) {
  const size_t of = w.state.vendor_answer.find(" of ");
  return of == std::string::npos ? "" : w.state.vendor_answer.substr(of + 4);
}

// How many may wait at once before they become a digest.
size_t gather_over(const Caps& caps) {
  constexpr int64_t kMinuteMs = 60'000;
  const Bucket& bucket = caps.bucket;
  if (bucket.count == 0) return kDigestMax;
  const int64_t a_minute = bucket.count * kMinuteMs / std::max<int64_t>(1, bucket.window.count());
  return std::max(kGatherOver, static_cast<size_t>(a_minute * 3 / 4));
}

bool gravest_first(const Waiting* a, const Waiting* b) {
  if (a->notification.incident.level != b->notification.incident.level)
    return a->notification.incident.level > b->notification.incident.level;
  return std::tie(a->item.at, a->item.id) < std::tie(b->item.at, b->item.id);
}

}  // namespace

// In this order: a message that a digest already stands behind is not overtaken any more.
core::Result<core::Unit> Courier::State::tidy(Queue& queue) {
  digests.clear();  // of the pass before: its messages are gone
  if (const auto joined = rejoin(queue); !joined) return joined;
  if (const auto done = hold(queue); !done) return done;
  if (const auto done = supersede(queue); !done) return done;
  return gather(queue);
}

// Those whose digest was begun before: they go with it again, or share what became of it.
core::Result<core::Unit> Courier::State::rejoin(Queue& queue) {
  std::set<std::string> waits;
  for (const Waiting& w : queue.all()) waits.insert(w.item.id);
  for (Waiting& w : queue.all()) {
    const std::string leader = leader_of(w);
    if (leader.empty() || w.done) continue;
    if (waits.contains(leader)) {
      w.parked = true;
      digests[leader].push_back(&w);
      continue;
    }
    const auto rows = store.outbox(incident_of_leader(w));
    if (!rows) return rows.error();
    const auto row =
        std::ranges::find_if(*rows, [&](const auto& r) { return r.first.id == leader; });
    const Delivery became = row != rows->end() ? row->second.delivery : Delivery::Dead;
    const bool delivered = became == Delivery::Delivered || became == Delivery::Accepted;
    const auto kept = conclude(w, delivered ? became : Delivery::Dead,
                               became == Delivery::Delivered  ? "delivered"
                               : became == Delivery::Accepted ? "accepted"
                                                              : "unknown",
                               "in the digest " + leader);
    if (!kept) return kept;
  }
  return core::Unit{};
}

core::Result<core::Unit> Courier::State::supersede(Queue& queue) {
  std::map<std::pair<std::string, std::string>, uint32_t> newest;  // group and person -> revision
  for (const Waiting& w : queue.all())
    if (w.readable) {
      uint32_t& revision = newest[{w.item.group, w.notification.person}];
      revision = std::max(revision, w.notification.incident.revision);
    }
  for (Waiting& w : queue.all()) {
    if (!untouched(w) || w.notification.cause != core::Cause::Updated) continue;
    const uint32_t later = newest.at({w.item.group, w.notification.person});
    if (later <= w.notification.incident.revision || digests.contains(w.item.id)) continue;
    const auto kept =
        conclude(w, Delivery::Suppressed, "suppressed", "superseded by r" + std::to_string(later));
    if (!kept) return kept;
  }
  return core::Unit{};
}

core::Result<core::Unit> Courier::State::gather(Queue& queue) {
  std::map<std::pair<std::string, std::string>, std::vector<Waiting*>> crowds;
  for (Waiting& w : queue.all()) {
    const Target* target = target_of(w);
    if (target == nullptr || !target->caps.digests || !untouched(w)) continue;
    if (lane_of(w.notification.cause) == Lane::Urgent || digests.contains(w.item.id)) continue;
    crowds[{w.notification.channel, w.notification.person}].push_back(&w);
  }
  for (auto& [whom, crowd] : crowds) {
    if (crowd.size() <= gather_over(target_of(*crowd.front())->caps)) {
      std::erase_if(crowd, [](const Waiting* w) { return !w->released; });
      if (crowd.size() < 2) continue;
    }
    std::ranges::sort(crowd, gravest_first);
    for (std::span<Waiting*> rest = crowd; !rest.empty();) {
      const std::span<Waiting*> some = rest.first(std::min(rest.size(), kDigestMax));
      if (const auto kept = gather(some); !kept) return kept;
      rest = rest.subspan(some.size());
    }
  }
  return core::Unit{};
}

// One digest of these, led by the first. Who goes with it is kept before it is sent.
core::Result<core::Unit> Courier::State::gather(std::span<Waiting*> crowd) {
  const Waiting& leader = *crowd.front();
  for (Waiting* w : crowd.subspan(1)) {
    w->state.delivery = Delivery::Retry;
    w->state.vendor_answer = gathered_into(leader);
    if (const auto kept = store.settle(w->item.id, w->state); !kept) return kept;
    w->parked = true;
    digests[leader.item.id].push_back(w);
  }
  return core::Unit{};
}

// What became of a digest became of all that it stands for.
core::Result<core::Unit> Courier::State::share(const Waiting& leader, Delivery delivery,
                                               std::string_view what, std::string_view answer) {
  const auto digest = digests.find(leader.item.id);
  if (digest == digests.end()) return core::Unit{};
  const std::vector<Waiting*> members = std::move(digest->second);
  digests.erase(digest);
  for (Waiting* w : members) {
    if (w->done) continue;
    ++counters.gathered;
    const auto kept = conclude(*w, delivery, what,
                               "in the digest " + leader.item.id + ", " + std::string(answer));
    if (!kept) return kept;
  }
  return core::Unit{};
}

}  // namespace alerting
