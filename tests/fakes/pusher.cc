#include "tests/fakes/pusher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>

namespace fakes {

namespace {

std::string wire(int port, const Push& push) {
  std::string out = push.method + " " + push.target +
                    " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                    "\r\nConnection: close\r\n";
  for (const auto& [name, value] : push.headers)
    out.append(name).append(": ").append(value) += "\r\n";
  if (push.method != "GET") out += "Content-Length: " + std::to_string(push.body.size()) + "\r\n";
  return out + "\r\n" + push.body;
}

bool send_whole(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Head and as many bytes as it tells.
bool whole(const std::string& answer) {
  constexpr std::string_view kLength = "Content-Length: ";
  const size_t end = answer.find("\r\n\r\n"), length = answer.find(kLength);
  if (!answer.starts_with("HTTP/1.1 ") || end == std::string::npos) return false;
  if (length > end) return true;
  return answer.size() >=
         end + 4 + static_cast<size_t>(std::atoll(answer.c_str() + length + kLength.size()));
}

}  // namespace

Heard deliver(int port, const Push& push, core::Millis patience) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit = {static_cast<time_t>(patience.count() / 1000),
                         static_cast<suseconds_t>(patience.count() % 1000 * 1000)};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 &&
      send_whole(connection, wire(port, push))) {
    char part[4096];
    ssize_t n = 0;
    while (!whole(answer) && (n = ::recv(connection, part, sizeof part, 0)) > 0)
      answer.append(part, static_cast<size_t>(n));
  }
  ::close(connection);
  if (!whole(answer)) return {};
  return {std::atoi(answer.c_str() + 9), answer.substr(answer.find("\r\n\r\n") + 4)};
}

Heard Pusher::send(int port, const Push& push) { return call(port, {push, 0, {}}); }

Heard Pusher::call(int port, Waiting waiting) {
  Heard heard = deliver(port, waiting.push, patience_);
  if (std::exchange(lose_next_, false)) heard = {};
  if (heard.status == 200 || waiting.tries >= pauses_.size()) return heard;
  waiting.due = clock_.wall() + pauses_[waiting.tries++];
  waiting_.push_back(std::move(waiting));
  return heard;
}

size_t Pusher::again(int port) {
  std::deque<Waiting> due, later;
  for (Waiting& waiting : waiting_)
    (waiting.due <= clock_.wall() ? due : later).push_back(std::move(waiting));
  waiting_ = std::move(later);
  const size_t calls = due.size();
  for (Waiting& waiting : due) call(port, std::move(waiting));
  return calls;
}

}  // namespace fakes
