#include "tests/servers/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

std::string converse(uint16_t port, const std::string& bytes) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out;
  if (::connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t n = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += static_cast<size_t>(n);
    }
    char part[4096];
    for (ssize_t n; (n = ::recv(connection, part, sizeof part, 0)) > 0;)
      out.append(part, static_cast<size_t>(n));
  }
  ::close(connection);
  return out;
}

Answer answer_from(const std::string& bytes) {
  const size_t end = bytes.find("\r\n\r\n");
  if (!bytes.starts_with("HTTP/1.1 ") || end == std::string::npos) return {};
  return {std::stoi(bytes.substr(9, 3)), bytes.substr(0, end), bytes.substr(end + 4)};
}

Answer ask(uint16_t port, const std::string& method, const std::string& target,
           const std::string& headers, const std::string& body) {
  const std::string length =
      body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return answer_from(converse(
      port, method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                "\r\nConnection: close\r\n" + headers + length + "\r\n" + body));
}

std::string nonce_of(const std::string& page) {
  const std::string before = "name=\"nonce\" value=\"";
  const size_t at = page.find(before);
  if (at == std::string::npos) return "";
  return page.substr(at + before.size(), page.find('"', at + before.size()) - at - before.size());
}

Answer press(uint16_t port, const std::string& target, const std::string& fields) {
  return ask(port, "POST", target,
             "Origin: http://127.0.0.1:" + std::to_string(port) +
                 "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
             "nonce=" + nonce_of(ask(port, "GET", target).body) + "&" + fields);
}

}  // namespace tests
