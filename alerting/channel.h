#pragma once
// Seam 4: an IM channel (CHANNELS 7.3). render, prepare and classify are pure: no clock, no
// network; the one transport (alerting/http.h) does the sending. One file a channel in
// alerting/channels/, one row in channels.cc.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/notification.h"
#include "core/policy.h"
#include "core/result.h"
#include "core/time.h"

namespace alerting {

enum class Outcome {
  Delivered,  // the vendor's positive proof
  RetryMessage,
  RetryDestination,  // again later: this message; nothing to this destination before retry_after
  FixContent,        // render one level lower and send again
  DeadMessage,
  DeadDestination,
  Unknown,  // it may have been posted; never counts as delivered
};

// L0 full, L1 fewer and shorter quotes, L2 no quotes, L3 neutral template without free text.
enum class Degrade : uint8_t { Full, Shorter, NoQuotes, Neutral };

// One configured place to send to: "wecom:qa" in settings' `channels:`.
struct Destination {
  std::string id;                    // "wecom:qa"
  std::string kind;                  // "wecom" "webhook" "terminal"
  std::string url;                   // secret: never logged
  std::vector<std::string> secrets;  // webhook: whsec_...; more than one while rotating
  bool allow_private = false;        // on-premise targets: loopback and private addresses
};

struct Rendered {
  std::string body;  // bytes to send
  std::string text;  // what a person reads, for `show` and the terminal
  Degrade level = Degrade::Full;
  std::vector<std::string> warnings;
};

struct HttpRequest {
  std::string url, body;
  std::vector<std::pair<std::string, std::string>> headers;
  core::Millis timeout{10'000};  // of the whole exchange, in real time
};

struct TransportResult {
  enum class How {
    Answered,
    NotSent,
    MaybeSent,  // broke after the request was (perhaps in part) written
    Refused,    // by us: an address or scheme that the destination may not have
  } how = How::NotSent;
  int status = 0;
  std::string content_type, body, retry_after;
  std::string error;  // redacted
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
};

struct Bucket {  // at most `count` sends in any `window`, burst at most `burst`
  uint32_t count = 0, burst = 0;
  core::Millis window{0};
};

struct Caps {
  size_t body_bytes = 0, text_bytes = 0;
  Bucket bucket;
  bool idempotent = false;         // the receiver dedupes by id
  bool local = false;              // printed, not sent: no transport
  core::Millis retry_max{60'000};  // longest pause between two tries
  core::Millis ttl{3600'000};      // after this it is given up
};

class Channel {
 public:
  virtual ~Channel() = default;
  virtual Caps caps() const = 0;
  // Whether `to` can be used, from its settings alone: BadSettings and a line without the secret.
  virtual core::Result<core::Unit> check(const Destination& to) const = 0;
  // `resend`: an earlier try may have been posted; channels that cannot dedupe mark the text
  // (重发).
  virtual Rendered render(const core::Notification& n, int zone_offset_minutes, Degrade level,
                          bool resend) const = 0;
  virtual HttpRequest prepare(const Rendered& r, const Destination& to, const core::Notification& n,
                              core::Time wall) const = 0;
  virtual SendResult classify(const TransportResult& result) const = 0;
};

// nullptr when unknown. kinds: channel_kinds().
std::unique_ptr<Channel> make_channel(std::string_view kind);
std::vector<std::string_view> channel_kinds();

}  // namespace alerting
