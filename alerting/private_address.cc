#include "alerting/private_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace alerting {

namespace {

struct Block4 {
  uint32_t address;
  int bits;
};
constexpr uint32_t ipv4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
constexpr std::array<Block4, 15> kPrivate4 = {{
    {ipv4(0, 0, 0, 0), 8},
    {ipv4(10, 0, 0, 0), 8},
    {ipv4(100, 64, 0, 0), 10},
    {ipv4(127, 0, 0, 0), 8},
    {ipv4(169, 254, 0, 0), 16},
    {ipv4(172, 16, 0, 0), 12},
    {ipv4(192, 0, 0, 0), 24},
    {ipv4(192, 0, 2, 0), 24},
    {ipv4(192, 88, 99, 0), 24},
    {ipv4(192, 168, 0, 0), 16},
    {ipv4(198, 18, 0, 0), 15},
    {ipv4(198, 51, 100, 0), 24},
    {ipv4(203, 0, 113, 0), 24},
    {ipv4(224, 0, 0, 0), 4},
    {ipv4(240, 0, 0, 0), 4},
}};

bool is_private4(uint32_t address) {
  return std::ranges::any_of(kPrivate4, [address](Block4 block) {
    const uint32_t mask = ~uint32_t{0} << (32 - block.bits);
    return (address & mask) == block.address;
  });
}

// Only 2000::/3 is handed out for the internet. Inside it, and beside it, some forms carry IPv4.
bool is_private6(const std::array<uint8_t, 16>& b) {
  const auto carried = [&b](size_t i) {
    return is_private4(ipv4(b[i], b[i + 1], b[i + 2], b[i + 3]));
  };
  const bool mapped = std::all_of(b.begin(), b.begin() + 10, [](uint8_t x) { return x == 0; }) &&
                      b[10] == 0xff && b[11] == 0xff;
  if (mapped) return carried(12);
  constexpr std::array<uint8_t, 12> kNat64 = {0x00, 0x64, 0xff, 0x9b};
  if (std::equal(kNat64.begin(), kNat64.end(), b.begin())) return carried(12);
  if (b[0] == 0x20 && b[1] == 0x02) return carried(2);                            // 6to4
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0) return true;        // Teredo
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8) return true;  // examples
  return (b[0] & 0xe0) != 0x20;
}

}  // namespace

bool is_private_socket(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    return is_private4(ntohl(in.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return true;
  sockaddr_in6 in{};
  std::memcpy(&in, address, sizeof in);
  std::array<uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
  return is_private6(bytes);
}

bool is_private_address(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_private4(ntohl(v4.s_addr));
  std::array<uint8_t, 16> v6{};
  return inet_pton(AF_INET6, text.c_str(), v6.data()) != 1 || is_private6(v6);
}

}  // namespace alerting
