#pragma once
// HTTP by libcurl; letters go by smtp.h. No other file knows it.
//
// What it promises: certificates and host names are verified; redirects, proxies of the environment
// and cookies do not exist; an address is checked when the connection is opened, after DNS, so a
// name cannot turn into a private address later; an answer above the cap or the time ends the
// exchange; no error text holds a URL. Connections are never reused: libcurl repeats a POST by
// itself when a kept connection turns out to be closed, and the robot would say everything twice.
//
// Letters are sent one after the other when the pages are through: libcurl blocks while it waits
// for a mail server's last word, and that must not run into the time limits of the others.
//
// NotSent and MaybeSent are told apart by whether the request could have begun to leave: name,
// connection and TLS failures are NotSent, everything later MaybeSent.
#include <memory>
#include <string>

#include "alerting/courier.h"
#include "core/time.h"

namespace alerting {

struct HttpLimits {
  core::Millis connect{3'000};
  core::Millis total_max{20'000};  // above any request's own timeout
  size_t response_bytes_max = 64 * 1024;
  std::string ca_file = {};  // whom to trust; "": whom the system trusts
};

// One thread at a time. At most kParallelMax exchanges at once; the rest wait for those.
inline constexpr size_t kParallelMax = 16;
std::unique_ptr<Transport> make_http_transport(const HttpLimits& limits);

}  // namespace alerting
