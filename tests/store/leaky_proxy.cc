#include "tests/store/leaky_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace tests {

namespace {

constexpr int kPatienceMs = 50;  // how soon the thread notices that it shall end

sockaddr_in here(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connected(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = here(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return socket;
  ::close(socket);
  return -1;
}

std::string receive(int socket) {  // "" at the end
  std::array<char, 65536> bytes;
  const ssize_t size = ::recv(socket, bytes.data(), bytes.size(), 0);
  return {bytes.data(), size > 0 ? static_cast<size_t>(size) : 0};
}

bool send_all(int socket, const std::string& bytes) {
  return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

}  // namespace

LeakyProxy::LeakyProxy(int server_port) : server_port_(server_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = here(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for the proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LeakyProxy::~LeakyProxy() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void LeakyProxy::lose(int count, const std::string& word) {
  word_ = word;
  to_lose_ = count;
}

void LeakyProxy::serve() {
  while (!ending_) {
    std::vector<pollfd> wanted = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      wanted.push_back({pair.client, POLLIN, 0});
      wanted.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(wanted.data(), wanted.size(), kPatienceMs) <= 0) continue;
    for (size_t i = pairs_.size(); i-- > 0;) {
      bool alive = true;
      if (wanted[1 + 2 * i].revents != 0) alive = from_client(pairs_[i]);
      if (alive && wanted[2 + 2 * i].revents != 0) alive = from_server(pairs_[i]);
      if (alive) continue;
      ::close(pairs_[i].client);
      ::close(pairs_[i].server);
      pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (wanted[0].revents == 0) continue;
    pairs_.push_back({::accept(listener_, nullptr, nullptr), connected(server_port_), false});
  }
  for (const Pair& pair : pairs_) {
    ::close(pair.client);
    ::close(pair.server);
  }
}

bool LeakyProxy::from_client(Pair& pair) {
  const std::string bytes = receive(pair.client);
  if (bytes.empty()) return false;
  if (to_lose_ > 0 && bytes.find(word_) != std::string::npos) pair.doomed = true;
  return send_all(pair.server, bytes);
}

bool LeakyProxy::from_server(Pair& pair) {
  const std::string bytes = receive(pair.server);
  if (bytes.empty()) return false;
  if (!pair.doomed) return send_all(pair.client, bytes);
  --to_lose_;
  return false;
}

}  // namespace tests
