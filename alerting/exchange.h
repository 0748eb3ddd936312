#pragma once
// Exchanges: what is sent to a vendor, what came of it, and what a vendor sends to us.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alerting/destination.h"
#include "core/time.h"

namespace alerting {

// A letter instead of an HTTP exchange: url is smtp://host:port or smtps://, body the message.
struct Envelope {
  std::string from;
  std::vector<std::string> to;
  std::string user, password;  // "" user: no AUTH
  bool plain_allowed = false;  // without TLS where the server offers none; else it is required
};

struct HttpRequest {
  std::string url, body;
  std::vector<std::pair<std::string, std::string>> headers;
  core::Millis timeout{10'000};  // of the whole exchange, in real time
  std::string method = "POST";   // POST GET PATCH PUT; a GET has no body
  std::optional<Envelope> envelope;
};

struct TransportResult {
  enum class How {
    Answered,
    NotSent,
    MaybeSent,  // broke after the request was (perhaps in part) written
    Refused,    // by us: an address or scheme that the destination may not have
  } how = How::NotSent;
  int status = 0;  // HTTP status; SMTP: the last reply code
  std::string content_type, body, retry_after;
  std::string rate_reset;  // header x-ogw-ratelimit-reset
  std::string error;       // redacted
  // SMTP: the code that each of the envelope's recipients got, in its order; 0: none.
  std::vector<int> recipients = {};
};

// What a vendor told us by calling back: a button that was pressed, a question whether we are here,
// or something that is not from the vendor.
struct CallbackRequest {
  std::string method, target, body;  // target with its query, as received
  std::vector<std::pair<std::string, std::string>> headers;
};
struct Callback {
  enum class Kind { Refused, Challenge, Press, Ignored } kind = Kind::Refused;
  std::string answer, content_type;     // Challenge: what has to be answered at once
  std::string user;                     // Press: the vendor's id of the person
  std::string value;                    // Press: ActionLink::value
  std::string event;                    // Press: an id by which a repetition is known
  std::optional<MessageHandle> handle;  // Press: with which the message can be changed
  std::string why;                      // Refused: for the log, without secrets
};

}  // namespace alerting
