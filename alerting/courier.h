#pragma once
// Courier: takes notifications from the store's outbox, sends each by its channel with the vendor's
// own success proof, retries with back-off, fails over by outcome records (CHANNELS 7.4-7.7). One
// thread (engine/) calls step().
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerting/channel.h"
#include "core/clock.h"
#include "core/event.h"
#include "core/notification.h"
#include "core/policy.h"
#include "core/store.h"

namespace alerting {

// One exchange to be made. Borrows; the pointers outlive the call.
struct Parcel {
  const HttpRequest* request = nullptr;
  const Destination* to = nullptr;
};

// The one way out: real HTTP (alerting/http.h), or a test's own.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual TransportResult send(const HttpRequest& request, const Destination& to) = 0;
  // All of them, side by side where the transport can, so that one stalled receiver does not hold
  // up the others. Results in the order of `parcels`.
  virtual std::vector<TransportResult> send_all(const std::vector<Parcel>& parcels);
};
// libcurl with HttpLimits' defaults: connect 3 s, total as the request says, TLS verified, no
// redirects, 64 KiB of answer.
std::unique_ptr<Transport> make_http_transport();

struct CourierSpec {
  std::vector<Destination> destinations;
  int zone_offset_minutes = 480;
  size_t batch = 256;
  // Where terminal messages go: (notification, rendered text).
  std::function<void(const core::Notification&, const std::string&)> print;
  // Settles `id` and journals what was learnt (act.what: delivered accepted refused unknown
  // suppressed) in one transaction, stamped by the command lane. Called once a notification, when
  // its state becomes final.
  std::function<core::Result<core::Unit>(const std::string& id, const core::OutboxState& state,
                                         const core::Act& act)>
      conclude;
  // Looked up for each rendering: links, similar cases. May be empty.
  std::function<Extras(const core::Notification&, const Destination&)> extras;
  // The Policy in force, for as long as one step() takes; mute times and inhibitions are obeyed
  // when there is one (courier_hold.h).
  std::function<const core::Policy*()> policy;
  // Keeps `state`, which is not final, and journals that `id` is held back (act.what: suppressed),
  // as `conclude` does. Called once a notification that is held; `conclude` follows later.
  // REQUIRES: given where `policy` is.
  std::function<core::Result<core::Unit>(const std::string& id, const core::OutboxState& state,
                                         const core::Act& act)>
      hold;
  // Told that a destination is dead or takes nothing for ten minutes, once and again an hour later
  // while it fails: its id and a line for people without secrets. May be empty: only logged.
  std::function<void(const std::string& destination, const std::string& line)> alarm;
  // Whether the person can be told by another channel than this notification's. May be empty: no.
  std::function<bool(const core::Notification&)> has_other_way;
};

struct CourierCounters {
  uint64_t sent = 0;           // with proof, or printed
  uint64_t retried = 0;        // attempts after the first of a notification
  uint64_t unknown = 0;        // attempts that may have been posted without proof
  uint64_t dead = 0;           // given up: refused, or unknown to the end
  uint64_t degraded = 0;       // renderings below the full form
  uint64_t accepted = 0;       // taken by vendors who never prove a delivery
  uint64_t gathered = 0;       // told within a digest
  uint64_t superseded = 0;     // concluded as suppressed: something newer was told, or it was over
  uint64_t edited = 0;         // changes of figures shown on the old card
  uint64_t edits_failed = 0;   // cards that could not be changed: a new message followed
  uint64_t held = 0;           // held back for a while
  uint64_t alarms = 0;         // answers that a person must look at; each is a line of log
  uint64_t sick_channels = 0;  // lines about destinations that take nothing
};

// A notification is over when `conclude` has been called for it: delivered with proof, refused, or
// unknown (it may have been posted; nobody will try again). Never delivered on a guess.
//
// INVARIANT: an attempt is kept in the store as begun before the first byte leaves, so after a
// crash it counts as one that may have been posted (courier_note.h).
class Courier {
 public:
  // `store`, `clock` and `transport` outlive the Courier. REQUIRES: spec.print and spec.conclude.
  // A destination whose settings are wrong refuses all that is sent to it; see
  // check_destinations().
  Courier(core::Store& store, core::Clock& clock, Transport& transport, CourierSpec spec);
  ~Courier();
  // One pass over what is due. Returns how many attempts were made. Store trouble: Unavailable, try
  // again later.
  core::Result<size_t> step();
  const CourierCounters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether the person whom `n` is for can be told by a channel behind this one. A system that is to
// carry out an action has no other.
bool has_other_way(const core::Policy& policy, const core::Notification& n);

// The first thing that is wrong with the settings of a destination, for the start-up to stop at.
core::Result<core::Unit> check_destinations(const std::vector<Destination>& destinations);

}  // namespace alerting
