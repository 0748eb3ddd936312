#pragma once
// The outbox as the courier sees it during one pass: what waits, and who is first. Of a group
// (destination + incident) only the oldest may be sent; a group is as urgent as the most urgent
// message in it, because an escalation that waits behind an opening is the opening's hurry too.
#include <cstdint>
#include <string>
#include <vector>

#include "alerting/courier_note.h"
#include "alerting/courier_road.h"
#include "core/notification.h"
#include "core/store.h"

namespace alerting {

Lane lane_of(core::Cause cause);

struct Waiting {
  core::OutboxItem item;
  core::OutboxState state;
  core::Notification notification;
  AttemptNote note;
  bool readable = false;     // `notification` could be decoded
  Lane lane = Lane::Urgent;  // of its group
  bool done = false;         // concluded in this pass
  bool parked = false;       // goes with a digest, or is held back
  bool released = false;     // was held back until this pass
};

class Queue {
 public:
  explicit Queue(std::vector<std::pair<core::OutboxItem, core::OutboxState>> pending);

  // The first not-done message of each group, most urgent first, then oldest, then by id. Valid
  // until the Queue goes; no two are of one group.
  std::vector<Waiting*> heads();
  std::vector<Waiting>& all() { return waiting_; }

 private:
  std::vector<Waiting> waiting_;  // by group, then at, then id
};

}  // namespace alerting
