#pragma once
// Record: what travels from a lane to a shard. Time is data: whatever changes a shard's state is
// one of these.
#include <memory>
#include <string>
#include <variant>

#include "core/event.h"
#include "core/signal.h"

namespace core {

// A point of a stream from which it can be read again: every event accepted before it is at most as
// new as `newest`, so a shard that has drained beyond `newest` needs nothing from before this
// point.
struct RestartPoint {
  Time newest{};
  std::string state;  // engine/stream.h
};

// "Nothing older than `at` will come from this stream." Always whole seconds, except the last one.
struct Mark {
  Time at{};
  bool ended = false;  // nothing at all will come; `at` is the latest time the stream knows
  std::shared_ptr<const RestartPoint> restart;  // the newest one passed so far, or null
};

struct ActRecord {  // a command or outcome, told to every shard: the one that knows the incident
                    // takes it
  Time at{};
  uint64_t sequence = 0;  // of the journal; 0 for acts that came as events
  Kind kind = Kind::Command;
  std::string id;  // event id
  Act act;
};

// People's and delivery deadlines stand still while sources catch up (DESIGN 11.2).
struct Hold {
  Time at{};
  uint64_t sequence = 0;
  bool held = false;  // false: caught up, deadlines begin at `at`
};

// A message was taken back by its author; told to every shard: the one that has it as evidence
// marks it.
struct Recall {
  Time at{};
  std::string id;     // event id of the recall
  std::string event;  // event id of what was taken back
};

struct Record {
  uint32_t stream = 0;
  std::variant<Signal, Mark, ActRecord, Hold, Recall> what;
};

}  // namespace core
