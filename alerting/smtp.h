#pragma once
// A letter by SMTP, with libcurl: smtps://, or smtp:// with STARTTLS, which is required unless the
// envelope allows plain text. Certificates, addresses and time limits as in http.h.
//
// What the server said is taken from its own lines, not from libcurl's verdict: after 354 the bytes
// of the letter may leave, so a break is MaybeSent; a reply behind 354 is Answered, whatever the
// connection does then; before it nothing can have been posted. `status` and `body` are the last
// reply. Refused without `recipients`: the envelope names nobody. No error text holds an address.
#include "alerting/http.h"

namespace alerting {

// REQUIRES: request.envelope. Takes at most the request's timeout, and as long again for a server
// that does not say good-bye.
TransportResult send_letter(const HttpRequest& request, const Destination& to,
                            const HttpLimits& limits);

}  // namespace alerting
