#include "tests/servers/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>

namespace tests {

namespace {

constexpr int kFirst = 10'000;
constexpr int kCount = 22'000;  // 32,000 is still below Linux's outgoing range (from 32,768)

// Claims `number` among all tests of this machine; -1 when another has it. The name is abstract: it
// vanishes with the process, and like the port it belongs to the network namespace.
int claim(int number) {
  const std::string name = "qingyu-test-port-" + std::to_string(number);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0) return fd;
  close(fd);
  return -1;
}

bool nobody_listens(int number) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(number));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  const bool free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return free;
}

}  // namespace

Port::Port() {
  const int start = getpid() * 7;
  for (int i = 0; i < kCount; ++i) {
    const int number = kFirst + (start + i) % kCount;
    const int fd = claim(number);
    if (fd < 0) continue;
    if (nobody_listens(number)) {
      number_ = number;
      claim_ = fd;
      return;
    }
    close(fd);
  }
  throw std::runtime_error("no free TCP port between 10000 and 32000 on 127.0.0.1");
}

Port::~Port() { close(claim_); }

}  // namespace tests
