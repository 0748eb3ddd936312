#pragma once
// Seam 4: an IM channel (CHANNELS 7.3). render, prepare and classify are pure: no clock, no
// network; the one transport (alerting/http.h) does the sending. One file a channel in
// alerting/channels/, one row in channels.cc.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alerting/destination.h"
#include "alerting/exchange.h"
#include "core/notification.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/time.h"

namespace alerting {

enum class Outcome {
  Delivered,  // the vendor's positive proof
  Accepted,   // taken, and what comes of it is never told (Teams, PagerDuty): counts for reports,
              // and not as proof that a person was reached
  RetryMessage,
  RetryDestination,  // again later: this message; nothing to this destination before retry_after
  FixContent,        // render one level lower and send again
  RefreshSession,    // the access token is no longer good: log in anew and send again, once
  DeadMessage,
  DeadDestination,
  Unknown,  // it may have been posted; never counts as delivered
};

// L0 full, L1 fewer and shorter quotes, L2 no quotes, L3 neutral template without free text.
enum class Degrade : uint8_t { Full, Shorter, NoQuotes, Neutral };

// A link or button of a message: "ack" -> a confirm page, "open" -> the incident's page.
struct ActionLink {
  std::string action, label, url;  // "ack", "确认接手", "https://.../a/<token>"
  std::string value;               // for call-back buttons: what comes back, at most 128 bytes
};

// A closed case like this one, and what resolved it (P1).
struct SimilarCase {
  std::string incident, subject_name, issue_name, option, outcome;
  core::Time closed_at{};
  int64_t alike_permille = 0;
};

// What is looked up when a message is sent, beside the Notification itself.
struct Extras {
  std::vector<ActionLink> links;
  std::vector<SimilarCase> similar;  // at most 3, most alike first
  // A digest stands for these as well (ids of the others); the text counts them by level.
  std::vector<core::Notification> digest;
};

// How one message is to be rendered.
struct Rendering {
  int zone_offset_minutes = 480;
  Degrade level = Degrade::Full;
  // An earlier try may have been posted; channels that cannot dedupe mark the text （重发）.
  bool resend = false;
};

struct Rendered {
  std::string body;  // bytes to send
  std::string text;  // what a person reads, for `show` and the terminal
  Degrade level = Degrade::Full;
  std::vector<std::string> warnings;
};

inline constexpr size_t kAnswerBytesMax = 200;
inline constexpr uint32_t kStrikesMax = 3;

struct SendResult {
  Outcome outcome = Outcome::Unknown;
  core::Millis retry_after{0};
  std::string vendor_answer;  // code and message, one line, at most kAnswerBytesMax
  bool alarm = false;         // our mistake, or an answer nobody has classified: a person must look
  uint32_t retries_max = 0;   // RetryMessage: so often for this answer, then give up; 0: until ttl
  uint32_t strikes = kStrikesMax;  // DeadDestination: how near this brings it to being dead
  std::optional<MessageHandle> handle;
  core::Millis handle_life{0};  // the vendor lets it be used so long from now; 0: handle->until
  std::vector<std::string> unreached;  // vendor ids of persons that the vendor says it left out
  bool sanitise = false;  // FixContent: moderation; quotes must go at once, not only get shorter
  bool prepare_again = false;  // RetryMessage: once, at once, with a fresh timestamp and signature
};

struct Bucket {  // at most `count` sends in any `window`, burst at most `burst`
  uint32_t count = 0, burst = 0;
  core::Millis window{0};
};

struct Caps {
  size_t body_bytes = 0, text_bytes = 0;
  Bucket bucket;
  std::vector<Bucket> further_buckets;  // all must have room
  std::vector<Bucket> person_buckets;   // for each person (WeCom app drops silently beyond)
  bool digests = false;                 // renders Extras::digest, for people
  bool edits = false;                   // prepare_update works
  bool handle_once = false;             // a handle is spent by its first use
  bool sessions = false;                // needs log_in() first
  bool buttons = false;                 // answers come back by callback
  bool proves = true;                   // false: Accepted is all it ever says
  bool idempotent = false;              // the receiver dedupes by id
  bool local = false;                   // printed, not sent: no transport
  core::Millis retry_max{60'000};       // longest pause between two tries
  core::Millis ttl{3600'000};           // after this it is given up
};

class Channel {
 public:
  virtual ~Channel() = default;
  virtual Caps caps(const Destination& to) const = 0;
  // Whether `to` can be used, from its settings alone: BadSettings and a line without the secret.
  virtual core::Result<core::Unit> check(const Destination& to) const = 0;
  virtual Rendered render(const core::Notification& n, const Extras& extras, const Destination& to,
                          const Rendering& how) const = 0;
  // Fresh timestamp and signature: called for each attempt. `session` is empty for channels that
  // need none.
  virtual HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                              core::Time wall, const Session& session) const = 0;
  virtual SendResult classify(const TransportResult& result) const = 0;

  // --- channels with caps().sessions ---
  virtual HttpRequest log_in(const Destination& to) const;
  // The session, or why there is none: RetryDestination, DeadDestination or Unknown in `why`.
  virtual std::optional<Session> logged_in(const TransportResult& result, core::Time wall,
                                           SendResult& why) const;
  // --- channels with caps().edits; nullopt: the handle cannot be used any more ---
  virtual std::optional<HttpRequest> prepare_update(const MessageHandle& handle, const Rendered& r,
                                                    const Destination& to,
                                                    const core::Notification& n, core::Time wall,
                                                    const Session& session) const;
  // --- channels with caps().buttons ---
  virtual Callback parse_callback(const CallbackRequest& request, const Destination& to,
                                  core::Time wall) const;
  // What is answered to a press within the vendor's seconds: a toast.
  virtual std::pair<std::string, std::string> callback_answer(const std::string& toast) const;
};

// nullptr when unknown. kinds: channel_kinds().
std::unique_ptr<Channel> make_channel(std::string_view kind);
std::vector<std::string_view> channel_kinds();

}  // namespace alerting
