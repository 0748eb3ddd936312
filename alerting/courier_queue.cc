#include "alerting/courier_queue.h"

#include <algorithm>
#include <tuple>

namespace alerting {

Lane lane_of(core::Cause cause) {
  switch (cause) {
    case core::Cause::Escalated:
    case core::Cause::Reminder:
    case core::Cause::Decided:
    case core::Cause::Approval:
    case core::Cause::Action:
    case core::Cause::ActionLate:
    case core::Cause::Alarm:
      return Lane::Urgent;
    case core::Cause::Opened:
    case core::Cause::Reopened:
    case core::Cause::Consulted:
      return Lane::Opened;
    case core::Cause::Updated:
    case core::Cause::AllClear:
    case core::Cause::Test:
      return Lane::Updated;
    case core::Cause::Briefing:
    case core::Cause::Review:
      break;
  }
  return Lane::Digest;
}

Queue::Queue(std::vector<std::pair<core::OutboxItem, core::OutboxState>> pending) {
  waiting_.reserve(pending.size());
  for (auto& [item, state] : pending) {
    Waiting& w = waiting_.emplace_back();
    w.item = std::move(item);
    w.state = std::move(state);
    w.note = note_of(w.state.vendor_answer);
    if (w.state.delivery == core::Delivery::Unknown)
      w.note.maybe_posted = std::max(w.note.maybe_posted, 1U);
    w.readable = core::decode(w.item.bytes, w.notification);
    if (w.readable) w.lane = lane_of(w.notification.cause);
  }
  std::ranges::sort(waiting_, [](const Waiting& a, const Waiting& b) {
    return std::tie(a.item.group, a.item.at, a.item.id) <
           std::tie(b.item.group, b.item.at, b.item.id);
  });
  for (size_t begin = 0, end = 0; begin < waiting_.size(); begin = end) {
    Lane most = Lane::Digest;
    for (; end < waiting_.size() && waiting_[end].item.group == waiting_[begin].item.group; ++end)
      most = std::min(most, waiting_[end].lane);
    for (size_t i = begin; i < end; ++i) waiting_[i].lane = most;
  }
}

std::vector<Waiting*> Queue::heads() {
  std::vector<Waiting*> first;
  for (Waiting& w : waiting_) {
    const bool next_group = first.empty() || first.back()->item.group != w.item.group;
    if (!w.done && !w.parked && next_group) first.push_back(&w);
  }
  std::ranges::sort(first, [](const Waiting* a, const Waiting* b) {
    return std::tie(a->lane, a->item.at, a->item.id) < std::tie(b->lane, b->item.at, b->item.id);
  });
  return first;
}

}  // namespace alerting
