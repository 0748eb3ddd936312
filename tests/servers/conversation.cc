#include "tests/servers/conversation.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

namespace tests {

namespace {

constexpr int kStepSeconds = 10;
constexpr int kPauseMs = 20;
constexpr int kTries = 180'000 / kPauseMs;

}  // namespace

Conversation::Conversation(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{.tv_sec = kStepSeconds, .tv_usec = 0};
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  ok_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
}

Conversation::~Conversation() { close(fd_); }

void Conversation::say(std::string_view bytes) {
  while (ok_ && !bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ok_ = sent > 0;
    if (ok_) bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string Conversation::hear(size_t bytes) {
  std::string heard(bytes, '\0');
  size_t have = 0;
  while (ok_ && have < bytes) {
    const ssize_t got = recv(fd_, heard.data() + have, bytes - have, 0);
    ok_ = got > 0;
    if (ok_) have += static_cast<size_t>(got);
  }
  heard.resize(have);
  return heard;
}

void until(const std::string& what, Child& child, const std::function<bool()>& ready) {
  for (int i = 0; i < kTries; ++i) {
    if (ready()) return;
    if (!child.running())
      throw std::runtime_error(what + " ended with " + std::to_string(child.wait()) + ": " +
                               child.last_lines());
    poll(nullptr, 0, kPauseMs);
  }
  throw std::runtime_error(what + " does not serve after three minutes: " + child.last_lines());
}

}  // namespace tests
