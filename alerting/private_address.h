#pragma once
// Which addresses a destination on the internet never has.
#include <string_view>

struct sockaddr;

namespace alerting {

// Whether a numeric IPv4 or IPv6 address is one that a destination on the internet never has:
// loopback, private, link-local (cloud metadata), shared, reserved, multicast, and IPv6 forms that
// carry such an IPv4 address. True for what is no address.
bool is_private_address(std::string_view address);
// The same of the address that a connection is about to be made to.
bool is_private_socket(const sockaddr* address);

}  // namespace alerting
