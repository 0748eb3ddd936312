#include "tests/fakes/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/check.h"

namespace fakes {

namespace {

constexpr size_t kRequestBytesMax = 4 << 20;

bool send_whole(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string wire(const Reply& reply) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) +
                    " Fake\r\nContent-Type: " + reply.content_type +
                    "\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n";
  for (const auto& [name, value] : reply.headers) out += name + ": " + value + "\r\n";
  return out + "\r\n" + reply.body;
}

size_t content_length(const Request& request) {
  size_t length = 0;
  const std::string text = request.header("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

Request parse_head(std::string_view head) {
  Request request;
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const size_t first = line.find(' '), second = line.rfind(' ');
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, second - first - 1);
  head.remove_prefix(std::min(line.size() + 2, head.size()));
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view header = head.substr(0, end);
    const size_t colon = header.find(':');
    if (colon != std::string_view::npos) {
      std::string name(header.substr(0, colon));
      std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      const size_t value = std::min(header.find_first_not_of(' ', colon + 1), header.size());
      request.headers.emplace_back(std::move(name), header.substr(value));
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return request;
}

// nullopt when the client went away before its request was whole.
std::optional<Request> read_request(int socket) {
  std::string bytes;
  std::optional<Request> request;
  size_t head_end = 0;
  while (bytes.size() < kRequestBytesMax) {
    if (!request && (head_end = bytes.find("\r\n\r\n")) != std::string::npos)
      request = parse_head(std::string_view(bytes).substr(0, head_end));
    if (request && bytes.size() >= head_end + 4 + content_length(*request)) {
      request->body = bytes.substr(head_end + 4);
      return request;
    }
    char buffer[16 * 1024];
    const ssize_t n = ::recv(socket, buffer, sizeof buffer, 0);
    if (n <= 0) return std::nullopt;
    bytes.append(buffer, static_cast<size_t>(n));
  }
  return std::nullopt;
}

bool reaches_handler(Fault fault) {
  return fault == Fault::None || fault == Fault::CloseAfterReading || fault == Fault::Stall ||
         fault == Fault::SlowDrip || fault == Fault::HugeAnswer;
}

Reply made_up(Fault fault) {
  switch (fault) {
    case Fault::BadGateway:
      return {502, "<html><body>502 Bad Gateway</body></html>", "text/html", {}};
    case Fault::EmptyOk:
      return {200, "", "application/json", {}};
    case Fault::NotJson:
      return {200, "everything is fine", "text/plain", {}};
    case Fault::JsonWithoutCode:
      return {200, R"({"status":"fine"})", "application/json", {}};
    case Fault::ServerError:
      return {500, R"({"errcode":-1,"errmsg":"oops"})", "application/json", {}};
    case Fault::Moved:
      return {301, "", "text/html", {{"Location", "https://elsewhere.example/"}}};
    default:
      return {};
  }
}

}  // namespace

std::vector<Fault> all_faults() {
  return {Fault::CloseBeforeReading,
          Fault::CloseAfterReading,
          Fault::Stall,
          Fault::BadGateway,
          Fault::EmptyOk,
          Fault::NotJson,
          Fault::Moved,
          Fault::ServerError,
          Fault::JsonWithoutCode,
          Fault::SlowDrip,
          Fault::HugeAnswer};
}

std::string Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return "";
}

std::string Request::query(std::string_view name) const {
  size_t begin = target.find('?');
  while (begin != std::string::npos) {
    const size_t end = target.find('&', begin + 1);
    const std::string_view pair = std::string_view(target).substr(begin + 1, end - begin - 1);
    if (pair.substr(0, pair.find('=')) == name)
      return std::string(pair.substr(std::min(name.size() + 1, pair.size())));
    begin = end;
  }
  return "";
}

HttpServer::HttpServer(core::Clock& clock, Handler handler)
    : clock_(clock), handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  INVARIANT(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  INVARIANT(::listen(listener_, 64) == 0);
  INVARIANT(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  const uint64_t one = 1;
  INVARIANT(::write(stop_, &one, sizeof one) == sizeof one);
  acceptor_.join();
  reap(/*all=*/true);
  ::close(listener_);
  ::close(stop_);
}

std::string HttpServer::url(std::string_view target) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
}

void HttpServer::fail_next(const std::vector<Fault>& faults) {
  const std::scoped_lock lock(mutex_);
  faults_.insert(faults_.end(), faults.begin(), faults.end());
}

std::vector<Request> HttpServer::journal() const {
  const std::scoped_lock lock(mutex_);
  return journal_;
}

Fault HttpServer::next_fault() {
  const std::scoped_lock lock(mutex_);
  if (faults_.empty()) return Fault::None;
  const Fault fault = faults_.front();
  faults_.pop_front();
  return fault;
}

// Only the acceptor touches open_ until it has ended.
void HttpServer::accept_all() {
  for (;;) {
    pollfd waits[2] = {{listener_, POLLIN, 0}, {stop_, POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0) continue;
    if (waits[1].revents != 0) return;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    reap(/*all=*/false);
    Connection& connection = open_.emplace_back();
    connection.socket = socket;
    const Fault fault = next_fault();
    connection.thread = std::thread([this, &connection, fault] { serve(connection, fault); });
  }
}

void HttpServer::reap(bool all) {
  for (auto it = open_.begin(); it != open_.end();) {
    if (all) ::shutdown(it->socket, SHUT_RDWR);
    if (!all && !it->done) {
      ++it;
      continue;
    }
    it->thread.join();
    ::close(it->socket);
    it = open_.erase(it);
  }
}

void HttpServer::serve(Connection& connection, Fault fault) {
  if (fault == Fault::CloseBeforeReading) {
    const linger reset{1, 0};
    ::setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  } else {
    converse(connection.socket, fault);
  }
  ::shutdown(connection.socket, SHUT_RDWR);
  connection.done = true;
}

// Kept alive like a vendor's: a client that wants to may ask again on the same connection.
void HttpServer::converse(int socket, Fault fault) {
  bool first = true;
  while (std::optional<Request> request = read_request(socket)) {
    request->at = clock_.wall();
    if (!std::exchange(first, false)) fault = next_fault();
    answer(socket, fault, *request);
    if (fault != Fault::None) return;
  }
}

void HttpServer::answer(int socket, Fault fault, const Request& request) {
  Reply reply;
  {
    const std::scoped_lock lock(mutex_);
    journal_.push_back(request);
    reply = reaches_handler(fault) ? handler_(request) : made_up(fault);
  }
  switch (fault) {
    case Fault::CloseAfterReading:
      return;
    case Fault::Stall:
      return wait_for_peer_to_go(socket, "");
    case Fault::SlowDrip:
      if (send_whole(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"))
        wait_for_peer_to_go(socket, "{");
      return;
    case Fault::HugeAnswer:
      reply.body.append(10'000'000, ' ');
      break;
    default:
      break;
  }
  send_whole(socket, wire(reply));
}

void HttpServer::wait_for_peer_to_go(int socket, std::string_view drip) {
  constexpr int kDripMs = 20;
  for (;;) {
    pollfd waits[2] = {{socket, POLLIN | POLLRDHUP, 0}, {stop_, POLLIN, 0}};
    const int ready = ::poll(waits, 2, drip.empty() ? -1 : kDripMs);
    if (waits[1].revents != 0) return;
    char buffer[64];
    if (ready > 0 && ::recv(socket, buffer, sizeof buffer, 0) <= 0) return;
    if (ready == 0 && !send_whole(socket, drip)) return;
  }
}

}  // namespace fakes
