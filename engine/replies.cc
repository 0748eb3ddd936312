#include "engine/replies.h"

#include <algorithm>
#include <tuple>

#include "core/hash.h"

namespace engine {

namespace {

using core::SubjectSource;
using core::Time;

constexpr size_t kListAtOnce = 500;
constexpr SubjectSource kSources[] = {SubjectSource::Reply, SubjectSource::Forward,
                                      SubjectSource::Root};

uint64_t hash_or_none(const std::string& id) { return id.empty() ? 0 : core::hash64(id); }

uint64_t key_of(uint32_t stream, uint64_t channel, uint64_t message) {
  return core::hash_mix(core::hash_mix(message, channel), stream);
}

bool refers(const core::Event& event) {
  return !event.reply_to.empty() || !event.forward_of.empty() || !event.root.empty();
}

// Of two messages with one id the older one is meant; what is told twice at one moment is the same
// message, or else one of them, whichever came first.
bool comes_before(const NamedMessage& a, const NamedMessage& b) {
  if (a.at != b.at) return a.at < b.at;
  if (a.depth != b.depth) return a.depth < b.depth;
  return a.families != b.families && to_bytes(*a.families) < to_bytes(*b.families);
}

}  // namespace

core::Result<core::Unit> Replies::start(Keeping keeping) {
  keeping_ = std::move(keeping);
  streams_.resize(keeping_.streams.size());
  if (keeping_.store == nullptr) return core::Unit{};
  std::vector<std::pair<uint32_t, NamedMessage>> named;
  std::string after;
  for (;;) {
    const auto slots = keeping_.store->list(kShelf, after, kListAtOnce);
    if (!slots) return slots.error();
    for (const core::Slot& slot : *slots)
      if (const auto loaded = load(slot, named); !loaded) return loaded.error();
    if (slots->size() < kListAtOnce) break;
    after = slots->back().key;
  }
  std::ranges::stable_sort(named, {}, [](const auto& n) { return n.second.at; });
  std::ranges::stable_sort(kept_, {}, &Kept::newest);
  for (const auto& [stream, message] : named) remember(stream, message);
  return core::Unit{};
}

// What this lane's channels need of it; another number of lanes may have kept it.
core::Result<core::Unit> Replies::load(const core::Slot& slot,
                                       std::vector<std::pair<uint32_t, NamedMessage>>& named) {
  auto chunk = chunk_from(slot.value);
  if (!chunk) return chunk.error();
  const auto name = std::ranges::find(keeping_.streams, chunk->stream);
  if (name == keeping_.streams.end()) return core::Unit{};
  const auto stream = static_cast<uint32_t>(name - keeping_.streams.begin());
  const auto mine = [this](uint64_t channel) { return channel % keeping_.lanes == keeping_.lane; };
  for (NamedMessage& n : chunk->named)
    if (mine(n.channel)) named.emplace_back(stream, std::move(n));
  for (const ReplyingMessage& w : chunk->waiting) {
    if (!mine(w.channel) || waiting_ >= kWaitingMax) continue;
    streams_[stream].waiting.push_back({w, nullptr});
    ++waiting_;
  }
  if (chunk->lane != keeping_.lane || chunk->lanes != keeping_.lanes) return core::Unit{};
  kept_.push_back({slot.key, chunk->named.size(), slot.expires - kReach});
  kept_named_ += chunk->named.size();
  return core::Unit{};
}

Replies::Stream& Replies::stream(uint32_t id) {
  if (id >= streams_.size()) streams_.resize(id + 1);
  return streams_[id];
}

void Replies::take(const core::Event& event, uint32_t id, std::vector<core::Signal>& signals,
                   size_t first) {
  if (first == signals.size() && !refers(event)) return;  // nearly all
  if (event.channel_id.empty()) return;
  InheritedFamilies families;
  for (size_t i = first; i < signals.size(); ++i)
    if (signals[i].named)
      families.push_back({signals[i].family, signals[i].votes, signals[i].categories});
  if (families.empty()) {
    if (refers(event)) wait(event, id, signals, first);
    return;
  }
  NamedMessage named;
  named.message = core::hash64(event.id);
  named.channel = core::hash64(event.channel_id);
  named.at = event.at;
  named.families = std::make_shared<const InheritedFamilies>(std::move(families));
  if (remember(id, named)) stream(id).fresh.push_back(std::move(named));
}

void Replies::wait(const core::Event& event, uint32_t id, std::vector<core::Signal>& signals,
                   size_t first) {
  const bool hit = first < signals.size();
  if (waiting_ >= kWaitingMax || (hit && held_ >= kHeldMax)) return counters_.hasty.add();
  Waiting waiting;
  waiting.reply.message = core::hash64(event.id);
  waiting.reply.channel = core::hash64(event.channel_id);
  waiting.reply.refers = {hash_or_none(event.reply_to), hash_or_none(event.forward_of),
                          hash_or_none(event.root)};
  waiting.reply.at = event.at;
  waiting.reply.published = event.published;
  if (hit) {
    const auto begin = signals.begin() + static_cast<ptrdiff_t>(first);
    waiting.held = std::make_unique<Held>();
    waiting.held->event = event;
    waiting.held->signals.assign(std::make_move_iterator(begin),
                                 std::make_move_iterator(signals.end()));
    signals.resize(first);
    ++held_;
  }
  stream(id).waiting.push_back(std::move(waiting));
  ++waiting_;
}

void Replies::pass(uint32_t id, const core::Mark& mark, const Judge& judge,
                   std::vector<core::Signal>& signals) {
  Stream& s = stream(id);
  s.mark = mark.ended ? core::kTimeMax : mark.at;
  const auto due = std::partition(s.waiting.begin(), s.waiting.end(),
                                  [&s](const Waiting& w) { return w.reply.at >= s.mark; });
  due_.assign(std::make_move_iterator(due), std::make_move_iterator(s.waiting.end()));
  s.waiting.erase(due, s.waiting.end());
  std::ranges::sort(due_, [](const Waiting& a, const Waiting& b) {
    return std::tie(a.reply.at, a.reply.published, a.reply.message) <
           std::tie(b.reply.at, b.reply.published, b.reply.message);
  });
  for (Waiting& waiting : due_) settle(id, waiting, judge, signals);
  due_.clear();
  forget();
  if (mark.restart == nullptr) return;
  gather(id, mark.at);
  drop_old_chunks();
}

const NamedMessage* Replies::find(uint32_t id, const ReplyingMessage& reply,
                                  uint64_t referred) const {
  const auto it = named_.find(key_of(id, reply.channel, referred));
  if (it == named_.end()) return nullptr;
  const NamedMessage& named = it->second;
  const bool usable =
      named.at <= reply.at && reply.at - named.at <= kReach && named.depth < kDepthMax;
  return usable ? &named : nullptr;
}

void Replies::settle(uint32_t id, Waiting& waiting, const Judge& judge,
                     std::vector<core::Signal>& signals) {
  --waiting_;
  if (waiting.held != nullptr) --held_;
  const ReplyingMessage& reply = waiting.reply;
  for (size_t i = 0; i < reply.refers.size(); ++i) {
    if (reply.refers[i] == 0) continue;
    const NamedMessage* referred = find(id, reply, reply.refers[i]);
    if (referred == nullptr) continue;
    const NamedMessage mine{reply.message, reply.channel, reply.at,
                            static_cast<uint8_t>(referred->depth + 1), referred->families};
    if (waiting.held != nullptr) {
      counters_.inherited.add();
      judge(waiting.held->event, {kSources[i], *mine.families});
    }
    if (remember(id, mine)) stream(id).fresh.push_back(mine);
    return;
  }
  if (waiting.held == nullptr) return;
  counters_.unresolved.add();
  signals.insert(signals.end(), std::make_move_iterator(waiting.held->signals.begin()),
                 std::make_move_iterator(waiting.held->signals.end()));
}

bool Replies::remember(uint32_t id, const NamedMessage& named) {
  const uint64_t key = key_of(id, named.channel, named.message);
  const auto [it, added] = named_.try_emplace(key, named);
  if (!added) {
    if (!comes_before(named, it->second)) return false;
    it->second = named;
  }
  order_.emplace_back(named.at, key);
  while (named_.size() > kNamedMax) {
    const auto oldest = named_.find(order_.front().second);
    if (oldest != named_.end() && oldest->second.at == order_.front().first) {
      named_.erase(oldest);
      counters_.forgotten.add();
    }
    order_.pop_front();
  }
  return true;
}

Time Replies::smallest_mark() const {
  Time smallest = core::kTimeMax;
  for (const Stream& s : streams_) smallest = std::min(smallest, s.mark);
  return smallest;
}

// What no reply can reach any more.
void Replies::forget() {
  const Time mark = smallest_mark();
  if (mark == core::kTimeMin) return;
  while (!order_.empty() && order_.front().first < mark - kReach) {
    const auto oldest = named_.find(order_.front().second);
    if (oldest != named_.end() && oldest->second.at == order_.front().first) named_.erase(oldest);
    order_.pop_front();
  }
}

void Replies::gather(uint32_t id, Time at) {
  Stream& s = stream(id);
  if (keeping_.store == nullptr || (s.fresh.empty() && s.waiting.empty())) return s.fresh.clear();
  ReplyChunk chunk{keeping_.streams[id], keeping_.lane, keeping_.lanes, std::move(s.fresh), {}};
  s.fresh.clear();
  Time newest = at;
  for (const NamedMessage& n : chunk.named) newest = std::max(newest, n.at);
  for (const Waiting& w : s.waiting) {
    newest = std::max(newest, w.reply.at);
    chunk.waiting.push_back(w.reply);
  }
  core::Slot slot{kShelf, {}, to_bytes(chunk), newest + kReach};
  // By content: another process that begins elsewhere cannot overwrite what it does not have.
  slot.key = chunk.stream + "/" + core::hex16(core::hash64(slot.value));
  kept_.push_back({slot.key, chunk.named.size(), newest});
  kept_named_ += chunk.named.size();
  unsaved_.push_back(std::move(slot));
}

bool Replies::save() {
  while (!unsaved_.empty()) {
    const auto kept = keeping_.store->keep(unsaved_.front());
    if (!kept) {
      error_ = kept.error();
      return false;
    }
    unsaved_.pop_front();
  }
  error_.reset();
  return true;
}

// Chunks that nobody will ask for. What cannot be dropped now is dropped by the next call, or when
// it has expired (engine/housekeeping.h).
void Replies::drop_old_chunks() {
  const Time mark = smallest_mark();
  while (!kept_.empty()) {
    const Kept& oldest = kept_.front();
    const bool old = mark != core::kTimeMin && oldest.newest < mark - kKept;
    if (!old && kept_named_ - oldest.named < kNamedMax) return;
    if (!keeping_.store->drop(kShelf, oldest.key)) return;
    kept_named_ -= oldest.named;
    kept_.pop_front();
  }
}

}  // namespace engine
