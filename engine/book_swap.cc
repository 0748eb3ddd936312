#include "engine/book_swap.h"

#include <algorithm>

#include "core/check.h"
#include "engine/pipeline.h"

namespace engine {

namespace {

using core::Millis;
using core::Time;

constexpr size_t kSamplesMax = 128;

}  // namespace

ReadyBook make_ready(std::shared_ptr<const rules::Book> book, size_t lanes) {
  ReadyBook ready{std::move(book), {}};
  for (size_t i = 0; i < lanes; ++i) ready.judges.push_back(rules::make_judge(ready.book));
  return ready;
}

SwapPlaces places_of(Pipeline& pipeline) {
  SwapPlaces places{pipeline.ceiling(),
                    {},
                    pipeline.policies(),
                    [&pipeline] { return pipeline.newest(); },
                    [&pipeline] { return pipeline.drained(); }};
  for (size_t i = 0; i < pipeline.lanes().size(); ++i)
    places.lanes.push_back({pipeline.lanes()[i].mail(), pipeline.lane_bell(i)});
  return places;
}

BookSwap::BookSwap(SwapPlaces places, core::Store& store, Time last)
    : places_(std::move(places)), store_(store), last_(last) {}

void BookSwap::observe(Millis wall) {
  for (const SwapPlaces::LanePlace& lane : places_.lanes)
    for (DatedJudge gone; lane.mail.outgoing.pop(gone);) gone.judge.reset();
  const Time newest = std::max(places_.newest(), newest_of_lanes());
  if (newest == core::kTimeMin) return;
  samples_.push_back({wall, newest});
  while (samples_.size() > kSamplesMax || samples_.front().wall < wall - kWindow)
    samples_.pop_front();
}

bool BookSwap::may_begin() const {
  return std::ranges::all_of(places_.lanes, [](const SwapPlaces::LanePlace& lane) {
    const size_t waiting = lane.mail.incoming.size();
    return waiting < kJudgesWaitingMax && lane.mail.judges.load() + waiting < kJudgesMax;
  });
}

core::Result<Time> BookSwap::put_in_force(ReadyBook& ready) {
  INVARIANT(ready.judges.size() == places_.lanes.size());
  if (!from_) from_ = choose();
  const auto kept = store_.keep_book(ready.book->hash(), *from_, ready.book->bytes());
  if (!kept && kept.error().code == core::Code::Unavailable) return kept.error();
  if (kept) {
    last_ = *from_;
    places_.policies.forget_before(places_.drained());
    // In this order: whoever sees a later step sees those before it.
    places_.policies.add(last_,
                         std::shared_ptr<const core::Policy>(ready.book, &ready.book->policy()));
    for (size_t i = 0; i < places_.lanes.size(); ++i) {
      DatedJudge one{last_, std::move(ready.judges[i])};
      INVARIANT(places_.lanes[i].mail.incoming.push(one));
    }
  }
  from_.reset();
  places_.ceiling.set(core::kTimeMax);
  ring();
  if (!kept) return kept.error();
  return last_;
}

// With the ceiling there: a lane that saw none has told how far it goes, see ceiling.h.
Time BookSwap::choose() {
  for (Millis margin = ahead();; margin *= 2) {
    const Time known = std::max({places_.newest(), newest_of_lanes(), last_, Time{}});
    places_.ceiling.set(known + margin);
    if (newest_of_lanes() < known + margin) return known + margin;
    ring();
  }
}

Time BookSwap::newest_of_lanes() const {
  int64_t newest = core::to_ms(core::kTimeMin);
  for (const SwapPlaces::LanePlace& lane : places_.lanes)
    newest = std::max(newest, lane.mail.newest.load());
  return core::from_ms(newest);
}

// How far event time goes in kAhead, by what it did in the last second.
Millis BookSwap::ahead() const {
  constexpr Millis kLeast{1};
  if (samples_.size() < 2) return kLeast;
  const Millis wall = samples_.back().wall - samples_.front().wall;
  const Millis went = samples_.back().newest - samples_.front().newest;
  if (wall <= Millis{0}) return kLeast;
  const double ahead = static_cast<double>(went.count()) * static_cast<double>(kAhead.count()) /
                       static_cast<double>(wall.count());
  return std::clamp(
      Millis(static_cast<int64_t>(std::min(ahead, static_cast<double>(kAheadMax.count())))), kLeast,
      kAheadMax);
}

void BookSwap::ring() {
  for (const SwapPlaces::LanePlace& lane : places_.lanes) lane.bell.ring();
}

}  // namespace engine
